"""Customers' words go when they are as old as the settings say; what was counted of them stays."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.searched_state import said_in
from support.small_demo import AS_OF as FIRST_NIGHT
from support.small_demo import small_demo, voc
from typer.testing import CliRunner

from voc.adapters.published import manifest
from voc.cli.main import cli

pytestmark = pytest.mark.slow

OLD, NEW = "quibblefrost", "snorkelwhim"
NEXT_BLOCK = "2026-03-25"
FIRST, LAST = "2025-09-16", "2025-10-10"
"""Words of these days may be used on the first night, and no more in the four-week block after it."""
SETTING, SHORT = "keep_text_days: 730", "keep_text_days: 190"


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A company after its first night, with words of either side of the second one's cut; tests work on copies."""
    config = small_demo(tmp_path_factory.mktemp("company"))
    config.write_text(config.read_text().replace(SETTING, SHORT))
    assert SHORT in config.read_text()
    inbox = config.parent / "inbox"
    surveys = pd.read_csv(inbox / "surveys.csv", dtype=str, keep_default_na=False)
    day = surveys["responded_at"].str[:10]
    is_old = day.between(FIRST, LAST)
    surveys.loc[is_old, "comment"] = f'It was "{OLD}",\nas ever'
    surveys.loc[day > "2026-02", "comment"] = f"It was {NEW}"
    surveys["note"] = is_old.map({True: f"{OLD} note", False: "7"})
    surveys.to_csv(inbox / "surveys.csv", index=False)
    tickets = [json.loads(line) for line in (inbox / "tickets.jsonl").read_text().splitlines()]
    for ticket in tickets:
        if FIRST <= ticket["opened_at"][:10] <= LAST:
            ticket |= {"subject": f"About {OLD}", "body": f"{OLD} again"}
    (inbox / "tickets.jsonl").write_text("".join(json.dumps(ticket) + "\n" for ticket in tickets))
    voc(config, "run", "--as-of", FIRST_NIGHT)
    assert {path.split("/")[0] for path in held(config, OLD)} >= {"landed", "work", "published before"}
    return config


@pytest.fixture
def company(night, tmp_path):
    return shutil.copytree(night.parent, tmp_path / "company", symlinks=True) / night.name


def held(config: Path, word: str) -> set[str]:
    """Files of the state that hold a word; those of the first night by one name."""
    state, found = config.parent / "state", set()
    for path, said in said_in(state):
        if word.encode() in said:
            published = FIRST_NIGHT in (path.name[6:16], path.parent.name[:10])
            found.add("published before" if published else str(path.relative_to(state)))
    return found


def night_of(config: Path, day: str) -> str:
    """What a night says while it runs."""
    ran = CliRunner().invoke(cli, ["run", "--as-of", day, "--config", str(config)])
    assert ran.exit_code == 0, ran.output
    return ran.stderr


def rows(config: Path, sql: str):
    with duckdb.connect(str(config.parent / "state/marts/current.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def content(config: Path):
    with duckdb.connect(str(config.parent / "state/marts/current.duckdb"), read_only=True) as connection:
        return manifest.content_of(connection)


SCORES = (
    "select feedback_id, score_01, said_at, touchpoint from marts.fct_feedback where score_01 is not null order by 1"
)


def test_old_words_go_when_a_block_begins_and_nothing_else_does(company):
    scores = rows(company, SCORES)
    inbox = company.parent / "inbox"
    (inbox / "surveys2.csv").write_text((inbox / "surveys.csv").read_text() + "\n")  # a full export, new to us
    assert "expire " in night_of(company, NEXT_BLOCK)
    assert held(company, OLD) == {"published before"}
    assert {path.split("/")[0] for path in held(company, NEW)} >= {"landed", "work", "marts"}
    assert rows(company, SCORES) == scores
    reasons = (
        "select distinct unscored_reason from marts.fct_feedback where score_01 is null and said_at < '2025-10-01'"
    )
    assert ("words_gone",) in rows(company, reasons)

    before = content(company)
    again = json.loads(voc(company, "run", "--as-of", NEXT_BLOCK, "--json"))
    assert again["already_done"]
    shutil.rmtree(company.parent / "state" / "work")
    told = night_of(company, NEXT_BLOCK)
    assert "expire" not in told
    assert "other content" not in told
    assert content(company) == before
    assert held(company, OLD) == {"published before"}


def test_a_night_that_dies_on_the_way_is_ended_by_the_next(company):
    command = [sys.executable, "-m", "voc", "run", "--config", str(company), "--as-of", NEXT_BLOCK]
    calm = shutil.copytree(company.parent, company.parent.with_name("calm"), symlinks=True) / company.name
    voc(calm, "run", "--as-of", NEXT_BLOCK)
    first = content(company)
    for point in ("expire:laid", "archive:linked", "land-archived", "expire:landed"):
        ended = subprocess.run(command, env={**os.environ, "VOC_CRASH_AT": point}, capture_output=True, check=False)
        assert ended.returncode == -signal.SIGKILL
        assert content(company) == first
    voc(company, "run", "--as-of", NEXT_BLOCK)
    assert content(company) == content(calm)
    assert held(company, OLD) == {"published before"}
