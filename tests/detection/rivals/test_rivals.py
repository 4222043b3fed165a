"""Rivals about the metric: each explains what it should and is ruled out where it should be."""

import numpy as np
import pytest
from support.quiet_company import AUDIT, ON_TIME, REPLY, START, WEEKS, QuietCompany

from voc.detection.rivals import learn_baseline
from voc.detection.rivals.corrections import Change, plausibility_of
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.kinds import Kind

RISK = Kind.SILENT_RISK


@pytest.fixture
def company():
    return QuietCompany()


def feed(company, **claim):
    return company.explanations(**claim)["feed_stale_or_shrunken"]


def jump(company, **claim):
    return company.explanations(**claim)["unit_or_definition_change"]


def lag(company, **claim):
    return company.explanations(**claim)["known_lag"]


def test_a_feed_that_stopped_explains_a_metric_that_seems_fine(company):
    company.values[0, REPLY, START + 3 :] = np.nan
    rival = feed(company)
    assert rival.plausibility is Plausibility.EXPLAINS
    assert rival.statistic == pytest.approx(3 / 20, abs=0.02)
    assert rival.sentence.startswith("Time to first reply has 3 readings since the start and about 20 were due")


def test_a_feed_with_ordinary_gaps_is_ruled_out(company):
    company.values[0, REPLY, [60, START + 3, START + 9]] = np.nan
    assert feed(company).plausibility is Plausibility.RULED_OUT


def test_a_monthly_metric_is_not_stale_for_being_monthly(company):
    assert feed(company, kpi=AUDIT).plausibility is Plausibility.RULED_OUT


def test_a_feed_that_thinned_out_to_half_may_explain(company):
    company.values[0, REPLY, START + 1 :: 5] = np.nan
    company.values[0, REPLY, START + 2 :: 5] = np.nan
    assert feed(company).plausibility is Plausibility.MAY_EXPLAIN


def test_a_feed_that_covers_a_third_of_a_group_explains(company):
    members = np.arange(30)
    company.values[10:30, REPLY, START:] = np.nan
    assert feed(company, members=members).plausibility is Plausibility.EXPLAINS
    assert feed(company, members=members, kpi=ON_TIME).plausibility is Plausibility.RULED_OUT


def test_hours_that_became_minutes_explain_a_metric_that_seems_to_worsen(company):
    company.values[0, REPLY, START:] *= 60
    rival = jump(company, kind=RISK)
    assert rival.plausibility is Plausibility.EXPLAINS
    assert abs(rival.statistic) < 1
    assert rival.sentence.startswith("Time to first reply became 60-fold larger in the week of 11 August. ")


def test_a_metric_that_really_worsened_took_no_jump(company):
    company.values[0, REPLY, START:] *= 2
    rival = jump(company, kind=RISK)
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.statistic < -2


def test_a_metric_that_worsened_in_minutes_too_is_not_explained_by_them(company):
    company.values[0, REPLY, START:] *= 60 * 2
    rival = jump(company, kind=RISK)
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.statistic < -2


def plus(company, start=START, factor=1.5):
    """The plan whose time to reply is counted anew."""
    members = np.flatnonzero(company.plan == 2)
    company.values[members, REPLY, start:] *= np.broadcast_to(factor, members.shape)[:, None]
    return members


def test_a_new_definition_for_a_plan_explains_the_move_of_one_of_its_customers(company):
    members = plus(company)
    rival = jump(company, members=members[0], kind=RISK)
    assert rival.plausibility is Plausibility.EXPLAINS
    assert rival.sentence.startswith(
        "Time to first reply jumped in the week of 11 August for the whole plan plus, by nearly the same for everybody"
    )


def test_a_new_definition_explains_the_move_of_the_whole_plan(company):
    assert jump(company, members=plus(company), kind=RISK).plausibility is Plausibility.EXPLAINS


def test_a_blow_that_hit_a_plan_unevenly_only_may_be_a_new_definition(company):
    size = np.exp(company.rng.gamma(1, 0.4, np.count_nonzero(company.plan == 2)))
    assert jump(company, members=plus(company, factor=size), kind=RISK).plausibility is Plausibility.MAY_EXPLAIN


def test_a_customer_that_worsened_beyond_its_plans_step_is_not_explained(company):
    members = plus(company)
    company.values[members[0], REPLY, START:] *= 4
    assert jump(company, members=members[0], kind=RISK).plausibility is Plausibility.RULED_OUT


def test_a_decline_over_many_weeks_is_no_new_definition(company):
    members = np.flatnonzero(company.plan == 2)
    company.values[members, REPLY, START:] *= np.exp(np.minimum(np.arange(WEEKS - START) / 10, 1) * 0.4)
    assert jump(company, members=members, kind=RISK).plausibility is Plausibility.RULED_OUT


def test_a_new_definition_hides_the_fall_of_a_metric_that_seems_fine(company):
    members = plus(company, factor=0.6)
    company.values[members[0], REPLY, START:] /= 0.6
    assert jump(company, members=members[0]).plausibility is Plausibility.EXPLAINS
    assert jump(company, members=members[1]).plausibility is Plausibility.RULED_OUT


def test_a_new_definition_for_all_explains_a_move_of_the_company_only(company):
    company.values[:, REPLY, START:] *= 1.5
    assert jump(company, members=np.arange(company.n), kind=RISK).plausibility is Plausibility.EXPLAINS
    assert jump(company, members=0, kind=RISK).plausibility is Plausibility.RULED_OUT


@pytest.mark.parametrize("seed", range(5))
def test_no_step_is_seen_in_a_company_in_which_nothing_happens(seed):
    assert learn_baseline(QuietCompany(seed=seed).panel()).level_shifts == ()


def test_a_step_is_seen_once_and_only_in_its_group(company):
    plus(company)
    (step,) = learn_baseline(company.panel()).level_shifts
    assert (step.kpi, step.level, step.group, step.week, step.is_alike) == (REPLY, 0, 2, START, True)


def linked(company, delay):
    """Time to first reply follows what people say after so many weeks."""
    mood = company.rng.normal(size=(company.n, WEEKS))
    for week in range(1, WEEKS):
        mood[:, week] = 0.5 * mood[:, week - 1] + mood[:, week]
    company.items["sentiment"] += 0.15 * mood[company.items["customer"], company.items["week"]]
    company.values[:, REPLY] *= np.exp(-0.2 * np.roll(mood, delay, axis=1))
    return company


def test_a_delay_is_learned_from_the_company(company):
    lags = learn_baseline(linked(company, 6).panel()).lags
    assert (lags[REPLY].follows, lags[ON_TIME].follows, lags[ON_TIME].leads) == (6, None, None)


def test_a_metric_that_follows_after_six_weeks_cannot_show_a_fall_of_four(company):
    rival = lag(linked(company, 6), start=WEEKS - 4)
    assert rival.plausibility is Plausibility.EXPLAINS
    assert rival.sentence == (
        "Time to first reply follows what is said after 6 weeks and 4 weeks have passed since the start: "
        "it is too early to tell."
    )


def test_a_metric_that_has_had_twenty_weeks_is_not_late(company):
    rival = lag(linked(company, 6), start=WEEKS - 20)
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.statistic == 14


def test_another_metric_that_follows_at_once_would_have_shown_the_fall(company):
    linked(company, 0)
    company.values[:, ON_TIME] -= 0.05 * np.roll(np.log(company.values[:, REPLY]), 6, axis=1)
    assert lag(company, kpi=ON_TIME, start=WEEKS - 4).plausibility is Plausibility.MAY_EXPLAIN


def test_what_is_said_may_be_waiting_to_follow_a_metric_that_worsened(company):
    company.explanations()  # nothing is linked yet
    assert lag(linked(company, -6), kind=RISK, start=WEEKS - 4).plausibility is Plausibility.EXPLAINS
    assert lag(company, kind=RISK, start=WEEKS - 20).plausibility is Plausibility.RULED_OUT


def test_without_a_link_no_delay_is_known(company):
    rival = lag(company, start=WEEKS - 4)
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.sentence == "No delay between Time to first reply and what is said is known."


def test_where_no_metric_is_named_all_of_them_are_asked(company):
    company.values[0, :, START:] = np.nan
    rivals = company.explanations(kpi=-1)
    assert rivals["feed_stale_or_shrunken"].plausibility is Plausibility.EXPLAINS
    assert rivals["feed_stale_or_shrunken"].sentence.startswith("The metrics have 0 readings")


@pytest.mark.parametrize(
    ("seen", "left", "gap_se", "verdict"),
    [
        (Change(-0.4, 0.1), Change(-0.05, 0.1), 0.05, Plausibility.EXPLAINS),
        (Change(-0.4, 0.1), Change(-0.35, 0.1), 0.05, Plausibility.RULED_OUT),
        (Change(-0.4, 0.1), Change(-0.19, 0.1), 0.05, Plausibility.MAY_EXPLAIN),  # something beyond chance is left
        (Change(-0.4, 0.1), Change(-0.05, 0.4), 0.38, Plausibility.MAY_EXPLAIN),  # most items were thrown away
        (Change(-0.1, 0.1), Change(-0.01, 0.1), 0.01, Plausibility.MAY_EXPLAIN),  # there was nothing to explain
        (Change(+0.1, 0.1), Change(-0.01, 0.1), 0.01, Plausibility.RULED_OUT),
    ],
)
def test_a_fall_is_explained_only_by_a_correction_beyond_chance_that_leaves_nothing(seen, left, gap_se, verdict):
    assert plausibility_of(seen, left, gap_se, -1) is verdict


@pytest.mark.parametrize(
    ("seen", "left", "verdict"),
    [
        (Change(0.0, 0.1), Change(-0.4, 0.1), Plausibility.EXPLAINS),
        (Change(-0.15, 0.1), Change(-0.17, 0.1), Plausibility.RULED_OUT),  # the same fall, a hair more certain
        (Change(-0.15, 0.1), Change(-0.25, 0.1), Plausibility.MAY_EXPLAIN),
        (Change(-0.4, 0.1), Change(-0.9, 0.1), Plausibility.RULED_OUT),  # it was there to see
    ],
)
def test_a_fall_is_hidden_only_where_most_of_it_could_not_be_seen(seen, left, verdict):
    assert plausibility_of(seen, left, 0.05, 0) is verdict
