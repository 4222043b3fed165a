"""Removes records from a landed file; every other record stays as it is written.

A record is a customer's when its customer_id is. Where a file has no such column, or a record can't be read, one equal
value anywhere in it is enough: too much is then removed rather than too little.
"""

import csv
import glob
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb

from voc.adapters.erasure import table_rows
from voc.adapters.files import csv_file, csv_records
from voc.adapters.sql import literal, quoted
from voc.domain.forgotten import BLANKS, Person

_PIECES = re.compile(r'[^,;\t|"\s:{}\[\]]+')
_NOBODY = Person("", ())


@dataclass(frozen=True)
class Removal:
    """What to remove: records whose customer's id ``is_theirs``, and the words that name ``person`` in others."""

    is_theirs: Callable[[str], bool]
    person: Person = _NOBODY


@dataclass(frozen=True)
class Removed:
    """How many records were removed, and how many others reworded."""

    n_records: int = 0
    n_worded: int = 0

    @property
    def n(self) -> int:
        """All changed records."""
        return self.n_records + self.n_worded


def rewrite(
    path: Path, ending: str, target: Path, removal: Removal, *, encoding: str, renames: Mapping[str, str]
) -> Removed | None:
    """Writes what is left of the file to ``target``; None when it can't be read, and so can't be searched.

    ending, encoding, renames: how its source reads it; renames: their column name -> ours.
    """
    try:
        if ending == ".parquet":
            return _parquet(path, target, removal, renames)
        if ending not in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson"):
            return None
        lines = _json_lines if ending in (".jsonl", ".ndjson") else _csv
        with csv_records.rewriting(path, target, encoding) as (source, rest):
            return lines(source, rest, removal, renames)
    except (UnicodeError, LookupError, duckdb.Error):
        target.unlink(missing_ok=True)
        return None


def is_theirs_in(text: str, is_theirs: Callable[[str], bool]) -> bool:
    """Whether an unreadable record holds such an id between separators."""
    return any(map(is_theirs, _PIECES.findall(text)))


def _csv(source: TextIO, rest: TextIO, removal: Removal, renames: Mapping[str, str]) -> Removed:
    n_records = n_worded = 0
    delimiter, names = _header(source.readline(), renames)
    place = _place(names, renames)
    source.seek(0)
    is_header = True
    for fields, written in _records(source, delimiter):
        if is_header:
            is_header = False
        elif _is_theirs(fields, len(names), place, removal.is_theirs):
            n_records += 1
            continue
        elif removal.person.is_named_in("\0".join(fields)):
            n_worded += 1
            end = written[len(written.rstrip("\r\n")) :]
            csv.writer(rest, delimiter=delimiter, lineterminator=end).writerow(removal.person.taken_out(fields))
            continue
        rest.write(written)
    return Removed(n_records, n_worded)


def _header(line: str, renames: Mapping[str, str]) -> tuple[str, list[str]]:
    """The delimiter and names of a header line: the delimiter that yields a customer_id, else most names."""
    readings = [(mark, next(csv.reader([line], delimiter=mark), [])) for mark in csv_file.DELIMITERS]
    named = [reading for reading in readings if _place(reading[1], renames) is not None]
    return named[0] if named else max(readings, key=lambda reading: len(reading[1]))


def _place(names: Sequence[str], renames: Mapping[str, str]) -> int | None:
    """The position of customer_id; a column renamed to it wins over one of the name, as in `files.header`."""
    keys = [name.lstrip("\ufeff").strip().casefold() for name in names]
    meant = [theirs.strip().casefold() for theirs, ours in renames.items() if ours.strip().casefold() == "customer_id"]
    return next((keys.index(key) for key in (*meant, "customer_id") if key in keys), None)


def _records(source: TextIO, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """Each record's fields, and the record as written. A record that can't be read is split into lines and pieces."""
    for fields, lines in csv_records.records(source, delimiter):
        if fields is None:
            yield from (([line, *_PIECES.findall(line)], line) for line in lines)
        else:
            yield fields, "".join(lines)


def _is_theirs(fields: Sequence[str], n_names: int, place: int | None, is_theirs: Callable[[str], bool]) -> bool:
    if place is not None and len(fields) == n_names:
        return is_theirs(_as_landed(fields[place]))
    return any(is_theirs(_as_landed(field)) for field in fields)


def _as_landed(value: str) -> str:
    """An id as it lands."""
    return value.replace("\0", "").strip(BLANKS)


def _json_lines(source: TextIO, rest: TextIO, removal: Removal, renames: Mapping[str, str]) -> Removed:
    n_records = n_worded = 0
    for line in source:
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if _is_their_object(record, line, removal.is_theirs, renames):
            n_records += 1
        elif record is not None and removal.person.words and (without := removal.person.taken_out(record)) != record:
            n_worded += 1
            rest.write(json.dumps(without, ensure_ascii=False) + line[len(line.rstrip("\r\n")) :])
        else:
            rest.write(line)
    return Removed(n_records, n_worded)


def _is_their_object(record: Any, line: str, is_theirs: Callable[[str], bool], renames: Mapping[str, str]) -> bool:
    if not isinstance(record, dict):
        return is_theirs_in(line, is_theirs)
    fields = [value if isinstance(value, str) else json.dumps(value) for value in record.values()]
    return _is_theirs(fields, len(fields), _place(list(record), renames), is_theirs)


def _parquet(path: Path, target: Path, removal: Removal, renames: Mapping[str, str]) -> Removed:
    with duckdb.connect() as connection:
        connection.execute("create table rest as select * from read_parquet(?)", [glob.escape(str(path))])
        names = [name for name, *_ in connection.execute("describe rest").fetchall()]
        place = _place(names, renames)
        n_records = 0
        for name in names if place is None else [names[place]]:
            found = connection.execute(f"select distinct {quoted(name)}::varchar from rest").fetchall()
            theirs = [value for (value,) in found if value is not None and removal.is_theirs(_as_landed(value))]
            test = f"list_contains($theirs, {quoted(name)}::varchar)"
            n_records += table_rows.delete(connection, "rest", test, {"theirs": theirs})
        n_worded = table_rows.take_out_words(connection, "rest", removal.person)
        connection.execute(f"copy rest to {literal(str(target))} (format parquet)")
    return Removed(n_records, n_worded)
