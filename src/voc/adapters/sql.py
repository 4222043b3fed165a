"""Pieces of SQL that every database file needs: names and texts as literals, and the one number of a query."""

from collections.abc import Mapping, Sequence

import duckdb


def quoted(identifier: str) -> str:
    """The name as an SQL identifier, whatever is in it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str) -> str:
    """``value`` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def count(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> int:
    """The one number that ``sql`` asks for; nothing counts as 0."""
    row = connection.execute(sql, values).fetchone()
    return int(row[0] or 0) if row else 0
