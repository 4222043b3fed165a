"""What a reader leaves behind for the caster: temporary tables of nothing but text."""

from dataclasses import dataclass

import duckdb

from voc.adapters.files.header import Header

MAX_LINE = 16_000_000
"""Bytes; a longer line is a reject. A comment of 10 MB still lands (cut), a runaway line does not eat the memory."""

TABLES = ("staging", "broken", "csv_errors", "csv_scans", "json_lines", "typed", "told", "unchanged")


@dataclass(frozen=True)
class Staged:
    """A file as text: sound records in `staging` (columns c0, c1 …, one a column, no NUL), others in `broken`.

    `broken` has line, column_name, reason, record, as in raw.rejects.
    """

    names: tuple[str, ...]
    """The file's own column names, in its order."""
    header: Header
    n_rows: int
    n_broken: int
    lines: str
    """A select of (record, line): the physical line on which each row of `staging`, by its rowid, begins."""

    @property
    def n_read(self) -> int:
        """Data rows of the file, readable or not."""
        return self.n_rows + self.n_broken


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what the last file left."""
    for table in TABLES:
        connection.execute(f"drop table if exists temp.{table}")


def make_broken(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty `broken`."""
    connection.execute("create temp table broken (line bigint, column_name varchar, reason varchar, record varchar)")
