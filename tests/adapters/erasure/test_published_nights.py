"""A published night without one customer: whole, under its old name, and agreeing with its manifest."""

from datetime import date

import duckdb
import pytest

from voc.adapters.erasure import leftovers
from voc.adapters.erasure.published_nights import from_night
from voc.adapters.published import manifest, publisher
from voc.domain.forgotten import Person

WHO = Person("42", ("Zorvan Ltd",))
TABLES = """
create schema marts;
create table marts.dim_customer as from (values ('42', 'Zorvan Ltd'), ('43', 'Acme')) t (customer_id, name);
create table marts.fct_feedback as from (values ('nps:1', '42'), ('nps:2', '43')) t (feedback_id, customer_id);
create table marts.fct_feedback_theme as from (values ('nps:1', 'price'), ('nps:2', 'price')) t (feedback_id, theme);
create table marts.mart_theme_growth as select 'price' as theme, ['nps:1', 'nps:2'] as examples;
create table marts.fct_contradictions as
from (values ('a', 'customer', '42', '42'), ('b', 'region', '42', null))
t (contradiction_id, level, subject, customer_id);
create table marts.fct_case_evidence as
from (values ('a', 'kpi', '42'), ('b', 'member', '42'), ('b', 'member', '43'), ('b', 'theme_item', 'nps:1'))
t (contradiction_id, part, name);
create table marts.mart_group_week as from (values ('region', '42', 2)) t (level, subject, n_customers);
create table marts.mart_run as select 'as zorvan  ltd said' as calibration_verdict, 42 as n_customers;
comment on table marts.dim_customer is 'who they are';
"""


@pytest.fixture
def night(tmp_path):
    """(folder, run) of a night in which a region is called as the customer is."""
    with duckdb.connect() as work:
        work.execute(TABLES)
        publisher.publish(work, marts=tmp_path / "marts", run_id="2026-03-01-aaaa", as_of=date(2026, 3, 1), inputs={})
    return tmp_path / "marts", publisher.latest(tmp_path / "marts")


def test_its_rows_and_what_they_name_go_and_the_rest_stays(night):
    marts, run = night
    assert leftovers.search(marts.parent, WHO, lambda source: ("utf-8", {})) != []
    assert from_night(marts, run, WHO) == 9
    with duckdb.connect(str(marts / "current.duckdb"), read_only=True) as connection:
        ask = {
            table: connection.execute(f"from marts.{table} order by all").fetchall()
            for (table,) in connection.execute("select table_name from duckdb_tables").fetchall()
        }
        comment = connection.execute("select comment from duckdb_tables where table_name = 'dim_customer'").fetchone()
    assert ask == {
        "dim_customer": [("43", "Acme")],
        "fct_feedback": [("nps:2", "43")],
        "fct_feedback_theme": [("nps:2", "price")],
        "mart_theme_growth": [("price", ["nps:2"])],
        "fct_contradictions": [("b", "region", "42", None)],
        "fct_case_evidence": [("b", "member", "43")],
        "mart_group_week": [("region", "42", 2)],
        "mart_run": [("as [forgotten] said", 42)],
    }
    assert comment == ("who they are",)
    assert leftovers.search(marts.parent, WHO, lambda source: ("utf-8", {})) == []


def test_the_manifest_agrees_and_an_open_session_reads_on(night):
    marts, run = night
    with duckdb.connect(str(marts / "current.duckdb"), read_only=True) as analyst:
        from_night(marts, run, WHO)
        assert analyst.execute("select count(*) from marts.dim_customer").fetchone() == (2,)
    current = publisher.latest(marts)
    with duckdb.connect(str(marts / "current.duckdb"), read_only=True) as connection:
        assert manifest.content_of(connection) == current.tables
    assert (current.run_id, current.tables["dim_customer"].rows) == (run.run_id, 1)
    assert sorted(path.name for path in marts.iterdir()) == [
        "current.duckdb", "marts-2026-03-01-aaaa.duckdb", "marts-2026-03-01-aaaa.json",
    ]  # fmt: skip


def test_a_night_without_it_keeps_its_file(night):
    marts, run = night
    before = publisher.file_of(marts, run.run_id).stat()
    assert from_night(marts, run, Person("44", ())) == 0
    assert publisher.file_of(marts, run.run_id).stat().st_ino == before.st_ino


def test_a_file_that_its_manifest_does_not_describe_is_made_to_agree(night):
    marts, run = night
    whole = publisher.file_of(marts, run.run_id).read_bytes()
    from_night(marts, run, WHO)
    publisher.file_of(marts, run.run_id).unlink()
    publisher.file_of(marts, run.run_id).write_bytes(whole)  # a death between the two names
    from_night(marts, publisher.latest(marts), WHO)
    with duckdb.connect(str(marts / "current.duckdb"), read_only=True) as connection:
        assert manifest.content_of(connection) == publisher.latest(marts).tables
        assert connection.execute("select count(*) from marts.dim_customer").fetchone() == (1,)
