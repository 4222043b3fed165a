"""Companies too small, too young, silent or unmeasured: an answer that says so, never a crash and never a case."""

from dataclasses import replace

import numpy as np
import pytest
from support.asking import learned, of_customers, surfaced, without_items
from support.small_worlds import WORLDS, cut

from voc.detection.detector import MIN_CUSTOMERS, ContradictionDetector
from voc.domain.kinds import Kind


@pytest.fixture(scope="module")
def young():
    return WORLDS["linear"](7004, n=150).panel


def test_of_too_few_customers_none_surfaces_and_the_verdict_says_how_many_are_needed():
    small = WORLDS["linear"](7003, n=26, share=0.3, size=4.0).panel
    findings = ContradictionDetector().fit(small).find(small)
    assert findings.verdict == f"26 customers are too few to calibrate ({MIN_CUSTOMERS} are needed)"
    assert not findings.is_calibrated
    assert findings.judged.any()
    of = of_customers(findings)
    assert np.isnan(findings.p_value[of]).all()
    assert np.isnan(findings.q_value[of]).all()
    assert not findings.is_surfaced[of].any()
    assert not set(findings.evidence.entry) & set(np.flatnonzero(of))


@pytest.mark.parametrize("weeks", [0, 1, 5, 15, 16, 20, 40])
def test_a_young_company_is_an_answer_not_a_crash(young, weeks):
    panel = cut(young, weeks)
    findings = ContradictionDetector().fit(panel).find(panel)
    assert len(findings.why) == len(findings.agreement) == 150
    assert not findings.is_calibrated
    assert not surfaced(findings)
    if weeks < 16:
        assert not findings.judged.any()


def test_a_young_company_is_told_when_a_promise_can_be_made():
    panel = WORLDS["linear"](7005, n=300).panel
    then = ContradictionDetector().fit(cut(panel, 40))
    assert not then.is_calibrated_
    assert f"from about {then.calibrated_from_} on" in then.verdict_
    found = then.find(cut(panel, 40))
    assert set(found.why[found.judged]) == {"not_calibrated_yet"}
    weeks = int((np.datetime64(then.calibrated_from_) - panel.weeks[0]) / np.timedelta64(7, "D"))
    assert 44 <= weeks < 90
    assert not ContradictionDetector().fit(cut(panel, weeks - 12)).is_calibrated_
    assert ContradictionDetector().fit(cut(panel, weeks + 8)).is_calibrated_


def test_a_company_learned_young_may_be_asked_when_older_and_the_other_way_round(young):
    assert not ContradictionDetector().fit(cut(young, 10)).find(young).judged.any()
    assert not ContradictionDetector().fit(young).find(cut(young, 10)).judged.any()


def test_without_feedback_metrics_or_customers_nothing_is_judged(young):
    nothing = {"customers": young.customers[:0], "first_week": young.first_week[:0], "last_week": young.last_week[:0]}
    silent = without_items(young)
    empty = replace(silent, **nothing, kpi_values=young.kpi_values[:0], offsets=young.offsets[:1])
    unmeasured = replace(young, kpis=(), kpi_values=young.kpi_values[:, :0])
    for odd in (silent, empty, unmeasured):
        findings = ContradictionDetector().fit(odd).find(odd)
        assert not findings.judged.any()
        assert not of_customers(findings).any()
        assert len(findings.why) == len(odd.customers)


def test_a_company_that_falls_silent_or_is_no_longer_measured_is_an_answer(young):
    fitted = ContradictionDetector().fit(young)
    unmeasured = replace(young, kpi_values=np.full_like(young.kpi_values, np.nan))
    for odd, why in ((without_items(young), "too_little_feedback"), (unmeasured, "no_metric_history")):
        findings = fitted.find(odd)
        assert not findings.judged.any()
        assert set(findings.why) == {why}


def test_a_metric_that_never_moves_or_is_never_measured_is_ordinary(young):
    values = young.kpi_values.copy()
    values[:, 0] = 1.0
    values[:, 3] = np.nan
    panel = replace(young, kpi_values=values)
    findings = learned(panel).find(panel)
    assert findings.judged.sum() > 80
    assert np.isfinite(findings.agreement).all()
    assert not (findings.kpi == 3).any()
    blamed = np.isin(findings.kind[findings.kpi == 0], [Kind.SILENT_RISK, Kind.GAMED_METRIC])
    assert not (blamed & findings.is_surfaced[findings.kpi == 0]).any()
