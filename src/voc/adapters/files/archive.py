"""The bytes of every file that was offered, as they came, so that the work file can be rebuilt from nothing.

state/landed holds what landed, state/quarantine what did not; each file of bytes has a JSON sidecar for every source
that offered it. Bytes and sidecar are on disk before the transaction with their rows commits: a crash in between leaves
a file that is simply read again, with the batch number and landing time that its sidecar holds.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from voc.adapters.crash import crash_point
from voc.adapters.disk import sha256_of, sync
from voc.adapters.work_file.ledger import Entry
from voc.errors import OutsideError

LANDED, QUARANTINE = "landed", "quarantine"


@dataclass(frozen=True)
class ArchivedFile:
    """One archived file as one source offered it."""

    folder: Path
    sha256: str
    ending: str
    source: str
    table: str
    file_name: str
    found_at: str
    """Where the inbox had it."""
    landed_at: datetime
    batch: int
    first_batch: int
    """The number of its first reading: the order in which files are read again, whatever became of them since."""
    n_expected: int | None = None
    options: str | None = None
    reason: str | None = None
    """Why it lies in quarantine."""
    status: str = "refused"
    """What the ledger calls it."""
    is_refused_at_door: bool = False
    """Whether the check of landed tables refused it: it is not read again with the same options."""
    is_gone: bool = False
    """Whether its bytes were too old to be kept; with the same options its row of the ledger stays as it was."""
    n_read: int = 0
    n_landed: int = 0
    rewritten: tuple[str, ...] = ()
    """sha256 of its bytes since something was taken out of them, and before the last time; `sha256` stays its name."""

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.sha256

    @property
    def bytes_path(self) -> Path:
        return self.folder / (self.sha256 + self.ending)

    def is_sound(self, sha256: str) -> bool:
        """Whether bytes of this sha256 are its bytes, as they came or as we have rewritten them.

        Asks its sidecar: another source that offered the same file may have rewritten them since.
        """
        sidecar = _sidecar(self.folder, self)
        now = _read(sidecar) if sidecar.exists() else self
        return sha256 in (self.sha256, *now.rewritten)

    def rewritten_as(self, sha256: str) -> "ArchivedFile":
        """The same file after its bytes were rewritten: its sender's count of rows may no longer hold."""
        return replace(self, rewritten=(*self.rewritten, sha256)[-2:], n_expected=None)

    def recorded(self, entry: Entry) -> "ArchivedFile":
        """The same file with the outcome of a new reading."""
        return replace(
            self,
            reason=entry.why,
            options=entry.options,
            status=entry.status,
            n_read=entry.n_read,
            n_landed=entry.n_landed,
            is_refused_at_door=False,
        )

    def refused_at_door(self, why: str, entry: Entry) -> "ArchivedFile":
        """The same file once a door has refused what had landed of it."""
        return replace(self.recorded(entry), reason=why, status="refused", is_refused_at_door=True)


def archived_files(state: Path) -> list[ArchivedFile]:
    """Every archived file, in the order of first landing; the newer sidecar counts where a crash left two."""
    newest: dict[tuple[str, str], ArchivedFile] = {}
    for folder in (LANDED, QUARANTINE):
        for sidecar in sorted((state / folder).glob("*.json")):
            file = _read(sidecar)
            if file.key not in newest or newest[file.key].batch < file.batch:
                newest[file.key] = file
    return sorted(newest.values(), key=lambda file: file.first_batch)


def store(state: Path, folder: str, path: Path, file: ArchivedFile) -> None:
    """Puts the bytes at ``path`` and their sidecar into ``folder``, on disk when this returns.

    path: on the same file system; it stays, its owner removes it.
    """
    home = state / folder
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = home / (file.sha256 + file.ending)
    try:
        sync(path)
        if file.rewritten:
            _record_rewrite(target, sha256_of(path))
        _link(path, target)
        crash_point("archive:linked")
        _write(_sidecar(home, file), file)
        sync(home)
    except OSError as error:
        raise _unwritten(home, error) from None


def discard_bytes(file: ArchivedFile) -> None:
    """Removes the bytes of a quarantined file; the sidecars of all sources that offered it stay."""
    try:
        for sidecar in _sidecars(file.bytes_path):
            _write(sidecar, replace(_read(sidecar), is_gone=True))
        file.bytes_path.unlink(missing_ok=True)
        sync(file.folder)
    except OSError as error:
        raise _unwritten(file.folder, error) from None


def files_with_sidecars(state: Path) -> list[tuple[Path, list[ArchivedFile]]]:
    """Every file of bytes with its sidecars; without any where a crash has left bytes alone."""
    found: list[tuple[Path, list[ArchivedFile]]] = []
    for folder in (LANDED, QUARANTINE):
        for path in sorted((state / folder).glob("*")):
            if path.suffix not in (".json", ".part"):
                found.append((path, [_read(sidecar) for sidecar in _sidecars(path)]))
    return found


def replace_bytes(path: Path, new: Path) -> None:
    """Puts ``new`` in place of a file's bytes, on disk when this returns."""
    try:
        sync(new)
        _record_rewrite(path, sha256_of(new))
        new.replace(path)
        sync(path.parent)
    except OSError as error:
        raise _unwritten(path.parent, error) from None


def remove(path: Path, sidecars: Sequence[ArchivedFile]) -> None:
    """Removes a file of bytes, its sidecars first: bytes that stand alone are read by nobody."""
    for file in sidecars:
        _sidecar(path.parent, file).unlink()
    path.unlink()


def remove_leftovers(state: Path) -> None:
    """Removes what a killed process has left: bytes without a sidecar, which nobody reads, and half-written files.

    The inbox may still have them: then they land as if they had never been seen.
    """
    for path, sidecars in files_with_sidecars(state):
        if not sidecars:
            path.unlink()
    for folder in (LANDED, QUARANTINE):
        for part in (state / folder).glob("*.part"):
            part.unlink()


def discard_copy(state: Path, folder: str, file: ArchivedFile) -> None:
    """Removes a file from ``folder`` once it lies in the other one; bytes that another sidecar names stay."""
    home = state / folder
    _sidecar(home, file).unlink(missing_ok=True)
    if not any(home.glob(f"{file.sha256}.*.json")):
        (home / (file.sha256 + file.ending)).unlink(missing_ok=True)


def _sidecar(home: Path, file: ArchivedFile) -> Path:
    return home / f"{file.sha256}.{file.source}.json"


def _sidecars(path: Path) -> list[Path]:
    """Of a file of bytes, one a source that offered it."""
    return sorted(path.parent.glob(f"{path.stem}.*.json"))


def _record_rewrite(path: Path, sha256: str) -> None:
    """Before the bytes change: sidecars go on taking the old ones for sound, so a death between leaves a file that can
    be read."""
    for sidecar in _sidecars(path):
        _write(sidecar, _read(sidecar).rewritten_as(sha256))


def _write(sidecar: Path, file: ArchivedFile) -> None:
    content = {k: v for k, v in asdict(file).items() if k != "folder"} | {"landed_at": file.landed_at.isoformat()}
    part = sidecar.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1), encoding="utf-8")
    sync(part)
    part.replace(sidecar)


def _unwritten(home: Path, error: OSError) -> OutsideError:
    return OutsideError(f"{home} could not be written: {error.strerror}", "free disk space, then run again")


def _read(sidecar: Path) -> ArchivedFile:
    names = {field.name for field in fields(ArchivedFile)} - {"folder"}
    try:
        content = json.loads(sidecar.read_text(encoding="utf-8"))
        content["landed_at"] = datetime.fromisoformat(content["landed_at"])
        content["rewritten"] = tuple(content.get("rewritten", ()))
        return ArchivedFile(folder=sidecar.parent, **{name: value for name, value in content.items() if name in names})
    except (ValueError, KeyError, TypeError):
        raise OutsideError(
            f"{sidecar} is damaged", "restore it from a backup, or remove it and offer the file again"
        ) from None


def _link(path: Path, target: Path) -> None:
    """``path`` under a second name, in place of whatever had it: damaged bytes are healed by sound ones."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.link(path, part)
    part.replace(target)
    part.unlink(missing_ok=True)  # rename does nothing when both names are the same file already
