"""A landed file without some of its records; every other record stays as it is written.

A record is somebody's when its customer_id is theirs. Where a file has no such column, or a record can't be read, any
of its values speaks for it: too much is then removed rather than too little.
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
    """What is to go: the records of customers for whose id ``is_theirs``, and the words for ``person`` elsewhere."""

    is_theirs: Callable[[str], bool]
    person: Person = _NOBODY


@dataclass(frozen=True)
class Removed:
    """How many records were taken out, and of how many others some words."""

    n_records: int = 0
    n_worded: int = 0

    @property
    def n(self) -> int:
        """Records that are other than they were."""
        return self.n_records + self.n_worded


def rewrite(
    path: Path, ending: str, target: Path, removal: Removal, *, encoding: str, renames: Mapping[str, str]
) -> Removed | None:
    """Writes to ``target`` what is left of the file; None when it can't be read, and so can't be searched.

    ending, encoding, renames: how its source reads it, renames their column name -> ours.
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
    """Whether an unreadable record holds an id of theirs, as a piece between separators."""
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
    """The delimiter under which it names a customer_id, else the one that gives most names."""
    readings = [(mark, next(csv.reader([line], delimiter=mark), [])) for mark in csv_file.DELIMITERS]
    named = [reading for reading in readings if _place(reading[1], renames) is not None]
    return named[0] if named else max(readings, key=lambda reading: len(reading[1]))


def _place(names: Sequence[str], renames: Mapping[str, str]) -> int | None:
    """Where customer_id stands; a renamed column goes before one of that name, as in `voc.adapters.files.header`."""
    keys = [name.lstrip("\ufeff").strip().casefold() for name in names]
    meant = [theirs.strip().casefold() for theirs, ours in renames.items() if ours.strip().casefold() == "customer_id"]
    return next((keys.index(key) for key in (*meant, "customer_id") if key in keys), None)


def _records(source: TextIO, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """Each record's fields, and the record as it is written. One that can't be read comes line by line, as pieces."""
    for fields, lines in csv_records.records(source, delimiter):
        if fields is None:
            yield from (([line, *_PIECES.findall(line)], line) for line in lines)
        else:
            yield fields, "".join(lines)


def _is_theirs(fields: Sequence[str], n_names: int, place: int | None, is_theirs: Callable[[str], bool]) -> bool:
    if place is not None and len(fields) == n_names:
        return is_theirs(_id(fields[place]))
    return any(is_theirs(_id(field)) for field in fields)


def _id(said: str) -> str:
    """As it lands."""
    return said.replace("\0", "").strip(BLANKS)


def _json_lines(source: TextIO, rest: TextIO, removal: Removal, renames: Mapping[str, str]) -> Removed:
    n_records = n_worded = 0
    for line in source:
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if _is_theirs_said(said, line, removal.is_theirs, renames):
            n_records += 1
        elif said is not None and removal.person.words and (without := removal.person.taken_out(said)) != said:
            n_worded += 1
            rest.write(json.dumps(without, ensure_ascii=False) + line[len(line.rstrip("\r\n")) :])
        else:
            rest.write(line)
    return Removed(n_records, n_worded)


def _is_theirs_said(said: Any, line: str, is_theirs: Callable[[str], bool], renames: Mapping[str, str]) -> bool:
    if not isinstance(said, dict):
        return is_theirs_in(line, is_theirs)
    fields = [one if isinstance(one, str) else json.dumps(one) for one in said.values()]
    return _is_theirs(fields, len(fields), _place(list(said), renames), is_theirs)


def _parquet(path: Path, target: Path, removal: Removal, renames: Mapping[str, str]) -> Removed:
    with duckdb.connect() as connection:
        connection.execute("create table rest as select * from read_parquet(?)", [glob.escape(str(path))])
        names = [name for name, *_ in connection.execute("describe rest").fetchall()]
        place = _place(names, renames)
        n_records = 0
        for name in names if place is None else [names[place]]:
            found = connection.execute(f"select distinct {quoted(name)}::varchar from rest").fetchall()
            theirs = [value for (value,) in found if value is not None and removal.is_theirs(_id(value))]
            test = f"list_contains($theirs, {quoted(name)}::varchar)"
            n_records += table_rows.delete(connection, "rest", test, {"theirs": theirs})
        n_worded = table_rows.take_out_words(connection, "rest", removal.person)
        connection.execute(f"copy rest to {literal(str(target))} (format parquet)")
    return Removed(n_records, n_worded)
