"""What a night may know: nothing after its day, and nothing of which other nights ran before it."""

import json
import shutil
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
from support.small_demo import AS_OF, small_demo

from voc import app

pytestmark = pytest.mark.slow

JUDGED = ("fct_contradictions", "fct_coverage", "fct_feedback", "fct_kpi_week", "fct_customer_week", "mart_group_week")


def rows(path, mart):
    with duckdb.connect(str(path), read_only=True) as marts:
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
def nights(first_night, tmp_path_factory):
    """The marts of an older night and the newest one after it; of the older without the future; of the newest alone."""
    folder = tmp_path_factory.mktemp("time")
    small_demo(folder / "whole")
    as_of = date.fromisoformat(AS_OF)
    older = as_of - timedelta(days=24)  # a Thursday, in the block before
    shutil.copytree(folder / "whole", folder / "past")
    cut(folder / "past" / "inbox", older)
    whole, past = (app.open_project(folder / name / "voc.yml") for name in ("whole", "past"))
    return {
        "older": app.run(whole, older).path,
        "newest": app.run(whole, as_of).path,
        "older, without the future": app.run(past, older).path,
        "newest, alone": app.open_project(first_night).current.resolve(),
    }


@pytest.mark.parametrize("mart", JUDGED)
def test_deleting_everything_after_the_day_changes_nothing(nights, mart):
    known = rows(nights["older"], mart)
    assert known
    assert known == rows(nights["older, without the future"], mart)


@pytest.mark.parametrize("mart", JUDGED)
def test_a_night_is_the_same_whichever_nights_ran_before(nights, mart):
    assert rows(nights["newest"], mart) == rows(nights["newest, alone"], mart)
