"""Publishing real DuckDB files: what is in them, what `current` leads to, what stays."""

import os
import stat
from datetime import date, datetime
from pathlib import Path

import duckdb
from support.published_marts import MONDAY, TUESDAY, add_kpi, kpis, names, night

from voc.adapters.published.manifest import STORAGE_VERSION
from voc.adapters.published.publisher import (
    Published,
    is_current,
    is_published,
    latest,
    lead_back,
    published,
    started_at,
)


def test_the_published_file_holds_the_marts_with_their_comments_and_nothing_else(work, marts):
    done = night(work, marts, "r1", MONDAY)

    assert done == Published("r1", marts / "marts-r1.duckdb", {"dim_kpi": 3, "fct_cases": 0}, True, False, True, ())
    assert names(marts) == {"marts-r1.duckdb", "marts-r1.json", "current.duckdb"}
    with duckdb.connect(str(done.path), read_only=True) as reader:
        tables = reader.execute("select schema_name, table_name, comment from duckdb_tables() order by all").fetchall()
        comments = reader.execute(
            "select column_name, comment from duckdb_columns() where not internal and comment is not null"
        ).fetchall()
        rows = reader.execute("select kpi, target, tags from marts.dim_kpi").fetchall()
    assert tables == [
        ("marts", "dim_kpi", "the company's metrics; one row each"),
        ("marts", "fct_cases", None),
    ]
    assert comments == [("target", "in the metric's own unit")]
    assert [(kpi, tags) for kpi, _, tags in rows] == [("csat", None), ("csat", ["a", "b"]), ("on_time", ["a, b"])]


def test_the_published_file_opens_with_duckdb_1_4(work, marts):
    file = night(work, marts, "r1", MONDAY).path
    head = file.read_bytes()[:20]

    # bytes 8-11 are DuckDB's mark, 12-19 the storage version; DuckDB 1.4.5 asked for v1.4.0 writes 67
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") <= 67
    with duckdb.connect(str(file), read_only=True) as reader:
        tags = reader.execute("select tags from duckdb_databases() where not internal").fetchone()[0]
    assert tags["storage_version"].startswith(STORAGE_VERSION)


def test_the_file_cannot_be_written_by_analysts_and_the_folder_is_open_to_their_group(work, marts):
    night(work, marts, "r1", MONDAY)

    assert stat.S_IMODE(marts.stat().st_mode) == 0o750
    assert {stat.S_IMODE((marts / name).stat().st_mode) for name in ("marts-r1.duckdb", "marts-r1.json")} == {0o440}


def test_current_is_a_relative_link_so_that_the_state_folder_can_be_moved(work, marts, tmp_path):
    night(work, marts, "r1", MONDAY)
    moved = marts.rename(tmp_path / "elsewhere")

    assert (moved / "current.duckdb").readlink() == Path("marts-r1.duckdb")
    assert kpis(moved / "current.duckdb") == 3


def test_the_same_run_again_writes_nothing(work, marts):
    def written() -> dict[str, tuple[int, ...]]:
        # not the time of access, which reading moves
        found = {name: (marts / name).lstat() for name in names(marts)}
        return {name: (s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for name, s in found.items()}

    night(work, marts, "r1", MONDAY)
    before = written()

    again = night(work, marts, "r1", MONDAY)

    rows = {"dim_kpi": 3, "fct_cases": 0}
    assert (again.is_new, again.differs, again.is_current, again.rows) == (False, False, True, rows)
    assert written() == before


def test_the_same_run_with_other_content_leaves_the_published_file_and_says_so(work, marts):
    night(work, marts, "r1", MONDAY)
    add_kpi(work)

    again = night(work, marts, "r1", MONDAY)

    assert (again.is_new, again.differs, again.rows["dim_kpi"]) == (False, True, 3)
    assert kpis(marts / "current.duckdb") == 3


def test_an_older_night_is_published_but_not_made_current(work, marts):
    night(work, marts, "r2", TUESDAY)
    older = night(work, marts, "r1", MONDAY)

    assert (older.is_new, older.is_current) == (True, False)
    assert kpis(older.path) == 3
    assert latest(marts).run_id == "r2"
    assert [manifest.run_id for manifest in published(marts)] == ["r1", "r2"]


def test_a_rebuilt_night_of_the_same_day_becomes_current(work, marts):
    night(work, marts, "r1", MONDAY)
    add_kpi(work)

    assert night(work, marts, "r1b", MONDAY).is_current
    assert kpis(marts / "current.duckdb") == 4


def test_current_is_led_back_to_an_earlier_run_of_the_newest_day(work, marts):
    night(work, marts, "r1", MONDAY)
    night(work, marts, "r2", MONDAY)
    assert lead_back(marts, "r1")
    assert is_current(marts, "r1")


def test_current_is_not_led_back_to_an_older_day(work, marts):
    night(work, marts, "r1", MONDAY)
    night(work, marts, "r2", TUESDAY)
    assert not lead_back(marts, "r1")
    assert is_current(marts, "r2")


def test_only_the_last_published_stay_and_current_among_them_whatever_its_age(work, marts):
    night(work, marts, "newest", date(2026, 3, 31))
    os.utime(marts / "marts-newest.json", (1, 1))
    for day in range(1, 4):
        night(work, marts, f"r{day}", date(2026, 3, day))

    done = night(work, marts, "r4", date(2026, 3, 4), keep=2)

    assert done.pruned == ("r2", "r1")
    assert [manifest.run_id for manifest in published(marts)] == ["r4", "r3", "newest"]
    assert latest(marts).run_id == "newest"
    assert {name for name in names(marts) if name.startswith(("marts-r1", "marts-r2"))} == set()


def test_of_two_published_at_the_same_instant_the_later_name_stays(work, marts):
    for run_id in ("a", "b"):
        night(work, marts, run_id, MONDAY)
        os.utime(marts / f"marts-{run_id}.json", (1, 1))

    assert night(work, marts, "c", MONDAY, keep=2).pruned == ("a",)


def test_what_the_work_connection_has_not_committed_is_not_published(work, marts):
    work.execute("begin")
    add_kpi(work)
    assert night(work, marts, "r1", MONDAY).rows["dim_kpi"] == 3
    work.execute("commit")
    assert work.execute("select count(*) from marts.dim_kpi").fetchone() == (4,)


def test_a_run_can_be_asked_for_by_its_id(work, marts):
    work.execute("create table marts.mart_run as select timestamp '2026-03-02 01:00:00' as started_at")
    assert (is_published(marts, "r1"), is_current(marts, "r1"), started_at(marts, "r1")) == (False, False, None)

    night(work, marts, "r1", MONDAY)
    night(work, marts, "r2", TUESDAY)

    assert (is_published(marts, "r1"), is_current(marts, "r1"), is_current(marts, "r2")) == (True, False, True)
    assert started_at(marts, "r1") == datetime(2026, 3, 2, 1)  # noqa: DTZ001  stored as naive UTC
