"""Somebody is taken out of a DuckDB database, and out of every published night."""

import shutil
from pathlib import Path

import duckdb

from voc.adapters.disk import sync
from voc.adapters.erasure.table_rows import delete, shorten_lists, take_out_words
from voc.adapters.published.manifest import Manifest, content_of
from voc.adapters.published.marts_copy import copy_marts
from voc.adapters.published.publisher import UNFINISHED, file_of
from voc.adapters.sql import quoted
from voc.domain.forgotten import Person
from voc.errors import OutsideError

_MARTS_COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_catalog = current_database() and table_schema = 'marts' order by all
"""
_NAMES_OTHERS = {"fct_feedback": "feedback_id", "fct_contradictions": "contradiction_id", "fct_cases": "case_id"}
"""Tables whose rows are named by rows of others, and how."""


def from_night(marts: Path, night: Manifest, person: Person) -> int:
    """How many rows of a published night were removed or reworded; its file and manifest are then new.

    The file is written anew, so that nothing of them is left in its free space, and takes the name of the old one in
    one step; whoever has the old one open reads that until they close it. What was counted over many customers stays
    as it was counted.
    Raises  OutsideError when the file can't be read or written.
    """
    path = file_of(marts, night.run_id)
    old, new = marts / f"{UNFINISHED}.old.duckdb", marts / f"{UNFINISHED}.duckdb"
    try:
        for one in (old, new):
            one.unlink(missing_ok=True)
        shutil.copyfile(path, old)
        with duckdb.connect(str(old)) as connection:
            n = _rows_of(connection, person)
            tables = content_of(connection)
            if n == 0 and tables == night.tables:
                return 0
            copy_marts(connection, new, list(tables))
        _put(new, path, night.model_copy(update={"tables": tables}))
    except (duckdb.Error, OSError) as error:
        raise OutsideError(
            f"{path.name} could not be rewritten ({type(error).__name__})",
            f"see that the disk has space, or remove {path} and its .json; then run the same command again",
        ) from None
    finally:
        for one in (old, old.with_name(f"{old.name}.wal"), new):
            one.unlink(missing_ok=True)
    return n


def _put(new: Path, path: Path, manifest: Manifest) -> None:
    """Both under their names and on disk: the manifest first, so that a death between shows as a difference."""
    page = new.with_suffix(".json")
    page.write_text(manifest.text(), encoding="utf-8")
    for one in (new, page):
        one.chmod(0o440)
        sync(one)
    page.replace(path.with_suffix(".json"))
    new.replace(path)
    sync(path.parent)


def _rows_of(connection: duckdb.DuckDBPyConnection, person: Person) -> int:
    """Takes the customer's rows out of schema marts, and the words that name them out of what stays."""
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(_MARTS_COLUMNS).fetchall():
        columns.setdefault(table, set()).add(column)
    ids = [one for table in columns.keys() & _NAMES_OTHERS for one in _ids(connection, table, columns[table], person)]
    n = 0
    for table, names in columns.items():
        named = [name for name in _NAMES_OTHERS.values() if name in names]
        tests = [*_tests(names), *(f"list_contains($ids, {name})" for name in named)]
        if table == "fct_case_evidence":
            tests += ["(part = 'member' and name = $id)", "list_contains($ids, name)"]
        relation = f"marts.{quoted(table)}"
        if tests:
            n += delete(connection, relation, " or ".join(tests), {"id": person.customer_id, "ids": ids})
        n += shorten_lists(connection, relation, ids) + take_out_words(connection, relation, person)
    return n


def _tests(names: set[str]) -> list[str]:
    """What makes a row of a table with these columns the customer's."""
    tests = ["customer_id = $id"] if "customer_id" in names else []
    return [*tests, "(level = 'customer' and subject = $id)"] if {"level", "subject"} <= names else tests


def _ids(connection: duckdb.DuckDBPyConnection, table: str, names: set[str], person: Person) -> list[str]:
    query = f"select {_NAMES_OTHERS[table]} from marts.{table} where {' or '.join(_tests(names))}"
    return [one for (one,) in connection.execute(query, {"id": person.customer_id}).fetchall()]
