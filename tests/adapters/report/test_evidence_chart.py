"""The picture of the evidence, as SVG for the report."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from support.drawn import ids, parsed, texts
from support.evidenced_night import add_evidence
from support.reported_night import START, small_night

from voc.adapters.published import case_views, evidence_views
from voc.adapters.report import case_chart, evidence_chart
from voc.domain.evidence.evidence import Series
from voc.domain.kinds import Kind


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    night = small_night(tmp_path_factory.mktemp("evidence") / "night.duckdb")
    night.do("update marts.fct_contradictions set kpi_before = 0.97, kpi_after = 0.971 where contradiction_id = 'a'")
    night.add_case("a")
    add_evidence(night)
    return night


@pytest.fixture(scope="module")
def evidence(night):
    return evidence_views.of_cases(night.path, ["a"])["a"]


def test_the_drawing_says_what_is_said_what_was_expected_and_which_metric(evidence):
    said = texts(evidence_chart.svg(evidence))
    assert {"start", "What is said, everybody's mood taken out", "Visits on time, target 95\u00a0%"} <= set(said)
    assert "Grey: what the metrics lead to expect" in said


def test_the_alternative_text_tells_how_often_the_words_lay_beside_what_was_expected(evidence):
    root = parsed(evidence_chart.svg(evidence))
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert [named[i] for i in root.get("aria-labelledby").split()] == [
        "What was said, what was to be expected, and the metric",
        "60 weeks to the week of 23 February, begun in the week of 22 December 2025. "
        "In 8 of the 8 weeks with messages since, "
        "what is said lay below what was to be expected, in 8 below its band. "
        "Visits on time went from 97\u00a0% to 97\u00a0%.",
    ]


def test_a_silent_risk_is_told_by_the_weeks_above_what_was_expected(evidence):
    drawn = evidence_chart.svg(replace(evidence, kind=Kind.SILENT_RISK))
    assert "In 0 of the 8 weeks with messages since, what is said lay above" in drawn


def test_it_fits_into_one_page_with_the_drawing_of_its_case(night, evidence):
    (view,) = case_views.read(night.path)
    both = case_chart.svg(view), evidence_chart.svg(evidence)
    assert not set(ids(both[0])) & set(ids(both[1]))
    for drawn in both:
        assert len(ids(drawn)) == len(set(ids(drawn)))
        assert set(re.findall(r'(?:url\(|href=")#([\w-]+)', drawn)) <= set(ids(drawn))
        assert "font-family" not in drawn.split(">", 1)[1]  # text is in the page's own font
    assert evidence_chart.svg(evidence) == both[1]


def without_ends(series):
    return replace(series, low=(None,) * len(series.weeks), high=(None,) * len(series.weeks))


ODD = {
    "nothing drawn": lambda e: replace(e, said=Series(), expected=Series(), metric=Series()),
    "no metric meant": lambda e: replace(e, kpi=None, metric=Series()),
    "metric never measured": lambda e: replace(e, metric=Series()),
    "nothing said": lambda e: replace(e, said=Series()),
    "nothing expected": lambda e: replace(e, expected=Series()),
    "no intervals": lambda e: replace(e, said=without_ends(e.said), expected=without_ends(e.expected)),
    "one week": lambda e: replace(
        e,
        said=Series((START,), (0.1,), (-3.0,), (3.0,)),
        expected=Series(),
        metric=Series((START,), (1.0,), (None,), (None,)),
    ),
    "starts before": lambda e: replace(e, started_week=START - timedelta(weeks=500)),
    "a metric with an interval": lambda e: replace(
        e, metric=replace(e.metric, low=tuple(v - 1 for v in e.metric.value), high=tuple(v + 1 for v in e.metric.value))
    ),
    "dollars in a name": lambda e: replace(e, kpi=replace(e.kpi, label="Cost $x_{$ of $\\frac$")),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_any_evidence_can_be_drawn(evidence, name):
    drawn = evidence_chart.svg(ODD[name](evidence))
    assert texts(drawn)
    assert "nan" not in " ".join(filter(None, texts(drawn)))
    assert not re.search(r"[ML] (nan|inf)", drawn)


def test_an_evidence_without_weeks_says_so(evidence):
    empty = ODD["nothing drawn"](evidence)
    assert texts(evidence_chart.svg(empty)) == ["No complete week to draw yet"]
