"""The copy of schema `marts` from the work file into a file of its own."""

from pathlib import Path

import duckdb

from voc.adapters.published.manifest import STORAGE_VERSION
from voc.adapters.sql import quoted

_COPY = "_voc_publishing"  # the copy's name inside the work connection


def copy_marts(session: duckdb.DuckDBPyConnection, path: Path, tables: list[str]) -> None:
    """Nothing; writes the tables, their comments and nothing else to a new file ``path``.

    The file is checkpointed, of the pinned storage version, its rows sorted by all columns; it is detached again even
    when something failed. Raises duckdb.Error.
    """
    comments = _comments(session)
    session.execute(f"attach {_literal(str(path))} as {_COPY} (storage_version '{STORAGE_VERSION}')")
    try:
        session.execute(f"create schema {_COPY}.marts")
        for table in tables:
            source = f"marts.{quoted(table)}"
            session.execute(f"create table {_COPY}.{source} as select * from {source} order by all")
        for kind, name, comment in comments:
            session.execute(f"comment on {kind} {_COPY}.marts.{name} is {_literal(comment)}")
        session.execute(f"checkpoint {_COPY}")
    finally:
        session.execute(f"detach database if exists {_COPY}")


def _comments(session: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """What is commented on (table or column), its quoted name and the comment."""
    rows = session.execute(
        "select table_name, null, table_comment from information_schema.tables"
        " where table_catalog = current_database() and table_schema = 'marts' and table_comment is not null"
        " union all select table_name, column_name, column_comment from information_schema.columns"
        " where table_catalog = current_database() and table_schema = 'marts' and column_comment is not null"
    ).fetchall()
    return [
        ("table", quoted(table), text) if column is None else ("column", f"{quoted(table)}.{quoted(column)}", text)
        for table, column, text in rows
    ]


def _literal(text: str) -> str:
    """The text as an SQL string, where DuckDB takes no bound value."""
    return "'" + text.replace("'", "''") + "'"
