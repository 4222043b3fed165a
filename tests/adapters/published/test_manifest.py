"""The manifest: the same for the same content, another for any other."""

import duckdb
import pytest
from support.published_marts import MONDAY, TUESDAY, kpis, night

from voc.adapters.published.manifest import content_of, read_manifest
from voc.adapters.published.publisher import latest
from voc.errors import OutsideError


def test_the_manifest_says_what_is_in_the_file(work, marts):
    file = night(work, marts, "r1", MONDAY).path
    manifest = latest(marts)

    assert manifest is not None
    assert (manifest.run_id, manifest.as_of, list(manifest.inputs)) == ("r1", MONDAY, ["0a0a", "5e5e"])
    assert set(manifest.versions) == {"voc", "duckdb", "dbt-core", "scikit-learn", "pandas", "numpy"}
    assert manifest == read_manifest(file.with_suffix(".json"))
    with duckdb.connect(str(file), read_only=True) as reader:
        assert content_of(reader) == manifest.tables


def test_the_order_of_rows_and_the_machines_time_zone_do_not_change_the_manifest(work, marts):
    night(work, marts, "r1", MONDAY)
    work.execute("create or replace table marts.dim_kpi as from marts.dim_kpi order by all desc")
    work.execute("set global timezone = 'Asia/Tokyo'")
    elsewhere = marts.with_name("marts again")
    night(work, elsewhere, "r1", MONDAY)

    assert (elsewhere / "marts-r1.json").read_bytes() == (marts / "marts-r1.json").read_bytes()
    assert work.execute("select current_setting('timezone')").fetchone() == ("Asia/Tokyo",)


@pytest.mark.parametrize(
    "change",
    [
        "update marts.dim_kpi set tags = ['a, b'] where tags = ['a', 'b']",
        "update marts.dim_kpi set target = 0 where target is null",
        "insert into marts.dim_kpi from marts.dim_kpi limit 1",
        "alter table marts.fct_cases rename column case_id to id",
        "alter table marts.fct_cases alter case_id type integer",
        "create table marts.new as select 1 as one",
    ],
)
def test_any_change_of_content_changes_the_manifest(work, change):
    before = content_of(work)
    work.execute(change)
    assert content_of(work) != before


def test_a_manifest_that_cannot_be_read_is_named(work, marts):
    night(work, marts, "r1", MONDAY)
    (marts / "marts-r1.json").chmod(0o640)
    (marts / "marts-r1.json").write_text("{}")

    with pytest.raises(OutsideError, match=r"marts-r1\.json is not a readable manifest"):
        night(work, marts, "r2", TUESDAY)
    assert kpis(marts / "current.duckdb") == 3


def test_when_a_run_began_is_not_part_of_what_it_holds():
    contents = []
    for began in ("2026-03-02 02:00:00", "2026-03-02 03:30:00"):
        with duckdb.connect() as connection:
            connection.execute("create schema marts")
            run = f"select 'r' as run_id, timestamp '{began}' as started_at"
            connection.execute(f"create table marts.mart_run as {run}")
            contents.append(content_of(connection))
    assert contents[0] == contents[1]
