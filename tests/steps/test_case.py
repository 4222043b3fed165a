"""What a night does to cases, on a real work file and a real control store; only the findings are made up."""

import shutil

import pytest
from support.hand_made_nights import hand_made

from voc.adapters.control_store import cases, control
from voc.domain.cases import acts
from voc.domain.cases.case import State, Verdict


@pytest.fixture
def company(tmp_path):
    return hand_made(tmp_path / "state")


def test_the_first_night_opens_a_case_routes_it_and_leaves_it_for_the_marts(company):
    company.finds({"customer_id": "C1"}, {"customer_id": "C2", "kpi": "reply"})
    done = company.night(0)
    assert (done.events["opened"], done.n_live, done.n_told, done.n_fallback) == (2, 2, 2, 1)
    assert company.ask(
        "select subject, owner_email, owner_why, state, due_on::varchar, value_at_stake, tonight from ml.cases "
        "order by subject"
    ) == [
        ("C1", "ops@lumen.example", "the metric's owner", "open", "2026-03-15", 90.0, "opened"),
        ("C2", "lead@lumen.example", "fallback", "open", "2026-03-15", 90.0, "opened"),
    ]
    assert company.outbox() == [("2026-03-01", "new", "pending")] * 2
    assert "nobody but the fallback owner" in done.warnings[-1]


def test_the_same_run_again_does_nothing(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    before, told = company.ask("select * from ml.cases"), company.outbox()
    again = company.night(0)
    assert (again.events, again.n_told) == ({}, 0)
    assert (company.ask("select * from ml.cases"), company.outbox()) == (before, told)


def test_a_subject_with_several_findings_has_one_case_about_what_it_was_about(company):
    company.finds({"customer_id": "C1", "kpi": "reply", "score": 3.0}, {"customer_id": "C1", "score": 2.0})
    company.night(0)
    assert company.ask("select kpi from ml.cases") == [("reply",)]
    company.finds({"customer_id": "C1", "kpi": "reply", "score": 1.0}, {"customer_id": "C1", "score": 2.0})
    company.night(1)
    assert company.ask("select kpi from ml.cases") == [("reply",)]
    company.finds({"customer_id": "C1"})
    company.night(2)
    assert company.ask("select kpi, tonight from ml.cases") == [("on_time", "reassigned")]  # another metric's owner


def test_the_size_of_a_silent_risk_is_its_metrics_fall_whichever_way_is_good(company):
    change = {"kpi_change": 5.0, "kpi_change_low": 4.0, "kpi_change_high": 6.5}
    company.finds({"customer_id": "C1", "kpi": "reply", "kind": "silent_risk", **change})
    company.night(0)
    assert company.ask("select size, size_low, size_high from ml.cases") == [(-5.0, -6.5, -4.0)]


def test_news_of_a_night_that_was_never_published_are_told_by_the_next_one(company):
    company.finds({"customer_id": "C1"})
    company.night(0, publish=False)
    company.night(1)
    assert company.outbox() == [("2026-03-01", "new", "withdrawn"), ("2026-03-02", "new", "pending")]


def test_news_that_wait_for_a_published_night_are_told_once(company):
    company.finds({"customer_id": "C1"})
    for n in range(3):
        company.night(n)
    assert company.outbox() == [("2026-03-01", "new", "pending")]


def test_a_day_run_again_with_other_inputs_moves_no_case_twice(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.finds()
    company.night(1, "a")
    company.night(1, "b")
    with control.opened(company.state) as store:
        (one,) = cases.standing(store).values()
    assert one.quiet_nights == 1


def test_an_older_night_moves_nothing_and_sees_the_cases_as_they_then_were(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.finds()
    for n in (1, 2, 3):
        company.night(n)
    assert company.ask("select state from ml.cases") == [("cleared",)]
    company.finds({"customer_id": "C2"})
    done = company.night(1, "again")
    assert not done.moved
    assert company.ask("select subject, state from ml.cases") == [("C1", "open")]
    assert len(company.outbox()) == 1


def test_a_rebuilt_night_shows_cases_as_it_left_them_whatever_people_did_since(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    before = company.ask("select * from ml.cases")
    company.act(lambda one, on: acts.acknowledge(one, on, "ann"))
    company.night(0)
    assert company.ask("select * from ml.cases") == before
    company.night(1)
    assert company.ask("select state from ml.cases") == [("acknowledged",)]


def test_what_rests_on_a_late_source_is_held_and_says_so_and_the_rest_goes_on(company):
    company.finds({"customer_id": "C1"}, {"customer_id": "C2"})
    company.holds(("C1", None, "nps", "source nps is late"), ("C2", "reply", "bi", "source bi is late"))
    done = company.night(0)
    assert company.ask("select subject, held_because from ml.cases order by subject") == [
        ("C1", "source nps is late"),
        ("C2", None),
    ]
    assert (done.n_held, done.n_told) == (1, 1)
    assert done.warnings[0] == "source bi is late; cases that rest on it are held"
    company.finds()
    company.holds(("C1", None, "nps", "source nps is late"))
    for n in (1, 2, 3):
        company.night(n)
    assert company.ask("select subject, state from ml.cases order by subject") == [("C1", "open"), ("C2", "cleared")]


def test_a_groups_case_is_held_by_any_held_source(company):
    company.finds({"customer_id": None, "subject": "smb", "level": "segment"})
    company.holds(("C9", "spend", "bi", "source bi is late"))
    company.night(0)
    assert company.ask("select subject, held_because from ml.cases") == [("smb", "source bi is late")]


def test_an_owner_is_not_told_of_what_the_published_night_did_not_find(company):
    company.finds({"customer_id": "C1"})
    company.holds(("C1", None, "nps", "source nps is late"))
    company.night(0)
    company.finds()
    company.holds()
    company.night(1)
    assert company.outbox() == []

    company.finds({"customer_id": "C2"})
    company.night(2, "a", publish=False)
    company.finds()
    company.night(2, "b")
    assert company.outbox() == [("2026-03-03", "new", "withdrawn")]


def test_a_case_whose_own_metric_is_held_is_held_whatever_else_is_found(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.finds({"customer_id": "C1", "kpi": "reply"})
    company.holds(("C1", "on_time", "bi", "source bi is late"))
    company.night(1)
    assert company.ask("select kpi, owner_email, held_because from ml.cases") == [
        ("on_time", "ops@lumen.example", "source bi is late")
    ]


def test_a_closed_case_reopens_for_a_newer_start_on_another_metric(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.act(lambda one, on: acts.close(one, Verdict.BOTH_TRUE, "found", on, "ann"))
    company.finds({"customer_id": "C1"}, {"customer_id": "C1", "kpi": "reply", "started_week": "2026-03-02"})
    company.night(20)
    assert company.ask("select kpi, state from ml.cases") == [("reply", "reopened")]


def test_a_verdict_counts_in_the_trust_of_the_metric_it_was_about(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.act(lambda one, on: acts.close(one, Verdict.METRIC_WRONG, "found", on, "ann"))
    company.night(1)
    assert company.ask("select kpi, n_verdicts, n_metric_wrong, round(trust, 2) from ml.kpi_trust order by kpi") == [
        ("on_time", 1, 1, 0.33),
        ("reply", 0, 0, 0.5),
    ]
    assert company.ask("select verdict, decided_on::varchar from ml.verdicts") == [("metric_wrong", "2026-03-01")]
    company.night(0, "again")
    assert company.ask("select n_verdicts from ml.kpi_trust where kpi = 'on_time'") == [(1,)]


def test_a_verdict_that_a_person_takes_back_counts_no_longer(company):
    company.finds({"customer_id": "C1"})
    company.night(0)
    company.act(lambda one, on: acts.close(one, Verdict.METRIC_WRONG, "found", on, "ann"))
    company.act(lambda one, on: acts.reopen(one, 14, on, "ann"))
    company.act(lambda one, on: acts.close(one, Verdict.BOTH_TRUE, "looked again", on, "ann"))
    company.night(1)
    assert company.ask("select n_verdicts, n_metric_wrong, n_metric_right from ml.kpi_trust order by kpi limit 1") == [
        (1, 0, 1)
    ]


def test_a_copy_of_the_control_store_is_all_that_is_needed_beside_the_files(company, tmp_path):
    company.finds({"customer_id": "C1"})
    company.night(0)
    with control.opened(company.state) as store:
        store.execute("vacuum into ?", [str(tmp_path / "backup.sqlite")])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(tmp_path / "backup.sqlite", control.path_in(elsewhere))
    with control.opened(elsewhere) as store:
        (one,) = cases.standing(store).values()
    assert (one.subject, one.state) == ("C1", State.OPEN)
