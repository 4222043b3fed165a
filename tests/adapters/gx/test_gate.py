"""The gate on real tables: what it says, what it counts, and what it never says."""

import gc
import logging
import pickle
import subprocess
import sys
import traceback
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.doors import FILLED, SUITE, door, rule

from voc.adapters.gx import gate
from voc.errors import InputError, OutsideError

CANARY = "canary-7c1f"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


# What it says


def test_a_broken_rule_is_one_line_with_the_reason_and_the_counts(connection):
    connection.execute(
        "create table t as select if(i < 1204, 95.0, 0.5) as value, 'share' as unit from range(5000) t(i)"
    )
    share = rule(
        "expect_column_values_to_be_between", column="value", min_value=0, max_value=1, mostly=0.99,
        why="a share must lie in [0, 1]", row_condition="unit == 'share'", condition_parser="pandas",
    )  # fmt: skip

    checked = gate.check(connection, "t", door(share))

    assert (checked.suite, checked.n_rows, checked.n_rules, checked.sampled) == ("door", 5000, 1, False)
    (line,) = map(gate.sentence, checked.critical)
    assert line == "door: column value: a share must lie in [0, 1] (1,204 of 5,000 rows)"


def test_a_rule_about_two_columns_or_the_table_names_them_or_none(connection):
    connection.execute("create table t as from (values (1, 1), (1, 1)) t(a, b)")

    checked = gate.check(
        connection,
        "t",
        door(
            rule("expect_compound_columns_to_be_unique", column_list=["a", "b"], why="one row a key"),
            rule("expect_table_row_count_to_equal", value=1, why="one run"),
        ),
    )

    assert [gate.sentence(broken) for broken in checked.broken] == [
        "door: columns a, b: one row a key (2 of 2 rows)",
        "door: one run (2 rows)",
    ]


def test_a_warning_does_not_stop_a_table(connection):
    connection.execute("create table t as select null::varchar as a")
    checked = gate.check(connection, "t", door(FILLED | {"severity": "warning"}))
    assert (len(checked.broken), checked.critical) == (1, ())


def test_broken_rules_come_in_the_order_of_the_file(connection):
    connection.execute("create table t as select null::int as a, null::int as b, null::int as c")
    rules = [rule("expect_column_values_to_not_be_null", column=name) for name in "cab"]
    assert [broken.column for broken in gate.check(connection, "t", door(*rules)).broken] == ["c", "a", "b"]


def test_a_check_of_one_table_remembers_nothing_of_the_table_before(connection):
    for rows, n_broken in (
        ("(values (1), (null)) t(a)", 1),
        ("(values (1), (2)) t(a)", 0),
        ("(select null::int as a)", 1),
    ):
        assert len(gate.check(connection, f"(select * from {rows})", door(FILLED)).broken) == n_broken


# Types and emptiness


@pytest.mark.parametrize("kind", ["varchar", "double", "integer", "decimal(9, 2)", "boolean", "date", "timestamp"])
def test_a_column_that_is_empty_throughout_is_only_guilty_of_being_empty(connection, kind):
    connection.execute(f"create table t as select null::{kind} as a, i as b from range(3) t(i)")

    checked = gate.check(
        connection,
        "t",
        door(
            FILLED,
            rule("expect_column_values_to_be_null", column="a"),
            rule("expect_column_values_to_be_unique", column="a"),
            rule("expect_column_values_to_be_in_set", column="a", value_set=[1]),
            rule("expect_column_values_to_not_be_null", column="b", row_condition="a == a", condition_parser="pandas"),
        ),
    )

    assert [(broken.expectation, broken.n_unexpected) for broken in checked.broken] == [(FILLED["type"], 3)]


@pytest.mark.parametrize("kind", ["date", "timestamp"])
@pytest.mark.parametrize("limit", [2_000_000, 1])
def test_days_and_times_are_held_to_bounds(connection, kind, limit):
    connection.execute(f"create table t as select unnest(['1970-01-01', '2026-01-01', null])::{kind} as a")
    SUITE.write_text(
        "name: door\nexpectations:\n  - {type: expect_column_values_to_be_between, severity: warning, "
        "kwargs: {column: a, min_value: 2000-01-01 00:00:00}, meta: {why: filled in}}\n"
    )
    (broken,) = gate.check(connection, "t", SUITE, limit=limit).broken
    assert (broken.n_unexpected, broken.n_rows) == (1, 3)


@pytest.mark.parametrize("limit", [2_000_000, 1])
@pytest.mark.parametrize("value", ["nan", "infinity", "-infinity"])
def test_a_value_that_is_no_number_does_not_slip_through_as_an_empty_one(connection, value, limit):
    connection.execute(f"create table t as select unnest([0.5, '{value}'::double]) as a")
    bounds = rule("expect_column_values_to_be_between", column="a", min_value=0, max_value=1)
    (broken,) = gate.check(connection, "t", door(bounds), limit=limit).broken
    assert broken.n_unexpected == 1


def test_a_rule_for_many_rows_says_nothing_of_few(connection):
    connection.execute("create table t as select 5 as a from range(1000)")
    two = rule("expect_column_unique_value_count_to_be_between", column="a", min_value=2, from_rows=1000)

    few = gate.check(connection, "(select * from t limit 999)", door(two))

    assert (few.n_rules, few.broken) == (0, ())
    assert len(gate.check(connection, "t", SUITE).broken) == 1


def test_only_the_columns_that_the_suite_names_are_read(connection):
    connection.execute("create table t as select 1 as a, 'x' as secret")
    # reading `secret` would fail here
    checked = gate.check(connection, "(select a, secret::integer as secret from t)", door(FILLED))
    assert checked.broken == ()


# What it never says


def test_no_value_is_returned_raised_or_logged(connection, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    connection.execute(f"create table t as select '{CANARY}' as id, '{CANARY} is my name' as comment from range(3)")
    text = {"column": "comment"}
    all_broken = [
        rule("expect_column_values_to_be_unique", column="id"),
        rule("expect_column_values_to_be_null", **text),
        rule("expect_column_values_to_be_in_set", value_set=["x"], **text),
        rule("expect_column_values_to_match_regex", regex="^x$", **text),
        rule("expect_compound_columns_to_be_unique", column_list=["id", "comment"]),
        rule("expect_column_pair_values_a_to_be_greater_than_b", column_A="id", column_B="comment"),
        rule("expect_column_unique_value_count_to_be_between", min_value=2, **text),
    ]
    said = []
    for limit in (10, 1):
        checked = gate.check(connection, "t", door(*all_broken), limit=limit)
        assert len(checked.broken) == len(all_broken)
        said += [repr(checked), str(pickle.dumps(checked)), *map(gate.sentence, checked.broken)]

    raising = [
        ("t", rule("expect_column_values_to_be_between", min_value=0, **text), InputError),
        ("t", rule(FILLED["type"], row_condition="id + 1 > 0", condition_parser="pandas", **text), InputError),
        ("(select comment::integer as comment from t)", rule("expect_column_values_to_be_null", **text), OutsideError),
    ]  # fmt: skip
    for relation, wrong, kind in raising:
        for limit in (10, 1):
            with pytest.raises((InputError, OutsideError)) as caught:
                gate.check(connection, relation, door(wrong), limit=limit)
            assert isinstance(caught.value, kind) or limit == 1  # counted in SQL, DuckDB is the one that stumbles
            assert caught.value.__context__ is None
            said += [repr(caught.value), str(caught.value), *traceback.format_exception_only(caught.value)]

    said += [caplog.text, *capfd.readouterr(), *(file.read_text() for file in Path.cwd().rglob("*") if file.is_file())]
    assert len(said) > 20
    assert [one for one in said if CANARY in one] == []


def test_no_row_stays_in_memory_after_a_check(connection):
    connection.execute(f"create table t as select '{CANARY}' as only_here")
    gate.check(connection, "t", door(rule("expect_column_values_to_be_unique", column="only_here")))
    gc.collect()
    assert [one for one in gc.get_objects() if isinstance(one, pd.DataFrame) and "only_here" in one.columns] == []


PROBE = """
import sys, duckdb
from pathlib import Path
from voc.adapters.gx import gate
assert not any(name.startswith("great_expectations") for name in sys.modules), "imported before it is needed"
with duckdb.connect() as connection:
    connection.execute("create table t as select null::varchar as a from range(100000)")
    assert gate.check(connection, "t", Path("door.yml")).critical
import os
assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
"""


@pytest.mark.slow  # a fresh process imports Great Expectations anew
def test_a_check_leaves_the_terminal_and_the_disk_as_they_were(tmp_path):
    door(
        FILLED, rule("expect_column_values_to_be_unique", column="a", row_condition="a == a", condition_parser="pandas")
    )
    before = sorted(tmp_path.rglob("*"))

    run = subprocess.run(
        [sys.executable, "-B", "-c", PROBE], cwd=tmp_path, env={"HOME": str(tmp_path)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert sorted(tmp_path.rglob("*")) == before
