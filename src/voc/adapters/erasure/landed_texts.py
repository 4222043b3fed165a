"""Removes expired texts from a landed file; every other byte stays.

`dated_texts` finds the records in the staged file; here they are found again by the line on which they begin.
"""

import csv
import glob
import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import duckdb

from voc.adapters.files import csv_file, csv_records
from voc.adapters.sql import literal, quoted

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class ExpiredTexts:
    """What is to go: columns by position, and records by the line of the file on which they begin.

    Of ``words`` everything goes, of ``others`` whatever holds a letter, of ``broken`` records every letter, an x in its
    place: what can't be read as a record then still can't, for the same reason.
    """

    names: tuple[str, ...]
    words: Collection[int]
    others: Collection[int]
    lines: Collection[int]
    broken: Collection[int]

    def is_expired(self, column: int, text: str) -> bool:
        """Whether a field with this text is removed from a record of ``lines``."""
        return column in self.words or (column in self.others and _LETTER.search(text) is not None)


def rewrite(path: Path, target: Path, expired: ExpiredTexts, encoding: str) -> bool:
    """Writes to ``target`` the file without these words; False when it can't be done, and there is no ``target``.

    path: its ending is its format. encoding: how its source reads it. Takes a second for 300,000 records.
    """
    try:
        if path.suffix == ".parquet":
            _parquet(path, target, expired)
            return True
        change = _json_lines if path.suffix in (".jsonl", ".ndjson") else _csv
        with csv_records.rewriting(path, target, encoding) as (source, rest):
            rest.writelines(change(source, expired))
    except (ValueError, LookupError, duckdb.Error):
        target.unlink(missing_ok=True)
        return False
    return True


def _csv(source: TextIO, expired: ExpiredTexts) -> Iterator[str]:
    start = source.tell() if source.read(1) == "\ufeff" else 0
    if start:
        yield "\ufeff"
    mark = _delimiter(source, start, expired.names)
    source.seek(start)
    field = re.compile(rf'(?:^|{re.escape(mark)})("(?:[^"]|"")*"|[^{re.escape(mark)}]*)')
    line = 1
    for fields, written in csv_records.records(source, mark):
        record = "".join(written)
        if line in expired.broken:
            yield _LETTER.sub("x", record)
        elif line in expired.lines:
            if fields is None:
                raise ValueError("a record that was read can't be read again")
            body = record.rstrip("\r\n")
            stay = [
                "" if expired.is_expired(i, said) else as_written
                for i, (said, as_written) in enumerate(zip(fields, field.findall(body), strict=True))
            ]
            yield mark.join(stay) + record[len(body) :]
        else:
            yield record
        line += len(written)


def _delimiter(source: TextIO, start: int, names: Sequence[str]) -> str:
    """Under which the header has these names."""
    for mark in csv_file.DELIMITERS:
        source.seek(start)
        with suppress(csv.Error):
            found = [name.strip() for name in next(csv.reader(source, delimiter=mark), [])]
            if len(found) == len(names) and all(not one or one == name for one, name in zip(found, names, strict=True)):
                return mark
    raise ValueError("its header can't be read again")


def _json_lines(source: TextIO, expired: ExpiredTexts) -> Iterator[str]:
    for n, line in enumerate(source, start=1):
        if n in expired.broken:
            yield _LETTER.sub("x", line)
        else:
            yield _without_expired(line, expired) if n in expired.lines else line


def _without_expired(line: str, expired: ExpiredTexts) -> str:
    """An object with null in place of what goes; nothing else of it is written anew."""
    read, space = json.JSONDecoder(strict=False).raw_decode, re.compile(r"[\s\ufeff]*")
    at, done, parts = _after(space, line, line.index("{") + 1), 0, []
    while line[at] == '"':
        name, at = read(line, at)
        at = _after(space, line, _after(space, line, at) + 1)  # past the colon
        value, end = read(line, at)
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if value is not None and expired.is_expired(expired.names.index(name), said):
            parts += [line[done:at], "null"]
            done = end
        at = _after(space, line, end)
        if line[at] == "}":
            break
        at = _after(space, line, at + 1)  # past the comma
    return "".join(parts) + line[done:]


def _after(space: re.Pattern[str], line: str, at: int) -> int:
    found = space.match(line, at)
    return found.end() if found else at


def _parquet(path: Path, target: Path, expired: ExpiredTexts) -> None:
    changed = []
    for i in sorted({*expired.words, *expired.others}):
        name = quoted(expired.names[i])
        goes = "true" if i in expired.words else rf"regexp_matches({name}::varchar, '\pL')"
        changed.append(f"case when is_old and {goes} then null else {name} end as {name}")
    with duckdb.connect() as connection:
        connection.execute("create table old as select unnest($1) as line", [sorted(expired.lines)])
        connection.execute(
            f"""copy (
                select * exclude (file_row_number, is_old) replace ({", ".join(changed)})
                from (select *, file_row_number + 1 in (select line from old) as is_old
                      from read_parquet({literal(glob.escape(str(path)))}, file_row_number = true))
                order by file_row_number
            ) to {literal(str(target))} (format parquet)"""
        )
