"""The life of a case, night by night."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.sightings import FIRST, OWNER, SEEN, go_on, new_case, night, notice_of

from voc.domain.cases.case import Case, News, State
from voc.domain.cases.life_cycle import QUIET_NIGHTS, may_notify, opened
from voc.domain.kinds import Kind


def test_what_is_surfaced_first_opens_a_case_that_is_due_in_two_weeks_and_news():
    (event,) = opened("0123456789", SEEN, OWNER, None, night(0))
    case = event.after
    assert (event.what, case.state, case.news) == ("opened", State.OPEN, News.NEW)
    assert (case.opened_on, case.due_on, case.owner_email) == (FIRST, FIRST + timedelta(days=14), OWNER[0])
    assert may_notify(case, None, FIRST)


def test_a_case_survives_a_journey_through_json():
    case = new_case(closed_on=FIRST, snoozed_until=None, news=None, value_at_stake=None)
    assert Case.from_json(case.to_json()) == case


def test_a_case_goes_on_without_news_while_nothing_changes():
    what, case = go_on(new_case(news=None), 1, last_notice=notice_of(new_case()))
    assert what == ["seen"]
    assert (case.last_seen_on, case.news) == (night(1).as_of, None)


def test_three_quiet_nights_clear_a_case_and_two_do_not():
    case = new_case()
    for n in range(1, QUIET_NIGHTS):
        what, case = go_on(case, n, None)
        assert (what, case.state) == (["quiet"], State.OPEN)
    what, case = go_on(case, QUIET_NIGHTS, None)
    assert (what, case.state, case.news) == (["cleared"], State.CLEARED, None)


def test_the_same_night_run_twice_counts_once():
    _, case = go_on(new_case(), 1, None)
    assert go_on(case, 1, None) == ([], case)


def test_being_surfaced_again_starts_the_count_of_quiet_nights_anew():
    _, case = go_on(new_case(), 1, None)
    _, case = go_on(case, 2, None)
    _, case = go_on(case, 3)
    assert case.quiet_nights == 0


@pytest.mark.parametrize(("size", "worse"), [(-0.79, False), (-0.81, True), (-0.1, False)])
def test_worse_means_that_the_size_has_left_the_last_mailed_interval_downwards(size, worse):
    case = new_case(news=None)
    what, after = go_on(case, 7, replace(SEEN, size=size), last_notice=notice_of(case))
    assert (what == ["worse"], after.news is News.WORSE) == (worse, worse)


def test_worse_is_told_once_until_it_is_mailed():
    case = new_case(news=None)
    _, case = go_on(case, 1, replace(SEEN, size=-0.9), last_notice=notice_of(case))
    what, case = go_on(case, 2, replace(SEEN, size=-0.95), last_notice=notice_of(new_case()))
    assert (what, case.news) == (["seen"], News.WORSE)


def test_an_owner_hears_of_one_case_at_most_weekly():
    case = new_case(news=News.WORSE)
    assert not may_notify(case, notice_of(case), night(6).as_of)
    assert may_notify(case, notice_of(case), night(7).as_of)


def test_a_case_that_is_about_another_metric_or_kind_than_was_told_is_news_of_its_own():
    case = new_case(news=None)
    what, case = go_on(case, 7, replace(SEEN, kpi="spend", size=-400.0), last_notice=notice_of(case))
    assert (what, case.kpi, case.news) == (["changed"], "spend", News.CHANGED)


def test_news_that_are_so_no_longer_when_the_week_is_over_are_not_told():
    case = new_case(news=None)
    for worse in (replace(SEEN, size=-0.9), replace(SEEN, kind=Kind.SILENT_RISK)):
        _, waiting = go_on(case, 1, worse, last_notice=notice_of(case))
        assert waiting.news is not None
        _, after = go_on(waiting, 7, SEEN, last_notice=notice_of(case))
        assert after.news is None


def test_a_cleared_case_that_comes_back_is_the_same_case_reopened_and_news():
    what, case = go_on(new_case(state=State.CLEARED, news=None), 9)
    assert (what, case.state, case.news, case.opened_on) == (["reopened"], State.REOPENED, News.REOPENED, FIRST)
    assert case.due_on == night(9).as_of + timedelta(days=14)


def test_a_closed_case_stays_closed_for_the_onset_that_a_person_has_judged():
    closed = new_case(state=State.CLOSED, closed_on=FIRST, news=None)
    assert go_on(closed, 20) == ([], closed)
    assert go_on(closed, 20, replace(SEEN, started_week=FIRST)) == ([], closed)


def test_a_closed_case_reopens_for_an_onset_after_the_closing_without_its_old_verdict():
    closed = new_case(state=State.CLOSED, closed_on=FIRST, verdict="timing", news=None)
    what, case = go_on(closed, 20, replace(SEEN, started_week=date(2026, 3, 2)))
    assert (what, case.state, case.verdict, case.closed_on) == (["reopened"], State.REOPENED, None, None)


def test_a_snoozed_case_says_nothing_until_its_day_and_then_comes_back():
    case = new_case(state=State.SNOOZED, snoozed_until=night(5).as_of, news=None)
    what, case = go_on(case, 4, replace(SEEN, size=-0.9), last_notice=notice_of(case))
    assert (what, case.state) == (["seen"], State.SNOOZED)
    assert not may_notify(replace(case, news=News.WORSE), None, night(4).as_of)
    what, case = go_on(case, 5, last_notice=notice_of(case))
    assert (what, case.state, case.news) == (["woken"], State.OPEN, News.BACK)


def test_a_snooze_that_ends_on_a_quiet_night_lasts_until_the_case_is_seen_or_clears():
    case = new_case(state=State.SNOOZED, snoozed_until=night(1).as_of, news=None)
    what, case = go_on(case, 1, None)
    assert (what, case.state) == (["quiet"], State.SNOOZED)
    assert go_on(case, 2)[1].news is News.BACK
    _, case = go_on(case, 2, None)
    what, case = go_on(case, 3, None)
    assert what == ["cleared"]


def test_a_held_case_neither_clears_nor_gets_worse_nor_is_told_and_says_why():
    case = new_case()
    for n in range(1, 6):
        what, case = go_on(case, n, None, held="source bi is late")
        assert what == (["held"] if n == 1 else [])
    assert (case.state, case.quiet_nights, case.held_because) == (State.OPEN, 0, "source bi is late")
    assert not may_notify(case, None, night(9).as_of)
    what, case = go_on(case, 9)
    assert (what, case.held_because) == (["released", "seen"], None)
    assert may_notify(case, None, night(9).as_of)


def test_a_case_opened_from_a_held_source_waits_with_its_mail():
    (event,) = opened("0123456789", SEEN, OWNER, "source bi is late", night(0))
    assert not may_notify(event.after, None, FIRST)


def test_a_held_case_stays_whose_it_was():
    what, case = go_on(new_case(), 1, held="source bi is late", owner=("bob@lumen.example", "the metric's owner"))
    assert (what, case.owner_email) == (["held"], OWNER[0])


def test_back_to_the_owner_who_was_told_of_it_last_is_no_news():
    case = new_case(news=None)
    _, there = go_on(case, 1, owner=("bob@lumen.example", "the metric's owner"), last_notice=notice_of(case))
    _, back = go_on(there, 2, last_notice=notice_of(case))
    assert (there.news, back.news, back.owner_email) == (News.REASSIGNED, None, OWNER[0])


def test_a_case_that_comes_back_is_not_held_by_what_held_it_before():
    case = new_case(state=State.CLEARED, held_because="source bi is late", news=None)
    assert go_on(case, 9)[1].held_because is None


def test_a_new_owner_hears_at_once_of_a_case_that_was_somebody_elses():
    case = new_case(news=None)
    what, case = go_on(case, 1, owner=("bob@lumen.example", "the metric's owner"), last_notice=notice_of(case))
    assert (what[0], case.owner_email, case.news) == ("reassigned", "bob@lumen.example", News.REASSIGNED)
    assert may_notify(case, notice_of(new_case()), night(1).as_of)


TOLD = {"started_low": date(2026, 1, 5), "started_high": date(2026, 1, 26)}


def test_another_estimate_of_the_same_start_changes_nothing_that_was_told():
    case = new_case(news=None, **TOLD)
    later = replace(SEEN, started_week=date(2026, 1, 26), started_low=date(2026, 1, 19), started_high=date(2026, 2, 9))
    what, after = go_on(case, 1, later, last_notice=notice_of(case))
    assert (what, after.news, after.started_week) == (["seen"], None, case.started_week)
    assert (after.started_low, after.started_high) == tuple(TOLD.values())


def test_a_start_that_chance_does_not_explain_is_taken_over_and_no_news():
    case = new_case(news=None, **TOLD)
    starts = {"started_week": date(2026, 2, 9), "started_low": date(2026, 2, 2), "started_high": date(2026, 2, 9)}
    what, after = go_on(case, 1, replace(SEEN, **starts, is_drift=True), last_notice=notice_of(case))
    assert (what, after.news, after.is_drift) == (["seen"], None, True)
    assert {name: getattr(after, name) for name in starts} == starts


@pytest.mark.parametrize("other", [{"kpi": "spend"}, {"kind": Kind.SILENT_RISK}])
def test_what_was_told_stays_while_it_may_be_right(other):
    case = new_case(news=None)
    seen = replace(SEEN, **other, size=-0.95, reason="Another.", value_at_stake=7.0)
    seen = replace(seen, plausible=frozenset({(seen.kind, seen.kpi), (case.kind, case.kpi)}))
    what, after = go_on(case, 1, seen, last_notice=notice_of(case))
    assert (what, after.news) == (["seen"], None)
    assert (after.kind, after.kpi, after.size, after.reason) == (case.kind, case.kpi, case.size, case.reason)
    assert (after.value_at_stake, after.last_seen_on) == (7.0, night(1).as_of)


def test_a_case_of_a_store_without_intervals_takes_over_the_first():
    case = new_case(news=None)
    early = replace(SEEN, started_week=date(2026, 3, 2), started_low=date(2026, 3, 2), started_high=date(2026, 3, 9))
    assert go_on(case, 1, early)[1].started_low == date(2026, 3, 2)
