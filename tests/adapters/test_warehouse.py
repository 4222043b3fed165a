"""The work file through upgrades: it is thrown away rather than migrated, and only then."""

import duckdb
import pytest

from voc.adapters import warehouse


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
