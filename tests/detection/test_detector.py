"""The detector on two made-up companies; seeds here were not used while it was built."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from worlds import KPIS, WORLDS, cut

from voc.detection.detector import MIN_CUSTOMERS, ContradictionDetector
from voc.detection.findings import Findings
from voc.detection.panel import Panel
from voc.detection.reason import reasons


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    return WORLDS[request.param](7001)


@pytest.fixture(scope="module")
def fitted(world):
    return ContradictionDetector().fit(cut(world.panel, len(world.panel.weeks) - 2))


@pytest.fixture(scope="module")
def findings(world, fitted):
    return fitted.find(world.panel)


def same(a: Findings, b: Findings) -> bool:
    def equal(x, y):
        if isinstance(x, np.ndarray) and x.dtype.kind == "f":
            return np.allclose(x, y, equal_nan=True)
        return np.array_equal(x, y) if isinstance(x, np.ndarray) else x == y

    return all(equal(getattr(a, name), getattr(b, name)) for name in Findings.__dataclass_fields__)


def without_items(panel: Panel) -> Panel:
    none = {name: getattr(panel, name)[:0] for name in ("item_id", "item_week", "sentiment", "sentiment_se")}
    codes = {name: getattr(panel, name)[:0] for name in ("channel", "touchpoint", "respondent")}
    return replace(panel, offsets=np.zeros_like(panel.offsets), **none, **codes)


def test_parameters_survive_cloning():
    detector = ContradictionDetector(false_discovery_rate=0.2, min_feedback_items=6, min_metric_weeks=20)
    assert clone(detector).get_params() == detector.get_params()


def test_an_unfitted_detector_says_so(world):
    with pytest.raises(NotFittedError):
        ContradictionDetector().find(world.panel)


@pytest.mark.parametrize("name", WORLDS)
def test_most_of_what_surfaces_was_planted(name):
    """Three companies together: one alone surfaces too few to say."""
    surfaced, planted = 0, 0
    for seed in (7010, 7011, 7012):
        company = WORLDS[name](seed)
        prediction = ContradictionDetector().fit(cut(company.panel, 102)).predict(company.panel)
        found = np.flatnonzero(prediction == -1)
        surfaced, planted = surfaced + len(found), planted + np.isin(found, list(company.planted)).sum()
    assert planted >= 5
    assert planted >= 0.7 * surfaced


def test_planted_ones_rank_before_the_others(world, fitted):
    agreement = fitted.score_samples(world.panel)
    planted = [c for c in world.planted if world.answerable(c)]
    others = np.setdiff1d(np.arange(len(agreement)), list(world.planted))
    assert np.median(agreement[planted]) < np.quantile(agreement[others], 0.1)


@pytest.mark.parametrize("name", WORLDS)
def test_almost_nothing_surfaces_where_nothing_is_planted(name):
    calm = WORLDS[name](7002, share=0.0, share_decoys=0.0)
    findings = ContradictionDetector().fit(cut(calm.panel, 102)).find(calm.panel)
    assert findings.judged.sum() > 200
    assert findings.is_surfaced.sum() <= 2
    # ranks are honest: about one in twenty below .05
    assert 0.01 < (findings.p_value < 0.05).mean() < 0.08


def test_minus_one_is_a_surfaced_contradiction(world, fitted, findings):
    prediction = fitted.predict(world.panel)
    assert set(np.unique(prediction)) == {-1, 1}
    assert set(np.flatnonzero(prediction == -1)) == set(findings.customer[findings.is_surfaced])


def test_every_judged_customer_is_tested_for_both_kinds_and_nobody_else(findings):
    assert np.array_equal(np.unique(findings.customer), np.flatnonzero(findings.judged))
    assert len(findings) == 2 * findings.judged.sum()
    assert set(findings.why[findings.judged]) == {"judged"}
    assert "too_little_feedback" in set(findings.why[~findings.judged])


def test_every_tested_entry_has_enough_items_and_starts_on_a_monday(world, findings):
    assert min(findings.n_items.min(), findings.n_items_before.min()) >= 4
    assert np.isin(findings.started_week, world.panel.weeks).all()
    assert (findings.sentiment_change_low < findings.sentiment_change_high).all()


def test_a_higher_score_is_a_smaller_p_value(findings):
    order = np.argsort(findings.score)
    assert (np.diff(findings.p_value[order]) <= 1e-12).all()


def test_a_unit_change_is_reported_and_is_no_evidence(world, findings):
    changed = [c for c, decoy in world.decoys.items() if decoy == "unit_change"]
    assert changed
    assert findings.unit_changed[changed, 1].mean() > 0.7
    assert findings.unit_changed.mean() < 0.02
    assert not any(findings.is_surfaced & np.isin(findings.customer, changed) & (findings.kpi == 1))


def test_what_comes_after_a_day_changes_nothing_found_for_it(world, fitted):
    rng = np.random.default_rng(1)
    later = world.panel.item_week >= 95
    rewritten = replace(
        world.panel,
        kpi_values=np.where(np.arange(104) >= 95, rng.random(), world.panel.kpi_values),
        sentiment=np.where(later, -1.0, world.panel.sentiment),
    )
    assert same(fitted.find(cut(world.panel, 95)), fitted.find(cut(rewritten, 95)))


def test_finding_twice_or_something_else_in_between_changes_nothing(world, fitted, findings):
    fitted.find(cut(world.panel, 90))
    assert same(fitted.find(world.panel), findings)


def test_what_was_learned_survives_json(world, fitted, findings):
    state = json.loads(json.dumps(fitted.get_state(), allow_nan=False))
    assert same(ContradictionDetector.from_state(state).find(world.panel), findings)


def test_one_angry_item_alone_surfaces_nobody(world, fitted, findings):
    """The newest item of forty ordinary judged customers turned as bad as can be."""
    surfaced = set(findings.customer[findings.is_surfaced].tolist())
    ordinary = [c for c in np.flatnonzero(findings.judged) if c not in {*world.planted, *world.decoys, *surfaced}][:40]
    sentiment = world.panel.sentiment.copy()
    sentiment[world.panel.offsets[1:][ordinary] - 1] = -1.0
    angry = fitted.find(replace(world.panel, sentiment=sentiment))
    assert not set(angry.customer[angry.is_surfaced].tolist()) & set(ordinary)


def test_too_few_customers_give_no_p_value_and_say_how_many_are_needed():
    small = WORLDS["linear"](7003, n=26).panel
    findings = ContradictionDetector().fit(small).find(small)
    assert findings.verdict == f"26 customers are too few to calibrate ({MIN_CUSTOMERS} are needed)"
    assert not findings.is_calibrated
    assert len(findings)
    assert np.isnan(findings.p_value).all()
    assert not findings.is_surfaced.any()
    assert np.isnan(findings.score).all()


@pytest.mark.parametrize("weeks", [0, 1, 10, 17])
def test_a_young_company_is_an_answer_not_a_crash(weeks):
    panel = cut(WORLDS["linear"](7004, n=150).panel, weeks)
    findings = ContradictionDetector().fit(panel).find(panel)
    assert not findings.judged.any()
    assert not findings.is_calibrated
    assert len(findings.why) == 150


def test_without_feedback_metrics_or_customers_nothing_is_judged():
    panel = WORLDS["linear"](7005, n=150).panel
    nothing = {"customers": panel.customers[:0], "first_week": panel.first_week[:0], "last_week": panel.last_week[:0]}
    silent = without_items(panel)
    empty = replace(silent, **nothing, kpi_values=panel.kpi_values[:0], offsets=panel.offsets[:1])
    unmeasured = replace(panel, kpis=(), kpi_values=panel.kpi_values[:, :0])
    for odd in (silent, empty, unmeasured):
        findings = ContradictionDetector().fit(odd).find(odd)
        assert not findings.judged.any()
        assert not len(findings)


def test_a_metric_that_never_moves_or_is_never_measured_is_ordinary(world):
    values = world.panel.kpi_values.copy()
    values[:, 0] = 1.0
    values[:, 3] = np.nan
    panel = replace(world.panel, kpi_values=values)
    findings = ContradictionDetector().fit(cut(panel, 102)).find(panel)
    assert findings.judged.sum() > 100
    assert not np.isin(findings.kpi[findings.is_surfaced], [0, 3]).any()


def test_another_number_of_metrics_than_fitted_is_refused(world, fitted):
    panel = replace(world.panel, kpis=KPIS[:2], kpi_values=world.panel.kpi_values[:, :2])
    with pytest.raises(ValueError, match="fitted on 4 metrics"):
        fitted.find(panel)


def test_every_entry_has_a_sentence(world, findings):
    sentences = reasons(findings, world.panel)
    assert len(sentences) == len(findings)
    assert all(s.endswith(".") and "nan" not in s for s in sentences)


@pytest.mark.slow
def test_five_thousand_customers_take_under_twenty_seconds_of_one_core():
    panel = WORLDS["linear"](7006, n=5000).panel
    began = time.process_time()
    ContradictionDetector().fit(cut(panel, 102)).find(panel)
    assert time.process_time() - began < 20
