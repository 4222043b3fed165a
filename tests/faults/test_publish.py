"""Killing a publish wherever it stands, and reading while it goes on; real files, real processes, SIGKILL."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from voc.adapters.published.manifest import content_of
from voc.adapters.published.publisher import latest, publish

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)

PUBLISH = """
import sys, duckdb
from datetime import date
from pathlib import Path
from voc.adapters.published.publisher import publish
state, nights = Path(sys.argv[1]), sys.argv[2:]
with duckdb.connect(str(state / "work.duckdb")) as work:
    print("ready", flush=True)
    for as_of in nights:
        publish(work, marts=state / "marts", run_id=as_of, as_of=date.fromisoformat(as_of), inputs={}, keep=2)
"""

ANALYST = """
import select, sys, duckdb
session = duckdb.connect(sys.argv[1], read_only=True)
seen, asked = set(), 0
while not select.select([sys.stdin], [], [], 0)[0]:
    seen.add(session.execute("select count(*) from marts.t").fetchone()[0])
    asked += 1
    if asked == 1:
        print("reading", flush=True)
with duckdb.connect(sys.argv[1], read_only=True) as fresh:
    print(sorted(seen), asked > 1, fresh.execute("select count(*) from marts.t").fetchone()[0])
"""


def child(script: str, *arguments: str, crash_at: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | {"VOC_CRASH_AT": crash_at},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def fill(state: Path, rows: int) -> None:
    with duckdb.connect(str(state / "work.duckdb")) as work:
        work.execute("create schema if not exists marts")
        work.execute(
            f"create or replace table marts.t as select i, md5(i::varchar) as text from range({rows}) as r (i)"
        )


def publish_here(state: Path, marts: Path, as_of: date) -> None:
    with duckdb.connect(str(state / "work.duckdb")) as work:
        publish(work, marts=marts, run_id=as_of.isoformat(), as_of=as_of, inputs={}, keep=2)


def rows_in_current(state: Path) -> int:
    """Rows that a new session reads, after holding the file against its manifest."""
    manifest = latest(state / "marts")
    with duckdb.connect(str(state / "marts" / "current.duckdb"), read_only=True) as reader:
        assert manifest is not None
        assert content_of(reader) == manifest.tables
    return manifest.tables["t"].rows


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("point", "tonight_is_current"),
    [("publish:copied", False), ("publish:manifest", False), ("publish:renamed", False), ("publish:swapped", True)],
)
def test_a_publish_killed_at_any_point_leaves_a_whole_current_and_the_next_one_heals(
    tmp_path, point, tonight_is_current
):
    fill(tmp_path, 10)
    publish_here(tmp_path, tmp_path / "marts", MONDAY)
    fill(tmp_path, 20)

    with child(PUBLISH, str(tmp_path), str(TUESDAY), crash_at=point) as killed:
        assert killed.wait() == -signal.SIGKILL
    assert rows_in_current(tmp_path) == (20 if tonight_is_current else 10)
    assert all(file.with_suffix(".json").exists() for file in (tmp_path / "marts").glob("marts-*.duckdb"))

    with child(PUBLISH, str(tmp_path), str(TUESDAY)) as again:
        assert again.wait() == 0
    publish_here(tmp_path, tmp_path / "undisturbed", TUESDAY)

    assert rows_in_current(tmp_path) == 20
    page = f"marts-{TUESDAY}.json"
    assert (tmp_path / "marts" / page).read_bytes() == (tmp_path / "undisturbed" / page).read_bytes()
    assert names(tmp_path / "marts") == {"current.duckdb"} | {
        f"marts-{day}.{kind}" for day in (MONDAY, TUESDAY) for kind in ("duckdb", "json")
    }


def test_a_publish_killed_at_any_moment_leaves_a_whole_current(tmp_path):
    fill(tmp_path, 20_000)
    publish_here(tmp_path, tmp_path / "marts", MONDAY)
    moments = random.Random(7)
    days = [date.fromordinal(TUESDAY.toordinal() + n).isoformat() for n in range(200)]

    for _ in range(6):
        with child(PUBLISH, str(tmp_path), *days) as publishing:
            assert publishing.stdout is not None
            assert publishing.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0.01, 0.4))
            publishing.kill()
            assert publishing.wait() == -signal.SIGKILL
        assert rows_in_current(tmp_path) == 20_000

    publish_here(tmp_path, tmp_path / "marts", date(2027, 3, 1))
    left = names(tmp_path / "marts")
    assert rows_in_current(tmp_path) == 20_000
    assert len(left) == 5, "current and the last two nights, each with its manifest"
    assert not [name for name in left if name.startswith(".") or name.endswith(".wal")]


def test_an_analysts_open_session_keeps_reading_its_night_and_blocks_nothing(tmp_path):
    fill(tmp_path, 10)
    publish_here(tmp_path, tmp_path / "marts", MONDAY)
    fill(tmp_path, 50_000)

    with child(ANALYST, str(tmp_path / "marts" / "current.duckdb")) as analyst:
        assert analyst.stdout is not None
        assert analyst.stdout.readline() == "reading\n"
        publish_here(tmp_path, tmp_path / "marts", TUESDAY)
        assert rows_in_current(tmp_path) == 50_000
        said, _ = analyst.communicate("enough\n", timeout=60)

    assert said == "[10] True 50000\n", "the old session its night, a new session of the same process the new one"


def test_a_session_that_is_open_while_its_file_is_pruned_keeps_reading(tmp_path):
    fill(tmp_path, 10)
    publish_here(tmp_path, tmp_path / "marts", MONDAY)
    with child(ANALYST, str(tmp_path / "marts" / "current.duckdb")) as analyst:
        assert analyst.stdout is not None
        assert analyst.stdout.readline() == "reading\n"
        for later in range(1, 4):
            publish_here(tmp_path, tmp_path / "marts", date.fromordinal(MONDAY.toordinal() + later))
        assert f"marts-{MONDAY}.duckdb" not in names(tmp_path / "marts")
        said, _ = analyst.communicate("enough\n", timeout=60)

    assert said == "[10] True 10\n"
