"""Suite files: what is refused in one, and that SQL counts a rule exactly as Great Expectations judges it."""

from pathlib import Path

import duckdb
import pytest
from support.doors import FILLED, SUITE, door, rule

from voc.adapters.gx import gate, suite
from voc.errors import InputError


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


# Suites that are wrong


def refused(connection, suite_file=SUITE) -> InputError:
    with pytest.raises(InputError) as caught:
        gate.check(connection, "(select 1 as a, 'x' as word)", suite_file)
    assert caught.value.fix
    return caught.value


def test_a_missing_suite_is_said_by_name(connection):
    assert "nowhere.yml" in refused(connection, Path("nowhere.yml")).what


def test_a_file_that_is_not_yaml_is_said_with_its_line(connection):
    SUITE.write_text("name: door\nexpectations: [\n")
    assert "door.yml, line 3" in refused(connection).what


@pytest.mark.parametrize(
    "content", ["", "just words", "name: door", "name: door\nexpectations: []", "name: door\nexpectations: [3]"]
)
def test_a_file_without_rules_is_refused(connection, content):
    SUITE.write_text(content)
    assert "door.yml" in refused(connection).what


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (FILLED | {"meta": {}}, "meta.why"),
        (FILLED | {"severity": "fatal"}, "severity"),
        (FILLED | {"type": "expect_a_miracle"}, "expect_a_miracle"),
        (FILLED | {"kwargs": {"colum": "a"}}, "colum"),
        (FILLED | {"kwargs": {"column": "b"}}, "column b"),
        (FILLED | {"kwarg": {}}, "kwarg"),
        (rule("expect_column_values_to_be_between", column="word", min_value=0), "word"),
        (rule(FILLED["type"], column="a", row_condition="b ==", condition_parser="pandas"), "column a"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_never_passed_over_in_silence(connection, wrong, said):
    what = refused(connection, door(FILLED, wrong)).what
    assert "door.yml" in what
    assert said.removeprefix("column ") in what


def test_the_third_rule_is_called_the_third(connection):
    assert (
        "rule 3 (expect_column_values_to_not_be_null)"
        in refused(connection, door(FILLED, FILLED, FILLED | {"meta": {}})).what
    )


# Large tables

COUNTED = [
    rule("expect_column_values_to_not_be_null", column="id"),
    rule("expect_column_values_to_not_be_null", column="id", mostly=0.5),
    rule("expect_column_values_to_be_null", column="value", row_condition="kind != 'share'", condition_parser="pandas"),
    rule("expect_column_values_to_be_unique", column="id"),
    rule("expect_compound_columns_to_be_unique", column_list=["id", "week"]),
    rule("expect_column_values_to_be_between", column="value", min_value=0, max_value=1),
    rule("expect_column_values_to_be_between", column="value", min_value=0, max_value=1, strict_max=True,
         strict_min=True),
    rule("expect_column_values_to_be_between", column="value", max_value=1, mostly=0.95,
         row_condition="kind in ('share', 'pct') and good == True", condition_parser="pandas"),
    rule("expect_column_values_to_not_be_null", column="week", row_condition="value == value",
         condition_parser="pandas"),
]  # fmt: skip


@pytest.fixture
def table(connection):
    connection.execute("""
        create table t as select
            if(i % 10 = 0, null, 'c' || (i % 4000)) as id,
            if(i % 7 = 0, null, date '2026-01-05' + 7 * (i % 3)::int) as week,
            case when i % 11 = 0 then null when i % 13 = 0 then 'nan'::double else (i % 111) / 100.0 end as value,
            case i % 4 when 0 then 'share' when 1 then 'pct' when 2 then 'count' end as kind,
            case i % 3 when 0 then true when 1 then false end as good
        from range(5000) t(i)
    """)
    return connection


def test_counting_in_sql_and_judging_in_pandas_give_the_same_answer(table):
    whole, counted = (gate.check(table, "t", door(*COUNTED), limit=limit) for limit in (5000, 1000))

    assert (whole.sampled, counted.sampled) == (False, True)
    assert len(whole.broken) == len(COUNTED) - 1  # half of the ids are filled
    assert counted.broken == whole.broken


def test_one_bad_row_in_a_large_table_is_found_whatever_the_sample(connection):
    connection.execute(
        "create table t as select i::varchar as a, if(i = 4999, 2, 0.5)::double as p from range(5000) t(i)"
    )
    connection.execute("insert into t values ('17', 0.5), (null, 0.5)")
    rules = [
        FILLED,
        rule("expect_column_values_to_be_unique", column="a"),
        rule("expect_column_values_to_be_between", column="p", min_value=0, max_value=1),
    ]

    checked = gate.check(connection, "t", door(*rules), limit=10)

    assert [(b.n_unexpected, b.n_rows) for b in checked.broken] == [(1, 5002), (2, 5002), (1, 5002)]


def test_a_sample_is_the_same_every_time(table):
    kinds = rule("expect_column_values_to_be_in_set", column="kind", value_set=["share"])
    checks = []
    for threads in (2, 1, 2):
        table.execute(f"set threads = {threads}")
        checks.append(gate.check(table, "t", door(kinds), limit=1000))

    assert checks[0] == checks[1] == checks[2]
    assert checks[0].sampled
    assert checks[0].broken[0].n_rows == 1000
    assert 400 < checks[0].broken[0].n_unexpected < 600  # half of the rows, give or take the chance of a sample


def test_the_columns_of_a_condition_are_read_too():
    conditional = suite.Rule.model_validate(FILLED | {"kwargs": {"column": "a", "row_condition": "unit == 'share'"}})
    assert suite.columns_of([conditional], ["a", "unit", "other"]) == ["a", "unit"]
