"""The work file: thrown away by an upgrade rather than migrated, and only then; and what a night's findings leave."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from voc.adapters.work_file import warehouse


@pytest.fixture
def path(tmp_path):
    return warehouse.path_in(tmp_path)


def tables(path):
    with warehouse.opened(path) as work:
        return {row[0] for row in work.execute("select table_name from information_schema.tables").fetchall()}


def test_a_work_file_of_this_version_keeps_what_is_in_it(path):
    with warehouse.opened(path) as work:
        work.execute("insert into ml.finished values ('r1')")
    with warehouse.opened(path) as work:
        assert warehouse.has_finished(work, "r1")
    assert not path.with_name("warehouse.duckdb.broken").exists()


@pytest.mark.parametrize(
    "older",
    [
        "create schema raw; create table raw.ledger (batch integer)",
        "create schema raw; create table raw.made_by as select 'another' as version",
    ],
)
def test_a_work_file_that_another_version_made_is_put_aside_and_made_anew(path, older):
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as work:
        work.execute(older)
    assert {"ledger", "cases", "made_by"} <= tables(path)
    assert path.with_name("warehouse.duckdb.broken").exists()
    with warehouse.opened(path) as work:
        warehouse.finish(work, "r1")
    with warehouse.opened(path) as work:
        assert warehouse.has_finished(work, "r1")


@pytest.fixture
def work(path):
    with warehouse.opened(path) as connection:
        yield connection


def test_findings_keep_their_days_numbers_and_gaps(work):
    evidence = pd.DataFrame(
        {
            "level": "customer",
            "subject": ["C1", "C1"],
            "kpi": [None, None],
            "kind": "watermelon",
            "part": ["sentiment", "story"],
            "position": np.array([1, 1]),
            "week": np.array(["2026-01-05", "NaT"], dtype="datetime64[D]"),
            "name": [None, "both fell"],
            "value": [-0.2, 1.0],
            "low": [-0.4, np.nan],
            "high": [0.0, np.nan],
            "verdict": [None, None],
            "sentence": None,
        }
    )
    moves = pd.DataFrame(
        {"customer_id": ["C1"], "kpi": ["spend"], "moved": [-2.5], "kpi_after": [3], "kpi_before": [5]}
    )
    warehouse.replace_findings(work, evidence=evidence, kpi_moves=moves)
    rows = work.execute("select week, name, value, low, verdict from ml.evidence order by part").fetchall()
    assert rows == [(date(2026, 1, 5), None, -0.2, -0.4, None), (None, "both fell", 1.0, None, None)]
    assert work.execute("select * from ml.kpi_moves").fetchall() == [("C1", "spend", None, 5.0, 3.0, -2.5)]


def test_what_is_not_said_tonight_does_not_stay_from_the_last_night(work):
    judged = pd.DataFrame({"customer_id": ["C1"], "state": ["judged"], "why": ["judged"]})
    contradictions = pd.DataFrame(
        {"level": ["company"], "subject": ["Lumen"], "agreeing_kpis": [["spend"]], "is_surfaced": [True]}
    )
    warehouse.replace_findings(work, judgements=judged, contradictions=contradictions)
    warehouse.replace_findings(work, judgements=judged, contradictions=contradictions.head(0))
    tables = {t: work.execute(f"select count(*) from ml.{t}").fetchone()[0] for t in ("judgements", "contradictions")}
    assert tables == {"judgements": 1, "contradictions": 0}
    warehouse.replace_findings(work)
    assert work.execute("select count(*) from ml.judgements").fetchone() == (0,)


def test_a_frame_that_does_not_fit_leaves_the_last_night_whole(work):
    judged = pd.DataFrame({"customer_id": ["C1"], "state": ["judged"], "why": ["judged"]})
    warehouse.replace_findings(work, judgements=judged)
    with pytest.raises(duckdb.BinderException, match="wrong"):
        warehouse.replace_findings(work, judgements=judged.head(0), kpi_moves=pd.DataFrame({"wrong": [1]}))
    assert work.execute("select count(*) from ml.judgements").fetchone() == (1,)
