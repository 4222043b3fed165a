"""A whole night by Airflow, on real files: the same answer as `voc run`, once, and what is left when it fails."""

import shutil
import subprocess
import sys
from datetime import date

import duckdb
import pytest
import yaml

from voc import app
from voc.settings import template

pytestmark = pytest.mark.slow

KINDS = ["customers", "surveys", "tickets", "kpis"]
AS_OF = "2026-03-01"
NIGHT = f"reconcile_nightly={AS_OF}"
OPERATOR = "data@lumen.example"


@pytest.fixture(scope="module")
def company(demo_company, tmp_path_factory):
    """The demo company after a night by `voc run`."""
    return shutil.copytree(demo_company, tmp_path_factory.mktemp("a company") / "of its own", symlinks=True)


@pytest.fixture(scope="module")
def bad_company(tmp_path_factory):
    """A company whose KPI file says per cent where the catalogue says share: the landed door stops its night."""
    config = template.write(tmp_path_factory.mktemp("a bad company"))
    settings = yaml.safe_load(config.read_text())
    settings["alerts"] |= {"operator": OPERATOR, "allowed_domains": ["lumen.example"]}
    config.write_text(yaml.safe_dump(settings))
    inbox = config.parent / "inbox"
    weeks = "".join(f"C1,on_time_rate,2026-02-{day:02d},95\n" for day in range(1, 9))
    (inbox / "customers.csv").write_text("customer_id,name\nC1,Bakker\n")
    (inbox / "kpis.csv").write_text(f"customer_id,kpi,measured_on,value\n{weeks}")
    return config.parent


@pytest.fixture(scope="module")
def ended(company, bad_company, airflow_env, run_inside):
    """How Airflow's tasks have ended: of the company's night, of all asked for again, of the bad company's night."""
    made = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"], env=airflow_env, capture_output=True, text=True, timeout=90
    )
    assert made.returncode == 0, made.stderr[-4000:]
    names = [*KINDS, "kpis again", "night", "night again", "bad customers", "bad kpis", "bad night"]
    words = [
        f"VOC_CONFIG={company / 'voc.yml'}", f"VOC_STATE={company / 'by airflow'}",
        *(f"land_{kind}" for kind in KINDS), "land_kpis", NIGHT, NIGHT,
        f"VOC_CONFIG={bad_company / 'voc.yml'}", f"VOC_STATE={bad_company / 'state'}",
        "land_customers", "land_kpis", NIGHT,
    ]  # fmt: skip
    return dict(zip(names, run_inside("nights.py", airflow_env, *words, seconds=240), strict=True))


def rows(state, table):
    with duckdb.connect(str((state / "marts" / "current.duckdb").resolve()), read_only=True) as marts:
        return marts.execute(f"select * from marts.{table} order by all").fetchall()


def test_every_task_of_a_landing_and_of_the_night_succeeds(ended):
    assert [set(ended[name]["tasks"].values()) for name in (*KINDS, "night")] == [{"success"}] * 5
    assert len(ended["night"]["tasks"]) == 13


def test_a_landing_is_an_asset_event_unless_nothing_was_new(ended):
    assert [ended[kind]["events"] for kind in KINDS] == [1, 2, 3, 4]
    assert ended["kpis again"] == {"state": "success", "tasks": {"land": "skipped"}, "events": 4}


def test_the_second_night_of_a_day_is_skipped_and_counts_as_done(ended):
    assert ended["night again"]["state"] == "success"
    tasks = dict(ended["night again"]["tasks"])
    assert tasks.pop("begin") == "success"
    assert set(tasks.values()) == {"skipped"}


def test_airflows_night_gives_what_voc_run_gives(ended, company):
    outcome = app.run(app.open_project(company / "voc.yml"), date.fromisoformat(AS_OF))
    airflows = company / "by airflow"
    assert (airflows / "marts" / "current.duckdb").resolve().name == outcome.path.name
    assert len(rows(airflows, "fct_cases")) > 10
    for table in ("fct_cases", "fct_contradictions", "mart_kpi_trust"):
        assert rows(airflows, table) == rows(company / "state", table)


def test_after_the_night_nobody_holds_the_state_folder(ended, company):
    assert not (company / "by airflow" / "night.lease").exists()
    assert (company / "by airflow" / "writer.lock").read_bytes() == b""


def test_a_night_that_fails_publishes_nothing_and_gives_the_lease_back(ended, bad_company):
    assert [ended[f"bad {kind}"]["tasks"] for kind in ("customers", "kpis")] == [{"land": "success"}] * 2
    tasks = ended["bad night"]["tasks"]
    assert ended["bad night"]["state"] == "failed"
    assert (tasks["begin"], tasks["check_landed"]) == ("success", "failed")
    assert (tasks["build_feedback"], tasks["publish"], tasks["alert"]) == ("upstream_failed",) * 3
    assert tasks["release"] == "success"
    assert not (bad_company / "state" / "night.lease").exists()
    assert not (bad_company / "state" / "marts").exists()


def test_the_operator_is_told_once_which_task_failed_and_not_what_was_in_the_file(ended, bad_company):
    (notice,) = (bad_company / "state" / "outbox").glob("*.eml")
    text = notice.read_text()
    assert f"To: {OPERATOR}" in text
    assert "check_landed failed" in text
    assert "GateFailed" in text
    assert "on_time_rate" not in text
