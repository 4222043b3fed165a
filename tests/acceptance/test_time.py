"""What a night may know: nothing after its day, and nothing of which other nights ran before it."""

import json
import shutil
from datetime import timedelta

import duckdb
import pandas as pd
import pytest

from voc import app, demo

pytestmark = pytest.mark.slow

JUDGED = ("fct_contradictions", "fct_coverage", "fct_feedback", "fct_kpi_week", "fct_customer_week", "mart_group_week")


def rows(outcome, mart):
    with duckdb.connect(str(outcome.path), read_only=True) as marts:
        return marts.execute(f"select * from marts.{mart} order by all").fetchall()


def cut(inbox, as_of):
    """Takes out of the files whatever was said or measured after ``as_of``."""
    end = pd.Timestamp(as_of + timedelta(days=1), tz="Europe/Amsterdam")
    for name, column in (("surveys.csv", "responded_at"), ("kpis.csv", "measured_on")):
        frame = pd.read_csv(inbox / name, dtype=str, keep_default_na=False)
        at = pd.to_datetime(frame[column], utc=True)
        frame[at < (end if column == "responded_at" else end.tz_localize(None).tz_localize("UTC"))].to_csv(
            inbox / name, index=False
        )
    lines = (inbox / "tickets.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in lines if pd.Timestamp(json.loads(line)["opened_at"]) < end]
    (inbox / "tickets.jsonl").write_text("".join(kept))


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """An older night and then the newest of one company; the older one without the future; the newest alone."""
    folder = tmp_path_factory.mktemp("time")
    as_of = demo.write(folder / "whole", seed=9).as_of
    older = as_of - timedelta(days=24)  # a Thursday, in the block before
    shutil.copytree(folder / "whole", folder / "past")
    cut(folder / "past" / "inbox", older)
    whole, past = (app.open_project(folder / name / "voc.yml") for name in ("whole", "past"))
    alone = app.open_project(folder / "whole" / "voc.yml", folder / "alone")
    return {
        "older": app.run(whole, older),
        "newest": app.run(whole, as_of),
        "older, without the future": app.run(past, older),
        "newest, alone": app.run(alone, as_of),
    }


@pytest.mark.parametrize("mart", JUDGED)
def test_deleting_everything_after_the_day_changes_nothing(nights, mart):
    known = rows(nights["older"], mart)
    assert known
    assert known == rows(nights["older, without the future"], mart)


@pytest.mark.parametrize("mart", JUDGED)
def test_a_night_is_the_same_whichever_nights_ran_before(nights, mart):
    assert rows(nights["newest"], mart) == rows(nights["newest, alone"], mart)
