"""The evidence behind surfaced customers: complete, consistent with the entry, and of that customer alone."""

from dataclasses import fields

import numpy as np
import pytest
from support.hand_made_cases import WEEKS, judged

from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.detection.rivals import RIVALS

PARTS = {"sentiment", "expected", "kpi", "item", "leave_one_out", "story", "rival"}
SHOWN = 78


@pytest.fixture(scope="module")
def found():
    return judged().findings


@pytest.fixture(scope="module")
def told(found):
    """Positions of the surfaced customers' entries."""
    entries = np.flatnonzero(found.is_surfaced & (found.level == "customer"))
    assert entries.size >= 3
    return entries


def pieces(found, entry, part):
    """The rows of one part as dictionaries."""
    names = [f.name for f in fields(found.evidence)]
    rows = (dict(zip(names, row, strict=True)) for row in zip(*vars(found.evidence).values(), strict=True))
    return [row for row in rows if row["entry"] == entry and row["part"] == part]


def test_every_surfaced_customer_has_all_parts_and_nobody_else_has_any(found, told):
    for i in told:
        parts = {part for entry, part in zip(found.evidence.entry, found.evidence.part, strict=True) if entry == i}
        assert parts >= PARTS - {"kpi"}
        assert ("kpi" in parts) == (found.kpi[i] >= 0)
    of_customers = {i for i in found.evidence.entry if found.level[i] == "customer"}
    assert of_customers == set(np.flatnonzero((found.is_surfaced | (found.explained_by != "")) & (found.customer >= 0)))


def test_positions_are_unique_within_an_entry_and_part(found):
    keys = list(zip(found.evidence.entry, found.evidence.part, found.evidence.position, strict=True))
    assert len(set(keys)) == len(keys)
    assert min(found.evidence.position) >= 0


def test_all_columns_are_of_one_length_and_numbers_are_finite(found):
    assert len({len(column) for column in vars(found.evidence).values()}) == 1
    for name in ("value", "low", "high"):
        assert np.isfinite([x for x in getattr(found.evidence, name) if x is not None]).all()


def test_posterior_weights_sum_to_one_and_are_those_of_the_entry(found, told):
    for i in told:
        hypotheses = pieces(found, i, "story")
        weights = {row["name"]: row["value"] for row in hypotheses}
        assert sum(weights.values()) == pytest.approx(1, abs=1e-6)
        assert weights == {hypothesis.name: found.posterior[i, s] for s, hypothesis in enumerate(HYPOTHESES)}
        assert [row["value"] for row in hypotheses] == sorted(weights.values(), reverse=True)


def test_items_are_the_customers_own_and_those_that_move_the_score_most(found, told):
    panel = judged().panel
    for i in told:
        own = slice(*panel.offsets[found.customer[i] : found.customer[i] + 2])
        items = pieces(found, i, "item")
        assert {row["name"] for row in items} <= set(panel.item_id[own].tolist())
        assert len({row["name"] for row in items}) == len(items) == 8
        moved = [abs(row["value"]) for row in items]
        assert moved == sorted(moved, reverse=True)


def test_the_score_lies_between_the_least_and_largest_without_any_one_item(found, told):
    for i in told:
        (row,) = pieces(found, i, "leave_one_out")
        assert row["value"] == found.score[i]
        assert 0 < row["low"] <= row["value"] <= row["high"]
        moved = [item["value"] for item in pieces(found, i, "item")]
        assert row["low"] <= row["value"] - max(moved) + 1e-9
        assert row["high"] >= row["value"] - min(moved) - 1e-9


def test_series_are_of_the_weeks_shown_and_within_their_intervals(found, told):
    weeks = judged().panel.weeks[WEEKS - SHOWN :]
    for i in told:
        for part in ("sentiment", "expected", "kpi"):
            rows = pieces(found, i, part)
            assert [row["week"] for row in rows] == [weeks[row["position"]] for row in rows]
        for row in pieces(found, i, "sentiment") + pieces(found, i, "expected"):
            assert -1 <= row["low"] <= row["value"] <= row["high"] <= 1
        assert len(pieces(found, i, "expected")) == SHOWN


def test_a_week_of_silence_has_no_sentiment(found, told):
    panel = judged().panel
    for i in told:
        said = panel.item_week[panel.item_customer == found.customer[i]]
        shown = {int(week) - (WEEKS - SHOWN) for week in said if week >= WEEKS - SHOWN}
        assert {row["position"] for row in pieces(found, i, "sentiment")} == shown


def test_the_metric_is_shown_as_measured(found, told):
    panel = judged().panel
    for i in told[found.kpi[told] >= 0]:
        measured = panel.kpi_values[found.customer[i], found.kpi[i], WEEKS - SHOWN :]
        rows = pieces(found, i, "kpi")
        assert {row["name"] for row in rows} == {panel.kpis[found.kpi[i]].name}
        assert np.array_equal([row["position"] for row in rows], np.flatnonzero(np.isfinite(measured)))
        assert np.allclose([row["value"] for row in rows], measured[np.isfinite(measured)])


def test_what_was_expected_is_what_was_said_before_and_not_the_fall(found):
    i = judged().entry("watermelon")
    start = SHOWN - found.onset[i]
    said, expected = (
        {row["position"]: row["value"] for row in pieces(found, i, part)} for part in ("sentiment", "expected")
    )
    apart = {week: said[week] - expected[week] for week in said}
    assert abs(np.mean([apart[week] for week in apart if week < start])) < 0.1
    assert np.mean([apart[week] for week in apart if week >= start]) < -0.4
    width = [row["high"] - row["low"] for row in pieces(found, i, "expected")]
    assert width[-1] > np.median(width[:start])


def test_every_rival_is_told_with_a_verdict_and_a_sentence(found, told):
    for i in told:
        rivals = pieces(found, i, "rival")
        assert [row["name"] for row in rivals][: len(RIVALS)] == [rival.__name__ for rival in RIVALS]
        assert all(row["verdict"] and row["sentence"].endswith(".") for row in rivals)
