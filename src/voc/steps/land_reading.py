"""Reading, the first half of landing a file: all of it, but for the forgotten and for words that are kept no more."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from voc.adapters import disk
from voc.adapters.erasure import dated_texts, landed_records, landed_texts
from voc.adapters.erasure.landed_records import Removal
from voc.adapters.files import casting, reader
from voc.adapters.files.archive import ArchivedFile
from voc.adapters.files.casting import Cast
from voc.adapters.files.inbox import InboxCopy
from voc.adapters.files.staging import Staged
from voc.adapters.work_file.ledger import Entry
from voc.adapters.work_file.warehouse import Connection
from voc.domain.contract import WORDS
from voc.domain.formatting import counted
from voc.domain.source import Source
from voc.errors import InputError

MAX_BAD_SHARE, MIN_BAD_ROWS = 0.01, 100
"""A file with more bad rows than both is put aside: the input contract of docs/configuration.md."""

IsForgotten = Callable[[str], bool] | None
"""Tells by an id who has been forgotten; None where nobody has."""


@dataclass(frozen=True)
class Typed:
    """A file with types, its bytes as they are to be kept, and what was found of words."""

    said: Cast
    staged: Staged
    taken: InboxCopy
    one: ArchivedFile
    words_from: datetime | None
    """When the oldest words that can still be taken out were said, naive UTC."""
    n_emptied: int = 0
    """Records whose words have been taken out."""
    told: tuple[str, ...] = ()
    """Why others still have theirs."""

    def recorded_in(self, entry: Entry) -> Entry:
        """The file's row of the ledger with what was found; put aside where too many of its rows are bad."""
        n_bad, n = self.said.n_rejected, self.staged.n_read
        entry = replace(entry, n_rejected=n_bad)
        if n_bad >= MIN_BAD_ROWS and n_bad > MAX_BAD_SHARE * n:
            why = f"{n_bad:,} of its {n:,} rows are bad; see their reasons, then correct it"
            return replace(entry, status="quarantined", why=why)
        return replace(
            entry, n_conflicts=self.said.n_conflicts, newest_at=self.said.newest_at, words_from=self.words_from
        )


class Reading:
    """How one source's files are read, in the company's ``currency``, with words said since ``words_gone``."""

    def __init__(
        self,
        source: Source,
        renames: Mapping[str, str],
        is_forgotten: IsForgotten,
        words_gone: datetime | None,
        currency: str,
    ) -> None:
        self.source, self.renames, self.is_forgotten = source, renames, is_forgotten
        self.words_gone, self.currency = words_gone, currency

    def read(
        self, connection: Connection, taken: InboxCopy, one: ArchivedFile
    ) -> tuple[Staged, InboxCopy, ArchivedFile, list[str]]:
        """The file as staged text, its bytes as they are to be kept, and what to tell of it.

        A file that holds records of forgotten customers is read again once they are out of it, so that lines and
        counts are those of the bytes that are kept.
        Raises  InputError when it must be refused, EncodingError (an InputError) when it must be put aside.
        """
        staged = reader.read(connection, taken.path, self.source, self.renames)
        if taken.n_expected not in (None, staged.n_read):
            raise InputError(
                f"it has {staged.n_read:,} rows, its .done file says {taken.n_expected:,}", "send the whole file again"
            )
        if not self._names_forgotten(connection, staged):
            return staged, taken, one, []
        taken, one, told = self.without_forgotten(taken, one)
        staged = reader.read(connection, taken.path, self.source, self.renames)
        if self._names_forgotten(connection, staged):
            raise InputError("records of forgotten customers can't be told from others", "write the file again")
        return staged, taken, one, told

    def cast(self, connection: Connection, staged: Staged, taken: InboxCopy, one: ArchivedFile) -> Typed:
        """The staged rows with types, and old words out of the copy in hand, whose name in the archive stays.

        The rewritten copy is read before it takes the other's place: it must differ in these words alone.
        Raises  InputError for money in another currency.
        """
        said, words_from = self._typed(connection, staged, one)
        if words_from is None or self.words_gone is None or words_from >= self.words_gone:
            return Typed(said, staged, taken, one, words_from)
        speech = dated_texts.before(connection, staged, self.source.table, one.landed_at, self.words_gone)
        rest = taken.path.with_name(f"rest{taken.path.suffix}")
        if landed_texts.rewrite(taken.path, rest, speech, self.source.encoding):
            with suppress(InputError):
                emptied = reader.read(connection, rest, self.source, self.renames)
                said_now, words_from = self._typed(connection, emptied, one)
                is_empty = words_from is None or words_from >= self.words_gone
                if is_empty and (said_now.shape, emptied.n_broken) == (said.shape, staged.n_broken):
                    rest.replace(taken.path)
                    one = one.rewritten_as(disk.sha256_of(taken.path))
                    return Typed(said_now, emptied, taken, one, words_from, len(speech.lines) + len(speech.broken))
            rest.unlink()
        told = (
            f"{self.source.name}, {one.file_name}: words said before {self.words_gone:%Y-%m-%d} could not be taken "
            f"out of it and stay in the work file and in state/landed/{one.sha256}{one.ending}"
        )
        staged = reader.read(connection, taken.path, self.source, self.renames)
        return Typed(self._typed(connection, staged, one)[0], staged, taken, one, None, told=(told,))

    def is_too_old(self, one: ArchivedFile) -> bool:
        """Whether a file that was put aside landed so long ago that none of its words may be kept."""
        return bool(WORDS[self.source.table]) and self.words_gone is not None and one.landed_at < self.words_gone

    def _typed(self, connection: Connection, staged: Staged, one: ArchivedFile) -> tuple[Cast, datetime | None]:
        said = casting.cast(connection, staged, self.source, currency=self.currency, landed_at=one.landed_at)
        if not WORDS[self.source.table]:
            return said, None
        return said, dated_texts.since(connection, staged, self.source.table, one.landed_at)

    def without_forgotten(self, taken: InboxCopy, one: ArchivedFile) -> tuple[InboxCopy, ArchivedFile, list[str]]:
        """The file without their records, and what to tell of it.

        Writes  the copy in hand. Its name in the archive stays that of the bytes that came, by which they are known.
        """
        if self.is_forgotten is None:
            return taken, one, []
        rest = taken.path.with_name(f"rest{taken.path.suffix}")
        removed = landed_records.rewrite(
            taken.path,
            taken.path.suffix,
            rest,
            Removal(self.is_forgotten),
            encoding=self.source.encoding,
            renames=self.renames,
        )
        if removed is None or not removed.n:
            rest.unlink(missing_ok=True)
            return taken, one, []
        rest.replace(taken.path)
        told = f"{self.source.name}, {one.file_name}: {counted(removed.n, 'row')} of forgotten customers left out"
        return replace(taken, n_expected=None), one.rewritten_as(disk.sha256_of(taken.path)), [told]

    def _names_forgotten(self, connection: Connection, staged: Staged) -> bool:
        if self.is_forgotten is None:
            return False
        in_record = partial(landed_records.is_theirs_in, is_theirs=self.is_forgotten)
        return casting.names_any(connection, staged, self.source, self.is_forgotten, in_record)
