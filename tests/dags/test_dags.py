"""The DAGs as Airflow sees them: which there are, in which order, how patient, and what they tell when they fail."""

from itertools import pairwise

import pytest

from voc.settings import template

KINDS = ["customers", "surveys", "tickets", "kpis"]
NIGHT = [
    "begin", "check_landed", "build_feedback", "score", "build_panel", "detect", "case", "build_marts", "check_marts",
    "publish", "report",
]  # fmt: skip
WORDS = "what the error says"


@pytest.fixture(scope="module")
def inside(airflow_env, run_inside, tmp_path_factory):
    """What `inside.py` prints."""
    config = template.write(tmp_path_factory.mktemp("company"))
    return run_inside("inside.py", {**airflow_env, "VOC_CONFIG": str(config)}, seconds=60)


@pytest.fixture(scope="module")
def night(inside):
    return inside["dags"]["reconcile_nightly"]


@pytest.fixture(scope="module")
def tasks(inside):
    """Every task of every DAG, by DAG and name."""
    found = {f"{dag_id}.{name}": task for dag_id, dag in inside["dags"].items() for name, task in dag["tasks"].items()}
    assert len(found) == len(KINDS) + len(NIGHT) + 2
    return found


def test_every_dag_is_there_and_no_file_fails_to_import(inside):
    assert inside["import_errors"] == {}
    assert set(inside["dags"]) == {"reconcile_nightly", *(f"land_{kind}" for kind in KINDS)}


def test_parsing_is_quick_and_imports_nothing_heavy(inside):
    assert inside["parse_seconds"] < 2
    assert inside["heavy_imports"] == []


def test_the_night_is_one_verb_after_the_other(night):
    before = {name: set(task["upstream"]) - {"begin"} for name, task in night["tasks"].items()}
    assert before.pop("begin") == set()
    assert before.pop("check_landed") == set()
    assert before == {
        **{after: {first} for first, after in pairwise(NIGHT[1:])},
        "alert": {"report"},
        "release": {"report"},
    }
    assert all("begin" in task["upstream"] for name, task in night["tasks"].items() if name not in ("begin", "release"))


def test_the_lease_is_given_back_however_the_steps_have_ended(night):
    rules = {name: task["trigger_rule"] for name, task in night["tasks"].items()}
    assert rules.pop("release") == "all_done"
    assert set(rules.values()) == {"all_success"}


def test_every_task_waits_for_the_one_writer(tasks):
    assert {task["pool"] for task in tasks.values()} == {"duckdb_writer"}


def test_every_task_has_a_time_limit_tries_again_ever_later_and_tells_of_its_failure(tasks):
    assert [name for name, task in tasks.items() if not 0 < task["timeout"] <= 3600] == []
    assert [name for name, task in tasks.items() if task["retries"] < 3 or task["backoff"] <= 1] == []
    assert {tuple(task["on_failure"]) for task in tasks.values()} == {("tell_operator",)}


def test_mail_is_tried_for_longer_than_a_mail_server_is_usually_down(tasks):
    alert = tasks["reconcile_nightly.alert"]
    waits = [min(alert["retry_delay"] * alert["backoff"] ** n, 3600) for n in range(alert["retries"])]
    assert sum(waits) > 2 * 3600


def test_nights_never_overlap_and_missed_ones_are_not_made_up_for(inside):
    runs = {name: (dag["max_active_runs"], dag["catchup"]) for name, dag in inside["dags"].items()}
    # one night may still be trying to mail; the lease keeps the writing of two apart
    assert runs.pop("reconcile_nightly") == (2, False)
    assert set(runs.values()) == {(1, False)}


def test_the_night_starts_when_all_kinds_have_landed_or_at_five(night):
    assert sorted(night["schedule"]["assets"]) == sorted(f"voc://raw/{kind}" for kind in KINDS)
    assert (night["schedule"]["cron"], night["schedule"]["zone"]) == ("0 5 * * *", "Europe/Amsterdam")
    assert not night["schedule"]["at_once"]
    assert (night["has_as_of"], night["as_of"]) == (True, None)


def test_each_kind_lands_through_the_night_and_is_an_asset(inside):
    for kind in KINDS:
        dag = inside["dags"][f"land_{kind}"]
        assert (dag["schedule"]["cron"], dag["schedule"]["zone"]) == ("30 0-4 * * *", "Europe/Amsterdam")
        assert dag["schedule"]["at_once"]
        assert dag["tasks"]["land"]["outlets"] == [f"voc://raw/{kind}"]


def test_a_run_judges_the_last_whole_day_of_the_company_when_it_was_due(inside):
    assert inside["days"]["by the clock"] == "2026-03-01"
    assert inside["days"]["by landings of this night"] == "2026-03-01"  # half past midnight in Amsterdam
    assert inside["days"]["as asked"] == "2026-01-15"


def test_a_kind_that_landed_before_the_day_was_over_starts_no_night(inside):
    assert inside["days"]["by one landing too few"] is None


def test_a_notice_names_the_task_and_the_kind_of_error_and_never_what_it_says(inside):
    assert [notice[0] for notice in inside["notices"]] == ["reconcile_nightly: score failed"] * 5
    kinds = [line for notice in inside["notices"] for line in notice if line.startswith("error: ")]
    assert kinds == [f"error: {kind}" for kind in ("GateFailed", "OutsideError", "ValueError", "unknown", "unknown")]
    assert inside["notices"][0][1:] == ["run: manual__1", "error: GateFailed", "log: http://log"]
    assert WORDS not in str(inside["notices"])


def test_what_no_retry_can_mend_is_not_tried_again(inside):
    assert inside["gate"] == ["AirflowFailException", "a rule was broken\n  fix: mend the file"]
    assert inside["held"][0] == "LockHeld"
    assert inside["outside"][0] == "OutsideError"
