"""A file on its way from the inbox into raw.*, as one value that each stage of landing returns enriched."""

from dataclasses import dataclass, replace
from datetime import datetime

from voc.adapters.files.archive import ArchivedFile
from voc.adapters.files.casting import Typed
from voc.adapters.files.inbox import InboxCopy
from voc.adapters.files.staging import Staged
from voc.adapters.work_file.ledger import Entry
from voc.domain.contract import WORDS
from voc.domain.source import Source
from voc.errors import InputError

MAX_BAD_SHARE, MIN_BAD_ROWS = 0.01, 100
"""A file with more bad rows than both is quarantined: the input contract of docs/configuration.md."""


@dataclass(frozen=True)
class LandingFile:
    """One file as far as it has been landed."""

    source: Source
    copy: InboxCopy
    """Our own copy; what a stage removes from it is not kept."""
    archived: ArchivedFile
    """How the archive will keep it."""
    entry: Entry
    """Its row of the ledger."""
    staged: Staged | None = None
    """Its rows as text; None before it is read, and where it could not be."""
    typed: Typed | None = None
    """Its rows with types; None before they are cast, and where they could not be."""
    texts_from: datetime | None = None
    """When the oldest texts were written that it holds and that can still be removed; naive UTC."""
    n_texts_removed: int = 0
    """Records whose texts were removed because they are too old to be kept."""
    not_removable: str | None = None
    """Why such texts could not be removed."""
    warnings: tuple[str, ...] = ()
    """What else the operator should know."""

    def with_staged(self, staged: Staged) -> "LandingFile":
        """The file once it is read as text."""
        return replace(self, staged=staged, entry=replace(self.entry, n_read=staged.n_read))

    def with_outcome(self) -> "LandingFile":
        """The file with its counts in the ledger's row; quarantined where too many of its rows are bad."""
        assert self.typed is not None
        n_bad, n_read = self.typed.n_rejected, self.entry.n_read
        entry = replace(self.entry, n_rejected=n_bad)
        if n_bad >= MIN_BAD_ROWS and n_bad > MAX_BAD_SHARE * n_read:
            why = f"{n_bad:,} of its {n_read:,} rows are bad; see their reasons, then correct it"
            return replace(self, entry=replace(entry, status="quarantined", why=why))
        found = replace(
            entry, n_conflicts=self.typed.n_conflicts, newest_at=self.typed.newest_at, words_from=self.texts_from
        )
        return replace(self, entry=found)

    def failed(self, status: str, error: InputError) -> "LandingFile":
        """The file once it is refused or quarantined as a whole; nothing of it lands."""
        entry = replace(self.entry, status=status, why=f"{error.what}; {error.fix}")
        return replace(self, entry=entry, staged=None, typed=None)


def new_entry(source: Source, currency: str, archived: ArchivedFile, status: str, why: str | None) -> Entry:
    """The ledger's row of a file that has not been read yet."""
    return Entry(
        archived.batch,
        source.name,
        str(source.table),
        archived.file_name,
        archived.sha256,
        source.fingerprint(currency),
        status,
        why,
        archived.landed_at,
        words_from=archived.landed_at if WORDS[source.table] and not archived.is_gone else None,
    )
