"""Small real marts in a work file, and ways to publish and read them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from voc.adapters.published.publisher import Published, publish

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)

MARTS = """
create schema stg;
create table stg.secret as select 'never published' as text;
create schema marts;
create table marts.dim_kpi (kpi varchar not null, target double, tags varchar[], measured_at timestamptz);
insert into marts.dim_kpi values
    ('on_time', 0.95, ['a, b'], '2026-03-01 12:00:00+00'),
    ('csat', null, ['a', 'b'], null),
    ('csat', 'nan', null, null);
create table marts.fct_cases (case_id varchar);
comment on table marts.dim_kpi is 'the company''s metrics; one row each';
comment on column marts.dim_kpi.target is 'in the metric''s own unit';
"""


@contextmanager
def small_work_file(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A work file with marts in ``folder``, open for writing."""
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(MARTS)
        yield connection


def night(work: duckdb.DuckDBPyConnection, marts: Path, run_id: str, as_of: date, **options) -> Published:
    return publish(work, marts=marts, run_id=run_id, as_of=as_of, inputs={"5e5e": "nps", "0a0a": "bi"}, **options)


def kpis(file: Path) -> int:
    with duckdb.connect(str(file), read_only=True) as reader:
        return reader.execute("select count(*) from marts.dim_kpi").fetchone()[0]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def add_kpi(work: duckdb.DuckDBPyConnection) -> None:
    work.execute("insert into marts.dim_kpi (kpi) values ('another')")
