"""What landing says of the files it was offered."""

from collections import Counter
from dataclasses import dataclass

from voc.domain.formatting import counted


@dataclass(frozen=True)
class File:
    """What became of one file.

    ``status`` is landed, already landed, refused, quarantined, or left: not taken, and asked again the next time.
    The counts are of this run.
    """

    source: str
    file_name: str
    status: str
    why: str | None = None
    n_read: int = 0
    n_landed: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0
    n_conflicts: int = 0


@dataclass(frozen=True)
class Landed:
    """What became of every file that was offered, and what the operator should know of it."""

    files: tuple[File, ...]
    warnings: tuple[str, ...]
    emptied: tuple[int, ...] = ()
    """Texts that were taken out of files, as they are too old to be kept; a number a file."""
    still_worded: tuple[str, ...] = ()
    """A sentence per file out of which they could not be taken; they stand among the warnings."""

    def count(self, status: str) -> int:
        """Files with this status."""
        return sum(file.status == status for file in self.files)

    @property
    def n_landed(self) -> int:
        return sum(file.n_landed for file in self.files)

    @property
    def n_rejected(self) -> int:
        return sum(file.n_rejected for file in self.files)

    @property
    def sentence(self) -> str:
        """One line for people."""
        statuses = Counter(file.status for file in self.files)
        said = ", ".join(f"{n} {status}" for status, n in statuses.items()) or "no files"
        return f"{said}; {counted(self.n_landed, 'row')}, {counted(self.n_rejected, 'reject')}"
