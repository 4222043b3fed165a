"""Removes a customer from published nights."""

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
"""Tables to whose rows other tables refer, and the column by which they do."""


def from_night(marts: Path, night: Manifest, person: Person) -> int:
    """Removes a customer from a published night; how many of its rows were removed or reworded.

    The file is rewritten, so that its free space holds nothing of the customer, and replaces the old one in one step;
    a reader that has the old one open keeps it until it closes it. Counts over many customers stay as they are.
    Raises  OutsideError when the file can't be read or written.
    """
    path = file_of(marts, night.run_id)
    old, new = marts / f"{UNFINISHED}.old.duckdb", marts / f"{UNFINISHED}.duckdb"
    try:
        for file in (old, new):
            file.unlink(missing_ok=True)
        shutil.copyfile(path, old)
        with duckdb.connect(str(old)) as connection:
            n = _remove_rows(connection, person)
            tables = content_of(connection)
            if n == 0 and tables == night.tables:
                return 0
            copy_marts(connection, new, list(tables))
        _replace(new, path, night.model_copy(update={"tables": tables}))
    except (duckdb.Error, OSError) as error:
        raise OutsideError(
            f"{path.name} could not be rewritten ({type(error).__name__})",
            f"see that the disk has space, or remove {path} and its .json; then run the same command again",
        ) from None
    finally:
        for file in (old, old.with_name(f"{old.name}.wal"), new):
            file.unlink(missing_ok=True)
    return n


def _replace(new: Path, path: Path, manifest: Manifest) -> None:
    """Moves both files to their names: the manifest first, so that a crash in between shows as a difference."""
    manifest_file = new.with_suffix(".json")
    manifest_file.write_text(manifest.text(), encoding="utf-8")
    for file in (new, manifest_file):
        file.chmod(0o440)
        sync(file)
    manifest_file.replace(path.with_suffix(".json"))
    new.replace(path)
    sync(path.parent)


def _remove_rows(connection: duckdb.DuckDBPyConnection, person: Person) -> int:
    """Removes the customer's rows from schema marts, and the words that name it from the rows that stay."""
    columns: dict[str, set[str]] = {}
    for table, column in connection.execute(_MARTS_COLUMNS).fetchall():
        columns.setdefault(table, set()).add(column)
    ids = [id_ for table in columns.keys() & _NAMES_OTHERS for id_ in _ids(connection, table, columns[table], person)]
    n = 0
    for table, names in columns.items():
        named = [name for name in _NAMES_OTHERS.values() if name in names]
        tests = [*_their_row_tests(names), *(f"list_contains($ids, {name})" for name in named)]
        if table == "fct_case_evidence":
            tests += ["(part = 'member' and name = $id)", "list_contains($ids, name)"]
        relation = f"marts.{quoted(table)}"
        if tests:
            n += delete(connection, relation, " or ".join(tests), {"id": person.customer_id, "ids": ids})
        n += shorten_lists(connection, relation, ids) + take_out_words(connection, relation, person)
    return n


def _their_row_tests(names: set[str]) -> list[str]:
    """SQL conditions by which a row of a table with these columns is the customer's."""
    tests = ["customer_id = $id"] if "customer_id" in names else []
    return [*tests, "(level = 'customer' and subject = $id)"] if {"level", "subject"} <= names else tests


def _ids(connection: duckdb.DuckDBPyConnection, table: str, names: set[str], person: Person) -> list[str]:
    query = f"select {_NAMES_OTHERS[table]} from marts.{table} where {' or '.join(_their_row_tests(names))}"
    return [id_ for (id_,) in connection.execute(query, {"id": person.customer_id}).fetchall()]
