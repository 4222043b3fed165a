"""A file as text, in two temporary tables: the form in which every reader hands a file to `casting`."""

from dataclasses import dataclass

import duckdb

from voc.adapters.files.header import Header

MAX_LINE = 16_000_000
"""Bytes; a longer line is a reject. A comment of 10 MB still lands (cut), a runaway line does not eat the memory."""

RECORDS, BROKEN = "temp.staging", "temp.broken"
"""The relations that a reader makes; whoever reads them finds their names in `Staged`."""
_TABLES = (
    *(RECORDS, BROKEN, "temp.csv_errors", "temp.csv_scans", "temp.json_lines"),
    *("temp.typed", "temp.reject_reasons", "temp.unchanged"),
)


@dataclass(frozen=True)
class Staged:
    """A file as text, in relations of one connection; valid until the next file is read (`clear`)."""

    records: str
    """The relation of sound records: columns c0, c1 …, one for each column of the file, without NUL characters."""
    broken: str
    """The relation of other records: line, column_name, reason, record, as in raw.rejects."""
    names: tuple[str, ...]
    """The file's own column names, in its order."""
    header: Header
    n_rows: int
    n_broken: int
    lines: str
    """A select of (record, line): the physical line on which each row of ``records``, by its rowid, begins."""

    @property
    def n_read(self) -> int:
        """Data rows of the file, readable or not."""
        return self.n_rows + self.n_broken


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops the temporary tables of the last file."""
    for table in _TABLES:
        connection.execute(f"drop table if exists {table}")


def make_broken(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes an empty relation of broken records."""
    connection.execute(f"create temp table {BROKEN} (line bigint, column_name varchar, reason varchar, record varchar)")
