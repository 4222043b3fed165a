"""Rows and words are taken out of a DuckDB table."""

import re
from collections.abc import Mapping, Sequence

import duckdb

from voc.adapters.sql import count, quoted
from voc.domain.forgotten import Person


def delete(connection: duckdb.DuckDBPyConnection, table: str, test: str, values: Mapping[str, object]) -> int:
    """How many rows of a table were deleted. ``values``: by the names that ``test`` gives them, used or not."""
    used = {name: value for name, value in values.items() if re.search(rf"\${name}\b", test)}
    return count(connection, f"delete from {table} where {test}", used)


def shorten_lists(connection: duckdb.DuckDBPyConnection, table: str, gone: Sequence[str]) -> int:
    """How many rows of a table had one of ``gone`` in a list of texts, and have it no more."""
    columns = [name for name, type_, *_ in connection.execute(f"describe {table}").fetchall() if type_ == "VARCHAR[]"]
    return sum(
        count(
            connection,
            f"update {table} set {quoted(name)} = list_filter({quoted(name)}, lambda one: not list_contains($1, one)) "
            f"where list_has_any({quoted(name)}, $1)",
            [list(gone)],
        )
        for name in columns
    )


def take_out_words(connection: duckdb.DuckDBPyConnection, table: str, person: Person) -> int:
    """How many texts of a table were reworded."""
    n = 0
    if not person.words:
        return n
    for name, type_, *_ in connection.execute(f"describe {table}").fetchall():
        if type_ == "VARCHAR":
            column = quoted(name)
            query = f"select distinct {column} from {table} where regexp_matches({column}, ?)"
            for (said,) in connection.execute(query, [person.loose_pattern]).fetchall():
                if (without := person.taken_out(said)) != said:
                    n += 1
                    connection.execute(f"update {table} set {column} = $1 where {column} = $2", [without, said])
    return n
