"""Cases as mail and report show them, read from a published file."""

from datetime import date

import pytest
from support.reported_night import AS_OF, N_WEEKS, START, WEEKS, small_night

from voc.adapters.published import case_views
from voc.domain.cases.case import State, Verdict


@pytest.fixture
def night(tmp_path):
    return small_night(tmp_path / "night.duckdb")


def one(night):
    (view,) = case_views.read(night.path)
    return view


def test_live_cases_come_first_then_what_is_most_at_stake_and_the_unknown_last(night):
    night.add_case("closed", state="closed", closed_on=AS_OF, verdict="timing", value_at_stake=9e9)
    night.add_case("cleared", state="cleared", value_at_stake=8e9)
    night.add_case("unknown", value_at_stake=None)
    night.add_case("small", state="snoozed", value_at_stake=1)
    night.add_case("equal b", state="reopened", value_at_stake=5)
    night.add_case("equal a", state="acknowledged", value_at_stake=5)

    found = case_views.read(night.path)

    assert [view.case_id for view in found] == ["equal a", "equal b", "small", "unknown", "cleared", "closed"]
    assert (found[-1].state, found[-1].verdict) == (State.CLOSED, Verdict.TIMING)


def test_only_the_cases_asked_for_are_read(night):
    for case_id in ("a", "b", "it's"):
        night.add_case(case_id)
    assert [view.case_id for view in case_views.read(night.path, ["it's", "a", "no such"])] == ["a", "it's"]
    assert case_views.read(night.path, []) == []


def test_a_case_has_tonights_numbers_of_its_own_metric(night):
    night.add_case("a")
    view = one(night)
    assert (view.n_items, view.n_items_before, view.q_value, view.presumed_wrong) == (10, 50, 0.02, "metric")
    assert (view.name, view.segment, view.currency) == ("Jansen Bakery", "home", "EUR")
    assert view.agreeing_kpis == ("Invoiced a month",)
    assert view.trust is not None
    assert (view.trust.n_verdicts, view.trust.n_wrong, view.trust.mean) == (3, 2, 0.4)


@pytest.mark.parametrize("change", [
    {"subject": "C9", "customer_id": "C9"},
    {"started_week": date(2025, 9, 1)},
    {"started_low": date(2025, 9, 1), "started_high": date(2025, 12, 15)},
])  # fmt: skip
def test_a_case_of_another_subject_or_time_was_not_tested_tonight(night, change):
    night.add_case("a", **change)
    view = one(night)
    assert (view.n_items, view.q_value, view.agreeing_kpis) == (None, None, ())


@pytest.mark.parametrize("change", [{"kind": "silent_risk"}, {"kpi": None}])
def test_a_case_whose_told_metric_or_kind_is_not_tonights_likeliest_has_the_numbers_of_its_subject(night, change):
    night.add_case("a", **change)
    view = one(night)
    assert (view.n_items, view.kpi_change, view.kpi_after, view.agreeing_kpis) == (10, None, None, ())


def test_a_start_within_the_interval_that_was_told_is_of_the_same_time(night):
    night.add_case("a", started_week=date(2026, 1, 12), started_low=date(2025, 12, 1), started_high=date(2026, 1, 26))
    assert one(night).n_items == 10


def test_a_case_about_no_single_metric_finds_its_test(night):
    night.do("update marts.fct_contradictions set kpi = null where contradiction_id = 'a'")
    night.add_case("a", kpi=None)
    view = one(night)
    assert (view.kpi, view.n_items, view.trust) == (None, 10, None)


def test_trends_are_the_last_year_of_complete_weeks_on_one_axis(night):
    night.add_case("a")
    trends = one(night).trends
    assert trends.weeks == tuple(WEEKS[N_WEEKS - 52 : N_WEEKS])
    assert {len(column) for column in vars(trends).values()} == {52}
    at = trends.weeks.index(START)
    assert (trends.sentiment[at - 1], trends.sentiment_low[at - 1], trends.kpi[at - 1]) == (0.6, 0.3, 0.97)


def test_a_week_in_which_nobody_spoke_is_not_a_sentiment(night):
    night.add_case("a")
    trends = one(night).trends
    silent = [i for i, n in enumerate(trends.n_feedback) if n == 0]
    assert silent
    assert {trends.sentiment[i] for i in silent} == {None}


def test_a_monthly_value_carried_into_a_week_is_marked(night):
    night.add_case("a", kpi="spend")
    trends = one(night).trends
    assert set(trends.kpi) == {41.0}
    assert 11 <= trends.is_imputed.count(False) <= 13


def test_a_groups_axis_holds_the_weeks_in_which_nobody_spoke(night):
    night.add_case("a", level="segment", subject="home", customer_id=None, kpi=None)
    view = one(night)
    assert view.name == "home"
    assert view.trends.weeks == tuple(WEEKS[N_WEEKS - 52 : N_WEEKS])
    assert 0 in view.trends.n_feedback
    assert set(view.trends.kpi) == {None}


def test_a_group_begins_when_it_first_spoke(night):
    night.do("delete from marts.mart_group_week where week < date '2025-12-01'")
    night.add_case("a", level="segment", subject="home", customer_id=None, kpi=None)
    assert one(night).trends.weeks[0] == date(2025, 12, 1)


def test_a_customer_without_a_week_has_empty_trends(night):
    night.add_case("a", subject="C2", customer_id="C2")
    assert one(night).trends.weeks == ()


def test_names_are_read_without_what_would_turn_or_break_a_line(night):
    night.do("update marts.dim_customer set name = 'Jan\u202esen\r\nBcc: \x07you' where customer_id = 'C1'")
    night.do("update marts.dim_kpi set label = 'On\u2066\ttime' where kpi = 'on_time'")
    night.add_case("a", reason="Held at 97\u00a0%\x00.")
    view = one(night)
    assert (view.name, view.reason) == ("Jansen Bcc: you", "Held at 97\u00a0%.")
    assert view.kpi is not None
    assert view.kpi.label == "On time"


def test_the_file_behind_the_symlink_is_read(night, tmp_path):
    night.add_case("a")
    (tmp_path / "current.duckdb").symlink_to(night.path.name)
    assert [view.case_id for view in case_views.read(tmp_path / "current.duckdb")] == ["a"]
