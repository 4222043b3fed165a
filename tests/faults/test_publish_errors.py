"""Publishing when the disk, the folder or the marts themselves are at fault."""

import resource

import pytest
from support.published_marts import MONDAY, TUESDAY, kpis, names, night

from voc.adapters.published.publisher import latest
from voc.errors import InputError, OutsideError


def test_a_damaged_published_file_is_made_anew(work, marts):
    file = night(work, marts, "r1", MONDAY).path
    whole = file.read_bytes()
    file.chmod(0o640)
    file.write_bytes(whole[: len(whole) // 2])

    assert night(work, marts, "r1", MONDAY).is_new
    assert kpis(marts / "current.duckdb") == 3


@pytest.mark.parametrize("broken", ["missing", "dangling", "a plain file"])
def test_a_broken_current_heals_to_the_newest_night(work, marts, broken):
    night(work, marts, "r2", TUESDAY)
    current = marts / "current.duckdb"
    current.unlink()
    if broken == "dangling":
        current.symlink_to("marts-gone.duckdb")
    elif broken == "a plain file":
        current.write_bytes(b"not a database")
    assert latest(marts) is None

    night(work, marts, "r1", MONDAY)

    assert latest(marts).run_id == "r2"
    assert kpis(current) == 3


def test_what_dead_publishes_left_is_removed_and_strange_files_are_not(work, marts):
    marts.mkdir()
    for left in (".publishing.duckdb", ".publishing.duckdb.wal", ".publishing.link", "marts-half.json"):
        (marts / left).write_text("left by a killed publish")
    (marts / "marts-unknown.duckdb").write_text("nobody's")

    night(work, marts, "r1", MONDAY, keep=1)

    assert names(marts) == {"marts-r1.duckdb", "marts-r1.json", "current.duckdb", "marts-unknown.duckdb"}


def test_marts_that_are_empty_are_refused_and_yesterday_stays(work, marts):
    night(work, marts, "r1", MONDAY)
    work.execute("drop schema marts cascade")

    with pytest.raises(InputError, match="no table in schema marts"):
        night(work, marts, "r2", TUESDAY)
    assert latest(marts).run_id == "r1"


@pytest.mark.parametrize("largest", [4096, 100_000, 1_000_000])
def test_a_disk_that_takes_no_more_leaves_yesterday_and_a_usable_work_file(work, marts, largest):
    """A limit on the size of a file stands in for the full disk: the same call fails in the same place."""
    night(work, marts, "r1", MONDAY)
    work.execute("create table marts.wide as select i, md5(i::varchar) as text from range(100000) as r (i)")
    work.execute("checkpoint")
    before = names(marts)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        with pytest.raises(OutsideError, match="File too large") as failed:
            night(work, marts, "r2", TUESDAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert "space" in failed.value.fix
    assert names(marts) == before
    assert kpis(marts / "current.duckdb") == 3
    attached = "select database_name from duckdb_databases() where not internal"
    assert work.execute(attached).fetchall() == [("warehouse",)]
    assert night(work, marts, "r2", TUESDAY).rows["wide"] == 100_000


def test_an_error_in_the_marts_is_reported_without_the_customers_words(work, marts):
    work.execute("create table marts.fct_feedback as select 'my card is 1234' as text")
    work.execute("create view marts.broken as select text::integer as number from marts.fct_feedback")

    with pytest.raises(OutsideError, match="ConversionException") as failed:
        night(work, marts, "r1", MONDAY)

    assert "1234" not in str(failed.value)
    assert names(marts) == set()
