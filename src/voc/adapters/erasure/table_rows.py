"""Removes rows and words from a DuckDB table."""

import re
from collections.abc import Mapping, Sequence

import duckdb

from voc.adapters.sql import count, quoted
from voc.domain.forgotten import Person


def delete(connection: duckdb.DuckDBPyConnection, table: str, test: str, values: Mapping[str, object]) -> int:
    """Deletes rows of a table; how many. ``values``: parameters by name; ``test`` need not use all of them."""
    used = {name: value for name, value in values.items() if re.search(rf"\${name}\b", test)}
    return count(connection, f"delete from {table} where {test}", used)


def shorten_lists(connection: duckdb.DuckDBPyConnection, table: str, removed_ids: Sequence[str]) -> int:
    """Takes ``removed_ids`` out of a table's lists of texts; how many rows had one."""
    columns = [name for name, type_, *_ in connection.execute(f"describe {table}").fetchall() if type_ == "VARCHAR[]"]
    return sum(
        count(
            connection,
            f"update {table} set {quoted(name)} = list_filter({quoted(name)}, lambda one: not list_contains($1, one)) "
            f"where list_has_any({quoted(name)}, $1)",
            [list(removed_ids)],
        )
        for name in columns
    )


def take_out_words(connection: duckdb.DuckDBPyConnection, table: str, person: Person) -> int:
    """Takes the words that name a customer out of a table's texts; how many were reworded."""
    n = 0
    if not person.words:
        return n
    for name, type_, *_ in connection.execute(f"describe {table}").fetchall():
        if type_ == "VARCHAR":
            column = quoted(name)
            query = f"select distinct {column} from {table} where regexp_matches({column}, ?)"
            for (text,) in connection.execute(query, [person.loose_pattern]).fetchall():
                if (reworded := person.taken_out(text)) != text:
                    n += 1
                    connection.execute(f"update {table} set {column} = $1 where {column} = $2", [reworded, text])
    return n
