"""Records of a file of text as they are written, so that one of them can change and no byte of the others."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from voc.adapters.files.staging import MAX_LINE


@contextmanager
def rewriting(path: Path, target: Path, encoding: str) -> Iterator[tuple[TextIO, TextIO]]:
    """A file of text to read and the one to write in its place; bytes that are no text stay as they are."""
    errors = "surrogateescape"
    with (
        path.open(encoding=encoding, errors=errors, newline=_line_break(path)) as source,
        target.open("w", encoding=encoding, errors=errors, newline="") as rest,
    ):
        yield source, rest


def _line_break(path: Path) -> str:
    """What ends a line, as `voc.adapters.files.csv_file` has it: old Macs wrote a return only."""
    with path.open("rb") as file:
        return "\n" if any(b"\n" in chunk for chunk in iter(lambda: file.read(1 << 20), b"")) else "\r"


def records(source: TextIO, delimiter: str) -> Iterator[tuple[list[str] | None, list[str]]]:
    """Each record's fields, None where they can't be read, and the lines it is written on."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in source:
            taken.append(line)
            yield line.replace("\0", "")

    limit = csv.field_size_limit(2 * MAX_LINE)
    rows = csv.reader(lines(), delimiter=delimiter, strict=True)
    try:
        while True:
            taken.clear()
            try:
                yield next(rows), list(taken)
            except StopIteration:
                return
            except csv.Error:
                yield None, list(taken)
    finally:
        csv.field_size_limit(limit)
