"""The outcome of landing, file by file."""

from collections import Counter
from dataclasses import dataclass

from voc.domain.formatting import counted


@dataclass(frozen=True)
class FileOutcome:
    """The outcome of one file.

    ``status`` is landed, already landed, refused, quarantined, or left: not taken, and tried again the next time.
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
    """The outcome of every file that was offered, and warnings for the operator."""

    files: tuple[FileOutcome, ...]
    warnings: tuple[str, ...]
    n_texts_removed: tuple[int, ...] = ()
    """How many texts too old to be kept were removed from each file that held some."""
    not_removable: tuple[str, ...] = ()
    """A sentence for each file from which such texts could not be removed; these are warnings too."""

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
        outcomes = ", ".join(f"{n} {status}" for status, n in statuses.items()) or "no files"
        return f"{outcomes}; {counted(self.n_landed, 'row')}, {counted(self.n_rejected, 'reject')}"
