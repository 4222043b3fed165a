"""A CSV file as staged text: DuckDB reads it, and an account of its lines shows whether it has read all of it.

DuckDB's parallel scan can drop thousands of rows without a word once a quote is out of place (2.0.0: one stray quote in
95 MB lost 50,105 rows and reported none). Hence the account: every line break of the file must be found again, as the
end of a row or inside a value. Where that does not add up, and where DuckDB has met a broken record, `csv_walk` reads
the file record by record instead.
"""

import csv
import glob
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from voc.adapters.files import csv_recovery, encoding, header, staging
from voc.adapters.files.header import Header
from voc.adapters.files.staging import MAX_LINE, Staged
from voc.adapters.sql import count
from voc.domain.source import Source
from voc.errors import InputError

DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_BUFFER = 2 * MAX_LINE  # DuckDB's own default, 16 lines of this length, would be 256 MB and takes twice the time


@dataclass(frozen=True)
class Head:
    """The header line: names, what separates them, and how many lines it takes."""

    names: tuple[str, ...]
    delimiter: str
    n_lines: int
    matched: Header


@dataclass(frozen=True)
class Lines:
    """What the raw bytes say about line breaks and quotes."""

    n: int
    break_by: str
    has_quotes: bool
    has_nuls: bool


def read(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, renames: Mapping[str, str]) -> Staged:
    """Stages the UTF-8 file at ``path``. Raises InputError when it is not whole, EncodingError when it is not UTF-8."""
    lines = _lines(path)
    head = _head(path, source, renames, lines)
    staged = _fast(connection, path, source, head, lines)
    if staged is None:
        staging.clear(connection)
        staged = csv_recovery.read(
            connection, path, head.names, head.matched, head.delimiter, head.n_lines, lines.break_by
        )
    return staged


def _lines(path: Path) -> Lines:
    n = n_returns = 0
    quotes = nuls = False
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            n, n_returns = n + chunk.count(b"\n"), n_returns + chunk.count(b"\r")
            quotes, nuls, last = quotes or b'"' in chunk, nuls or b"\0" in chunk, chunk[-1:]
    if not n and n_returns:  # as old Macs wrote
        return Lines(n_returns + (last != b"\r"), "\r", quotes, nuls)
    return Lines(n + (last != b"\n"), "\n", quotes, nuls)


def _head(path: Path, source: Source, renames: Mapping[str, str], lines: Lines) -> Head:
    """The header under the first delimiter that gives all required columns, else the complaint of the best one."""
    complaints: list[tuple[int, InputError]] = []
    for delimiter in DELIMITERS:
        with path.open(encoding="utf-8-sig", newline=lines.break_by) as file:
            rows = csv.reader((line for line in iter(lambda: file.readline(MAX_LINE), "")), delimiter=delimiter)
            try:
                names = next(rows)
            except UnicodeDecodeError:
                encoding.refuse_undecodable(path, "utf-8", source.name)
                raise
            except csv.Error:
                raise InputError(
                    "its header line cannot be read", "begin the file with one line of column names"
                ) from None
            except StopIteration:
                names = []
        names = [name.strip() or f"column {i}" for i, name in enumerate(names, start=1)]
        try:
            matched = header.match(names, source.table, renames, source.name)
        except InputError as error:
            complaints.append((len(names), error))
        else:
            return Head(tuple(names), delimiter, rows.line_num, matched)
    raise max(complaints, key=lambda complaint: complaint[0])[1]


def _fast(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, head: Head, lines: Lines) -> Staged | None:
    """DuckDB's reading, or None where it is not beyond doubt."""
    columns = [f"c{i}" for i in range(len(head.names))]
    values = ", ".join(f"replace({column}, chr(0), '') as {column}" for column in columns) if lines.has_nuls else "*"
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    try:
        connection.execute(
            f"""create temp table {staging.RECORDS} as select {values} from read_csv(
                ?, auto_detect = false, columns = {{{types}}}, header = true, delim = ?, quote = '"', escape = '"',
                strict_mode = true, max_line_size = {MAX_LINE}, buffer_size = {_BUFFER},
                store_rejects = true, rejects_table = 'csv_errors', rejects_scan = 'csv_scans')""",
            [glob.escape(str(path)), head.delimiter],
        )
    except duckdb.InvalidInputException:  # mixed line ends
        return None
    if count(connection, "select count(*) from csv_errors where error_type = 'INVALID ENCODING'"):
        encoding.refuse_undecodable(path, "utf-8", source.name)
    n_rows = count(connection, f"select count(*) from {staging.RECORDS}")
    inside = " + ".join(f"coalesce(strlen({c}) - strlen(replace({c}, chr(10), '')), 0)" for c in columns)
    n_inside = count(connection, f"select sum({inside}) from {staging.RECORDS}") if lines.has_quotes else 0
    if count(connection, "select count(*) from csv_errors") or lines.n != head.n_lines + n_rows + n_inside:
        return None
    staging.make_broken(connection)
    before = (
        f"coalesce(sum({inside}) over (order by rowid rows between unbounded preceding and 1 preceding), 0)"
        if n_inside
        else "0"
    )
    where = f"select rowid as record, {head.n_lines} + 1 + rowid + {before} as line from {staging.RECORDS}"
    return Staged(staging.RECORDS, staging.BROKEN, head.names, head.matched, n_rows, 0, where)
