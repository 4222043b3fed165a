"""One customer at a time to whom a known thing happened, in an ordinary company: the likeliest story says it."""

from dataclasses import replace

import numpy as np
import pytest
from support.hand_made_cases import CASES, DEFECTS, ON_TIME, QUALITY, REPLY, WEEKS, judged

from voc.detection.hypotheses.contrasts import prepare
from voc.detection.hypotheses.hypotheses import HYPOTHESES, IS_CONTRADICTION
from voc.detection.hypotheses.posterior import likelihoods_of
from voc.domain.kinds import Kind

KIND_OF = {name: Kind(name) for name in CASES if name in set(Kind)}


@pytest.fixture(scope="module")
def company():
    return judged()


def hypothesis_of(company, name):
    """Its likeliest story."""
    return HYPOTHESES[company.findings.posterior[company.entry(name)].argmax()]


def contradiction_of(company, name):
    return company.findings.posterior[company.entry(name)][IS_CONTRADICTION].sum()


@pytest.mark.parametrize("name", KIND_OF)
def test_every_kind_is_known_by_what_it_does(company, name):
    assert set(KIND_OF) == {str(kind) for kind in Kind}
    i = company.entry(name)
    assert company.findings.kind[i] is KIND_OF[name] is hypothesis_of(company, name).kind
    assert company.findings.score[i] > 0
    assert company.findings.is_surfaced[i]


@pytest.mark.parametrize("name", [*KIND_OF, "both fell", "both rose"])
def test_it_is_dated_within_three_weeks(company, name):
    assert abs(company.findings.onset[company.entry(name)] - CASES[name].ago) <= 3


@pytest.mark.parametrize(
    ("name", "kpis"),
    [("silent_risk", {QUALITY}), ("gamed_metric", {QUALITY}), ("watermelon", {ON_TIME, REPLY, DEFECTS, QUALITY})],
)
def test_the_metric_is_named(company, name, kpis):
    i, found = company.entry(name), company.findings
    assert found.kpi[i] in kpis
    own = company.panel.kpi_values[company.row[name], found.kpi[i]]
    start = WEEKS - found.onset[i]
    assert found.kpi_before[i] == pytest.approx(np.nanmean(own[WEEKS - 78 : start]))
    assert found.kpi_after[i] == pytest.approx(np.nanmean(own[start:]))
    moved = (found.kpi_after[i] - found.kpi_before[i]) / found.kpi_se[i]
    assert {"silent_risk": moved < -5, "gamed_metric": moved > 5, "watermelon": abs(moved) < 3}[name]


def test_the_touchpoint_is_named_of_a_split_and_of_nothing_else(company):
    found = company.findings
    ours = (found.level == "customer") & (found.kind == Kind.SPLIT_BY_TOUCHPOINT)
    assert found.touchpoint[company.entry("split_by_touchpoint")] == 1
    assert (found.touchpoint[(found.level == "customer") & ~ours] == -1).all()


@pytest.mark.parametrize("name", ["watermelon", "gamed_metric", "both fell", "both rose"])
def test_the_change_of_sentiment_has_the_sign_and_about_the_size_of_what_was_done(company, name):
    found, i = company.findings, company.entry(name)
    assert abs(found.sentiment_change[i] - CASES[name].said) < 2.5 * found.sentiment_se[i]
    assert np.sign(found.sentiment_change[i]) == np.sign(CASES[name].said)
    assert found.sentiment_after[i] - found.sentiment_before[i] == pytest.approx(found.sentiment_change[i], abs=0.2)


@pytest.mark.parametrize(("name", "hypothesis"), [("both fell", "both fell"), ("both rose", "both rose")])
def test_what_feedback_and_metrics_agree_on_is_no_contradiction(company, name, hypothesis):
    assert hypothesis_of(company, name).name == hypothesis
    assert contradiction_of(company, name) < 0.01
    assert not company.findings.is_surfaced[company.entry(name)]


def test_where_nothing_happened_that_is_the_likeliest_story(company):
    assert hypothesis_of(company, "nothing").name == "nothing happened"
    assert contradiction_of(company, "nothing") < 0.1


def test_a_metric_that_moved_as_the_feedback_says_is_told_and_makes_it_less_of_a_contradiction(company):
    found, i = company.findings, company.entry("one metric fell too")
    assert found.kind[i] is Kind.WATERMELON
    assert DEFECTS in found.agreeing_kpis[i]
    assert found.kpi[i] != DEFECTS
    assert contradiction_of(company, "one metric fell too") < contradiction_of(company, "watermelon")


def test_weeks_without_a_reading_are_no_evidence(company):
    """Neither that a metric is fine nor that it fell."""
    assert company.findings.kpi[company.entry("unmeasured")] in {ON_TIME, DEFECTS}
    row = company.row["silent_risk"]
    values = company.panel.kpi_values.copy()
    values[row, :, WEEKS - CASES["silent_risk"].ago :] = np.nan
    again = company.detector.find(replace(company.panel, kpi_values=values))
    assert -again.agreement[row] < company.findings.score[company.entry("silent_risk")] - 1
    assert again.kpi[(again.customer == row) & (again.level == "customer")].tolist() in ([], [-1])


def test_who_is_heard_at_one_touchpoint_only_is_not_split(company):
    """The same messages, all about one touchpoint."""
    row, panel = company.row["split_by_touchpoint"], company.panel
    one = replace(panel, touchpoint=np.where(panel.item_customer == row, 1, panel.touchpoint))
    learned = company.detector.company_
    prepared = prepare(one, learned, 12)
    likelihoods = likelihoods_of(prepared.contrasts, prepared.observations, WEEKS, learned, 4)
    split = [hypothesis.kind is Kind.SPLIT_BY_TOUCHPOINT for hypothesis in HYPOTHESES].index(True)
    assert likelihoods.log_ratios[row, split] < -10
    assert likelihoods.split[row] == -1


def test_what_is_said_and_measured_after_the_end_is_not_weighed(company):
    """As of a past week, with what came later and with it rewritten: to the last digit."""
    learned, end, panel = company.detector.company_, 80, company.panel
    prepared = prepare(panel, learned, 12)
    later = prepared.observations.week >= end
    rewritten = replace(
        prepared.observations, y=np.where(later, -9.0, prepared.observations.y), touchpoint=np.where(later, 0, -1)
    )
    original = replace(prepared.observations, touchpoint=np.where(later, prepared.observations.touchpoint, -1))
    log_ratios = [
        likelihoods_of(prepared.contrasts, said, end, learned, 4).log_ratios for said in (original, rewritten)
    ]
    assert np.array_equal(*log_ratios)
