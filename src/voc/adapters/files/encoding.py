"""The bytes of a text file as UTF-8, or the place where they stop being text."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from voc.errors import InputError

_CHUNK = 1 << 20
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class EncodingError(InputError):
    """Bytes that the declared encoding cannot read: the file is put aside, not just refused."""


def as_utf8(path: Path, encoding: str, scratch: Path, source: str) -> Path:
    """``path`` itself where it is declared as UTF-8, else a transcoded copy at ``scratch``. Raises EncodingError."""
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig"):
        return path
    with scratch.open("w", encoding="utf-8", newline="") as copy:
        copy.writelines(_decoded(path, encoding, source))
    return scratch


def refuse_undecodable(path: Path, encoding: str, source: str) -> None:
    """Nothing, or raises EncodingError naming the first byte that ``encoding`` cannot read."""
    for _ in _decoded(path, encoding, source):
        pass


def _decoded(path: Path, encoding: str, source: str) -> Iterator[str]:
    """The text, piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        read = 0
        while True:
            pending = decoder.getstate()[0]
            chunk = file.read(_CHUNK)
            try:
                yield decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                position = read - len(pending) + getattr(error, "start", 0)
                raise EncodingError(
                    f"byte {position:,} is not {encoding}",
                    f"put `encoding: {_suggestion(path, encoding)}` (or what it was saved as) under source {source}",
                ) from None
            if not chunk:
                return
            read += len(chunk)


def _suggestion(path: Path, encoding: str) -> str:
    """By its byte order mark where it has one, else the most common single-byte encoding; only ever suggested."""
    with path.open("rb") as file:
        start = file.read(3)
    marked = next((name for bom, name in _BOMS.items() if start.startswith(bom)), None)
    return marked if marked and marked != encoding else "cp1252"
