"""The bytes of every file that was offered, as they came, so that the work file can be rebuilt from nothing.

state/landed holds what landed, state/quarantine what did not; each file of bytes has a JSON sidecar for every source
that offered it. Bytes and sidecar are on disk before the transaction with their rows commits: a crash in between leaves
a file that is simply read again, with the batch number and landing time that its sidecar holds.
"""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from voc.adapters.disk import sync
from voc.adapters.ledger import Entry
from voc.errors import OutsideError

LANDED, QUARANTINE = "landed", "quarantine"


@dataclass(frozen=True)
class Kept:
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
    is_refused_at_door: bool = False
    """Then it is not read again with the same options; what the ledger counted is kept here."""
    n_read: int = 0
    n_landed: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.sha256

    @property
    def bytes_path(self) -> Path:
        return self.folder / (self.sha256 + self.ending)

    def refused_at_door(self, why: str, entry: Entry) -> "Kept":
        """The same file once a door has refused what had landed of it."""
        return replace(
            self,
            reason=why,
            options=entry.options,
            is_refused_at_door=True,
            n_read=entry.n_read,
            n_landed=entry.n_landed,
        )


def kept(state: Path) -> list[Kept]:
    """Every archived file, in the order of first landing; the newer sidecar counts where a crash left two."""
    newest: dict[tuple[str, str], Kept] = {}
    for folder in (LANDED, QUARANTINE):
        for sidecar in sorted((state / folder).glob("*.json")):
            one = _read(sidecar)
            if one.key not in newest or newest[one.key].batch < one.batch:
                newest[one.key] = one
    return sorted(newest.values(), key=lambda one: one.first_batch)


def keep(state: Path, folder: str, path: Path, one: Kept) -> None:
    """Puts the bytes at ``path`` and their sidecar into ``folder``, on disk when this returns.

    path: on the same file system; it stays, its owner removes it.
    """
    home = state / folder
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = home / (one.sha256 + one.ending)
    try:
        sync(path)
        _link(path, target)
        content = {k: v for k, v in asdict(one).items() if k != "folder"} | {"landed_at": one.landed_at.isoformat()}
        part = _sidecar(home, one).with_suffix(".part")
        part.write_text(json.dumps(content, indent=1), encoding="utf-8")
        sync(part)
        part.replace(_sidecar(home, one))
        sync(home)
    except OSError as error:
        raise OutsideError(
            f"{home} could not be written: {error.strerror}", "free disk space, then run again"
        ) from None


def drop(state: Path, folder: str, one: Kept) -> None:
    """Removes what ``folder`` has of a file that now lies in the other one."""
    home = state / folder
    _sidecar(home, one).unlink(missing_ok=True)
    if not any(home.glob(f"{one.sha256}.*.json")):
        (home / (one.sha256 + one.ending)).unlink(missing_ok=True)


def _sidecar(home: Path, one: Kept) -> Path:
    return home / f"{one.sha256}.{one.source}.json"


def _read(sidecar: Path) -> Kept:
    names = {field.name for field in fields(Kept)} - {"folder"}
    try:
        content = json.loads(sidecar.read_text(encoding="utf-8"))
        content["landed_at"] = datetime.fromisoformat(content["landed_at"])
        return Kept(folder=sidecar.parent, **{name: value for name, value in content.items() if name in names})
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
