"""Searches every file of a state folder for what it still holds of a customer."""

import html
import json
import mmap
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from voc.adapters.erasure import landed_records, mail_parsing
from voc.adapters.erasure.landed_records import Removal
from voc.adapters.files import archive
from voc.adapters.sql import literal, quoted
from voc.domain.forgotten import Person

Reading = Callable[[str], tuple[str, Mapping[str, str]]]
"""Source -> the encoding of its files, and their column name -> ours."""

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
_WORD_CHARACTER = rb"[A-Za-z0-9]"


def search(state: Path, person: Person, reading: Reading) -> list[str]:
    """Every place that still holds the customer: a path relative to the state folder, and the part of it."""
    spelled = _spelled(person)
    files = (path for path in state.rglob("*") if path.is_file() and not path.is_symlink())
    left = [(path, finding) for path in files for finding in _in_file(path, person, spelled)]
    left += [
        (path, finding)
        for path, sidecars in archive.files_with_sidecars(state)
        for finding in _records(path, sidecars, person, reading)
    ]
    return sorted({f"{path.relative_to(state)}: {finding}" for path, finding in left})


def _in_file(path: Path, person: Person, spelled: re.Pattern[bytes] | None) -> Iterator[str]:
    try:
        if path.suffix in (".duckdb", ".parquet"):
            yield from _in_tables(path, person)
        elif path.suffix == ".sqlite":
            yield from _in_sqlite(path, person)
        elif path.suffix == ".npz" and spelled:
            with zipfile.ZipFile(path) as packed:
                yield from ("its content" for name in packed.namelist() if spelled.search(packed.read(name)))
        elif path.suffix == ".eml" and person.is_named_in(mail_parsing.text_of(path.read_bytes())):
            yield "its words"
        if spelled and path.stat().st_size:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if spelled.search(data):
                    yield "its bytes"
    except (duckdb.Error, sqlite3.Error, OSError, zipfile.BadZipFile) as error:
        yield f"it could not be searched ({type(error).__name__})"


def _spelled(person: Person) -> re.Pattern[bytes] | None:
    """A pattern that finds the words in bytes: in the usual encodings, and as HTML and JSON escape them."""
    spellings: set[bytes] = set()
    for word in person.words:
        for text in (word, html.escape(word), json.dumps(word)[1:-1]):
            for encoding in _ENCODINGS:
                with suppress(UnicodeEncodeError):  # an encoding without its letters can't hold it
                    spellings.add(re.escape(text.encode(encoding)))
    longest_first: list[bytes] = sorted(spellings, key=len, reverse=True)
    either = b"|".join(longest_first)
    before, after = rb"(?<!%b)(?<!%b[-_.+])" % (_WORD_CHARACTER, _WORD_CHARACTER), rb"(?![-_]?%b)" % _WORD_CHARACTER
    return re.compile(before + b"(?:" + either + b")" + after, re.IGNORECASE) if spellings else None


def _in_tables(path: Path, person: Person) -> Iterator[str]:
    with duckdb.connect() as connection:
        tables = ["file"]
        if path.suffix == ".parquet":
            connection.execute(f"create view file as select * from read_parquet({literal(str(path))})")
        else:
            connection.execute(f"attach {literal(str(path))} as file (read_only)")
            found = connection.execute("select schema_name, table_name from duckdb_tables where database_name = 'file'")
            tables = [f"file.{quoted(schema)}.{quoted(table)}" for schema, table in found.fetchall()]
        for table in tables:
            names = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
            row = f"concat_ws(chr(31), {', '.join(f'{quoted(name)}::varchar' for name in names)})"
            theirs = ["customer_id::varchar = ?"] if "customer_id" in names else []
            theirs += ["(level = 'customer' and subject = ?)"] if {"level", "subject"} <= set(names) else []
            named = [f"regexp_matches({row}, ?)"] if person.words else []
            if not theirs and not named:
                continue
            found = connection.execute(
                f"select {' or '.join(theirs) or 'false'}, {row} from {table} where {' or '.join([*theirs, *named])}",
                [person.customer_id] * (2 * len(theirs)) + [person.loose_pattern] * len(named),
            )
            if any(is_theirs or person.is_named_in(row_text) for is_theirs, row_text in found.fetchall()):
                yield f"rows of {table}"


def _in_sqlite(path: Path, person: Person) -> Iterator[str]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in connection.execute(f"select * from {quoted(table)}"):
                texts = [mail_parsing.text_of(cell) if isinstance(cell, bytes) else str(cell) for cell in row]
                if any(map(person.is_named_in, texts)):
                    yield f"rows of {table}"
                    break
    finally:
        connection.close()


def _records(path: Path, sidecars: list[archive.ArchivedFile], person: Person, reading: Reading) -> Iterator[str]:
    """Searches a landed file by customer_id, for ids that are too common to be searched for as words."""
    encoding, renames = reading(sidecars[0].source) if sidecars else ("utf-8", {})
    scratch = path.with_suffix(".part")
    removal = Removal(person.customer_id.__eq__)
    found = landed_records.rewrite(path, path.suffix, scratch, removal, encoding=encoding, renames=renames)
    scratch.unlink(missing_ok=True)
    if found is None or found.n_records:
        yield "it cannot be read" if found is None else "records"
