"""The gate: Great Expectations holds a table against its suite of rules. What comes back are counts, never values."""

import contextlib
import functools
import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from voc.adapters.gx.suite import FIX, Count, Rule, columns_of, count, read
from voc.adapters.sql import quoted
from voc.errors import InputError, OutsideError

_SEED = 7  # any fixed one would do: the same table gives the same sample
_FLOATS = ("DOUBLE", "FLOAT")


@dataclass(frozen=True)
class Broken:
    """One rule that a table broke. ``n_rows``: the rows that the rule looked at."""

    suite: str
    expectation: str
    column: str
    """Several are joined by a comma; empty for a rule about the whole table."""
    severity: str
    why: str
    n_unexpected: int | None
    """None where the rule judges a column as a whole."""
    n_rows: int


@dataclass(frozen=True)
class Checked:
    """What a door said of one table. ``n_rules`` are those that applied to a table of this size."""

    suite: str
    n_rows: int
    n_rules: int
    sampled: bool
    """Too many rows for pandas: rules that SQL can count were counted on all rows, the others judged on a sample."""
    broken: tuple[Broken, ...]

    @property
    def critical(self) -> tuple[Broken, ...]:
        """The broken rules that must stop the table."""
        return tuple(broken for broken in self.broken if broken.severity == "critical")


def check(connection: duckdb.DuckDBPyConnection, relation: str, suite_file: Path, *, limit: int = 2_000_000) -> Checked:
    """Which rules of ``suite_file`` the rows of ``relation`` break, in the order of the file.

    relation:  a table, or a select in parentheses; composed by the caller from checked identifiers.
    limit:     above so many rows pandas gets a repeatable sample of ``limit`` rows.
    Reads      only the columns that the suite names.
    Raises     InputError when the suite is missing or wrong, or names a column that the relation lacks;
               OutsideError when DuckDB can't read the relation. Neither quotes a value.
    """
    suite = read(suite_file)
    types, n_rows = shape_of(connection, suite.name, relation)
    if lacking := [name for name in columns_of(suite.expectations, types) if name not in types]:
        raise InputError(
            f"{suite_file}: the table has no column {', '.join(lacking)}", "correct the suite, or rebuild the table"
        )
    rules = [rule for rule in suite.expectations if rule.applies_to(n_rows)]
    sampled = n_rows > limit
    counts = {i: how for i, rule in enumerate(rules) if sampled and (how := count(rule, relation, i))}
    seen = {i: rule for i, rule in enumerate(rules) if i not in counts}
    outcomes = _counted(connection, relation, suite_file, {i: (rules[i], how) for i, how in counts.items()})
    if seen:
        frame = rows_of(connection, suite.name, relation, seen.values(), types, limit if sampled else None)
        outcomes |= _judged(frame, seen, suite_file)
    broken = tuple(
        Broken(suite.name, rule.type, ", ".join(rule.columns), rule.severity, rule.meta.why, n_unexpected, n_looked_at)
        for i, rule in enumerate(rules)
        for success, n_unexpected, n_looked_at in [outcomes[i]]
        if not success
    )
    return Checked(suite.name, n_rows, len(rules), sampled, broken)


def sentence(broken: Broken) -> str:
    """One line for a person: the table, the column, the reason of the rule and how many rows break it."""
    several = "s" if "," in broken.column else ""
    column = f" column{several} {broken.column}:" if broken.column else ""
    rows = "1 row" if broken.n_rows == 1 else f"{broken.n_rows:,} rows"
    counts = rows if broken.n_unexpected is None else f"{broken.n_unexpected:,} of {rows}"
    return f"{broken.suite}:{column} {broken.why} ({counts})"


_Outcome = tuple[bool, int | None, int]  # did it hold; rows that break it, where rows are judged; rows looked at


def _judged(frame: pd.DataFrame, rules: Mapping[int, Rule], suite_file: Path) -> dict[int, _Outcome]:
    """Great Expectations' answer to each rule."""
    context = _context()
    import great_expectations as gx

    with quiet():
        suite = gx.ExpectationSuite(suite_file.stem, [expectation(i, rule, suite_file) for i, rule in rules.items()])
        answers = ask(context, suite, frame)
    outcomes: dict[int, _Outcome] = {}
    for answer in answers.results:
        if answer.result:  # empty where the rule raised: what it raised may quote a value, so it isn't read
            outcomes[answer.expectation_config.meta["rule"]] = (
                bool(answer.success),
                answer.result.get("unexpected_count"),
                int(answer.result.get("element_count", len(frame))),
            )
    for i, rule in rules.items():
        if i not in outcomes:
            raise InputError(
                f"{suite_file}: {_named(rule)} can't be judged on this table",
                "compare its kwargs and its row_condition with the type of the column",
            )
    return outcomes


def _counted(
    connection: duckdb.DuckDBPyConnection, relation: str, suite_file: Path, counts: Mapping[int, tuple[Rule, Count]]
) -> dict[int, _Outcome]:
    """The rules that SQL counts: the kept shares, as one row, go before Great Expectations like any table."""
    if not counts:
        return {}
    numbers = ", ".join(f"{how.looked_at}, {how.judged}, {how.broken}" for _, how in counts.values())
    values = {name: value for _, how in counts.values() for name, value in how.values.items()}
    row = query(connection, suite_file.stem, f"select {numbers} from {relation}", values).iloc[0].tolist()
    triples = {i: tuple(map(int, row[3 * k : 3 * k + 3])) for k, i in enumerate(counts)}
    shares = {f"kept_{i}": [1.0 if not judged else (judged - bad) / judged] for i, (_, judged, bad) in triples.items()}
    held = {
        i: rule.model_copy(
            update={
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": f"kept_{i}", "min_value": rule.kwargs.get("mostly", 1)},
            }
        )
        for i, (rule, _) in counts.items()
    }
    answers = _judged(pd.DataFrame(shares), held, suite_file)
    return {i: (answers[i][0], bad, looked_at) for i, (looked_at, _, bad) in triples.items()}


@functools.cache
def _context() -> Any:
    """The doors' own context, once a process."""
    return new_context()


def new_context() -> Any:
    """Great Expectations without telemetry or progress bars; importing it takes seconds, so it waits until then."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    log = logging.getLogger("great_expectations")
    # it logs what a rule raised, and that may quote a value
    log.addHandler(logging.NullHandler())
    log.propagate = False
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without the warning that conditions as text go with Great Expectations 2, which pyproject.toml keeps out."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*(condition_parser|row_condition) parameter", DeprecationWarning)
        yield


def ask(context: Any, suite: Any, frame: pd.DataFrame) -> Any:
    """What Great Expectations answers when it holds ``frame`` against its ``suite``; no list of values is in it."""
    # the context would keep the last frame, with what customers wrote, in memory: hence a data source for one check
    source = context.data_sources.add_pandas("door")
    try:
        batch = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("rows")
        return batch.get_batch({"dataframe": frame}).validate(
            suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
        )
    finally:
        context.data_sources.delete("door")


def expectation(i: int, rule: Rule, suite_file: Path) -> Any:
    """The rule as Great Expectations builds it. A suite built from the file's own dicts would drop an unknown type."""
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        return ExpectationConfiguration(
            type=rule.type, kwargs=dict(rule.kwargs), severity=rule.severity, meta={"rule": i}
        ).to_domain_obj()
    except Exception as error:  # GX raises pydantic 1's errors, its own and TypeError
        message = " ".join(str(error).split())
        raise InputError(f"{suite_file}: {_named(rule)}: {message}", FIX) from None


def _named(rule: Rule) -> str:
    return f"rule {rule.type} {', '.join(rule.columns)}".rstrip()


def shape_of(connection: duckdb.DuckDBPyConnection, suite: str, relation: str) -> tuple[dict[str, str], int]:
    """The type of each column of a relation, and how many rows it has."""
    described = query(connection, suite, f"describe select * from {relation}")
    types = dict(zip(described["column_name"], described["column_type"], strict=True))
    return types, int(query(connection, suite, f"select count(*) as n from {relation}")["n"].iloc[0])


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    suite: str,
    relation: str,
    rules: Iterable[Rule],
    types: Mapping[str, str],
    sample: int | None,
) -> pd.DataFrame:
    """The columns that rules look at; a repeatable sample of so many rows, or all of them."""
    asked = ", ".join(_pulled(name, types[name]) for name in columns_of(rules, types)) or "1 as one"
    some = f"using sample reservoir({int(sample)} rows) repeatable ({_SEED})" if sample is not None else ""
    return query(connection, suite, f"select * from (select {asked} from {relation}) {some}")


def _pulled(name: str, kind: str) -> str:
    """A column for pandas, which takes NaN for empty: as infinity it still breaks a rule about bounds."""
    if kind not in _FLOATS:
        return quoted(name)
    return f"case when isnan({quoted(name)}) then 'infinity' else {quoted(name)} end as {quoted(name)}"


def query(
    connection: duckdb.DuckDBPyConnection, suite: str, sql: str, values: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """What a query finds. Raises OutsideError naming the ``suite``, never a value."""
    try:
        return connection.execute(sql, dict(values or {})).df()
    except duckdb.Error as error:
        refused = type(error).__name__
    # outside the except, so that DuckDB's own words, which may quote a value it could not cast, are left behind
    raise OutsideError(f"{suite}: DuckDB could not read the rows ({refused})", "build the table again, then check it")
