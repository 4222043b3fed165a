"""The inbox: files that others drop are found, checked to be regular files, and copied before anything reads them."""

import glob
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voc.adapters.disk import sha256_of
from voc.adapters.files import archive, reader
from voc.adapters.work_file import ledger
from voc.adapters.work_file.warehouse import Connection, transaction
from voc.errors import OutsideError

_CHUNK = 1 << 20
_DONE = ".done"
_GLOB = "*?["


@dataclass(frozen=True)
class InboxCopy:
    """Our own copy of a file, named after the SHA-256 of its bytes."""

    path: Path
    sha256: str
    n_expected: int | None
    """Data rows that the sender's `.done` file promises."""


@dataclass(frozen=True)
class NotTaken:
    """A file that was not taken, and why; it stays where it is and is asked again the next time."""

    why: str


def offered(pattern: str) -> list[Path]:
    """The files that an absolute glob names, by name; `.done` files speak for others and are none themselves."""
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207  the pattern is absolute, which Path.glob does not take
    return [Path(name) for name in sorted(names) if not name.endswith(_DONE)]


def printable_name(path: Path) -> str:
    """The file's name as one printable line, whatever bytes it is made of."""
    name = os.fsencode(path.name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def take(path: Path, folder: Path, pattern: str | None = None) -> InboxCopy | NotTaken:
    """Copies a regular file into ``folder`` as <sha256><ending>, hashing on the way.

    pattern: the glob that named it; what leads out of its fixed part (by links) is left.
    Raises  OutsideError when the copy cannot be written.
    """
    try:
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind) or not stat.S_ISREG(kind):
            return NotTaken("it is a link, pipe or device, not a regular file")
        if pattern is not None and not path.resolve().is_relative_to(_root(pattern).resolve()):
            return NotTaken("it lies outside the source's folder")
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return NotTaken(f"it cannot be opened ({error.strerror})")
    copy = folder / "copying"
    try:
        digest, is_stable = _copy(source, copy)
    except OSError as error:
        copy.unlink(missing_ok=True)
        raise OutsideError(
            f"{printable_name(path)} could not be copied: {error.strerror}", "free disk space, then run again"
        ) from None
    finally:
        os.close(source)
    if not is_stable:
        copy.unlink()
        return NotTaken("it is still being written")
    ending = path.suffix.lower()
    taken = copy.replace(folder / (digest + (ending if ending in reader.ENDINGS else "")))
    return InboxCopy(taken, digest, _n_expected(path))


def is_there(state: Path, source: str, sha256: str) -> bool:
    """Whether these very bytes still lie where they were found; a mended file of the same name is another file."""
    for archived in archive.archived_files(state):
        if archived.key == (source, sha256) and os.path.lexists(archived.found_at):
            return sha256_of(Path(archived.found_at)) == sha256
    return False


def refuse(state: Path, connection: Connection, batch: int, why: str) -> None:
    """Takes a landed batch back: its rows leave raw, its bytes go to quarantine, the ledger says why.

    With the same options it is not read again, not even when the work file is rebuilt.
    """
    entry = ledger.entry(connection, batch)
    key = entry.source, entry.sha256
    archived = next(archived for archived in archive.archived_files(state) if archived.key == key)
    with transaction(connection):
        ledger.remove_rows(connection, entry)
        ledger.set_status(connection, batch, "refused", why)
        archive.store(state, archive.QUARANTINE, archived.bytes_path, archived.refused_at_door(why, entry))
    archive.discard_copy(state, archive.LANDED, archived)


def _root(pattern: str) -> Path:
    """The folder above the first part with a glob character."""
    fixed: list[str] = []
    for part in Path(pattern).parent.parts:
        if any(c in part for c in _GLOB):
            break
        fixed.append(part)
    return Path(*fixed)


def _copy(source: int, copy: Path) -> tuple[str, bool]:
    """The bytes' sha256, and whether the file stood still while they were read."""
    before, digest, size = os.fstat(source), hashlib.sha256(), 0
    with copy.open("wb") as out:
        for chunk in _chunks(source):
            digest.update(chunk)
            out.write(chunk)
            size += len(chunk)
    after = os.fstat(source)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return digest.hexdigest(), same and size == after.st_size


def _chunks(source: int) -> Iterator[bytes]:
    while chunk := os.read(source, _CHUNK):
        yield chunk


def _n_expected(path: Path) -> int | None:
    """The number in `<file>.done`, or None where there is no such file or no number in it."""
    done = path.with_name(path.name + _DONE)
    try:
        if not stat.S_ISREG(done.lstat().st_mode):
            return None
        with done.open("rb") as file:
            return int(file.read(32))
    except (OSError, ValueError):
        return None
