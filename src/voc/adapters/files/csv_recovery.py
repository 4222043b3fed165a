"""A damaged CSV file as staged text, walked record by record so that each broken one is named by its line.

Rare and slow (about 3 s for a million rows): only for files of which DuckDB's reading is in doubt, see `csv_file`.
"""

import csv
import glob
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

import duckdb

from voc.adapters.files import staging
from voc.adapters.files.header import Header
from voc.adapters.files.staging import MAX_LINE, Staged
from voc.adapters.sql import count
from voc.errors import InputError, OutsideError

_CUT = "send the whole file again; a `.done` file beside it with the number of rows tells a cut one at once"
_RECORD = 65_536  # characters of a broken record that are kept


class Record(NamedTuple):
    """One record: the line it begins on, and its fields or the reason why it has none."""

    line: int
    fields: list[str]
    reason: str | None
    words: str


class _LongLineError(Exception):
    pass


class _Feed:
    """The lines of a file, one after another, remembering those of the record in hand."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._n, self.ended = file, 0, False
        self.begin()

    def begin(self) -> None:
        """A new record begins with the next line."""
        self.first, self._size = self._n + 1, 0
        self._words: list[str] = []

    @property
    def words(self) -> str:
        return "".join(self._words).rstrip("\r\n")[:_RECORD]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self._n += 1
        alone = not self._words
        if self._size < _RECORD:
            self._words.append(line)
        self._size += len(line)
        if len(line) == MAX_LINE:
            while line and not line.endswith(("\n", "\r")):
                line = self._file.readline(MAX_LINE)
            raise _LongLineError
        if self._size > MAX_LINE and not alone:
            raise InputError(f"a quote opened on line {self.first:,} is still open {MAX_LINE:,} characters later", _CUT)
        return line.replace("\0", "")


def read(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    names: Sequence[str],
    matched: Header,
    delimiter: str,
    n_header: int,
    line_break: str,
) -> Staged:
    """Stages the sound records with their lines, and the broken ones. Raises InputError for a cut file."""
    sound, broken = path.with_name(path.name + ".sound"), path.with_name(path.name + ".broken")
    n_rows = n_broken = 0
    last: Record | None = None
    limit = csv.field_size_limit(2 * MAX_LINE)
    try:
        with (
            path.open(encoding="utf-8-sig", newline=line_break) as file,
            sound.open("w", encoding="utf-8", newline="") as good,
            broken.open("w", encoding="utf-8", newline="") as bad,
        ):
            write_good = csv.writer(good, lineterminator="\n").writerow
            write_bad = csv.writer(bad, lineterminator="\n").writerow
            records = _records(file, delimiter)
            for record in records:
                if record.line <= n_header:
                    continue
                last = _judged(record, len(names))
                if last.reason is None:
                    n_rows += 1
                    write_good([last.line, *last.fields])
                else:
                    n_broken += 1
                    write_bad([last.line, last.reason, last.words])
        if last and last.reason == "missing_columns":
            raise InputError(f"it breaks off in the record on line {last.line:,}", _CUT)
        _load(connection, staging.RECORDS, sound, ["line", *(f"c{i}" for i in range(len(names)))], "*")
        if count(connection, f"select count(*) from {staging.RECORDS}") != n_rows:
            raise OutsideError(
                f"DuckDB did not read back the {n_rows:,} rows it was given",
                "free memory or disk space, then run again",
            )
        _load(
            connection,
            staging.BROKEN,
            broken,
            ["line", "reason", "record"],
            "line, null::varchar as column_name, reason, record",
        )
    finally:
        csv.field_size_limit(limit)
        sound.unlink(missing_ok=True)
        broken.unlink(missing_ok=True)
    lines = f"select rowid as record, line from {staging.RECORDS}"
    return Staged(staging.RECORDS, staging.BROKEN, tuple(names), matched, n_rows, n_broken, lines)


def _records(file: TextIO, delimiter: str) -> Iterator[Record]:
    """Every record but blank lines. Raises InputError when the last one has an open quote."""
    feed = _Feed(file)
    rows = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            fields = next(rows)
        except StopIteration:
            return
        except _LongLineError:
            yield Record(feed.first, [], "line_too_long", feed.words)
        except csv.Error:
            if feed.ended:
                raise InputError(f"a quote opened on line {feed.first:,} is never closed", _CUT) from None
            yield Record(feed.first, [], "bad_quote", feed.words)
        else:
            if fields:
                yield Record(feed.first, fields, None, feed.words)


def _judged(record: Record, n: int) -> Record:
    """With too few or too many fields for ``n`` columns, a record is broken as well."""
    if record.reason is None and len(record.fields) != n:
        return record._replace(reason="missing_columns" if len(record.fields) < n else "too_many_columns")
    return record


def _load(connection: duckdb.DuckDBPyConnection, table: str, path: Path, columns: Sequence[str], select: str) -> None:
    types = ", ".join(f"'{column}': '{'BIGINT' if column == 'line' else 'VARCHAR'}'" for column in columns)
    connection.execute(
        f"""create temp table {table} as select {select} from read_csv(
            ?, auto_detect = false, columns = {{{types}}}, header = false, delim = ',', quote = '"', escape = '"',
            strict_mode = true, max_line_size = {2 * MAX_LINE}, buffer_size = {4 * MAX_LINE}, parallel = false)""",
        [glob.escape(str(path))],
    )
