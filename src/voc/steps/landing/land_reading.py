"""The stages of landing that read a file: as text, without forgotten customers, with types, without expired texts."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from voc.adapters import disk
from voc.adapters.erasure import dated_texts, landed_records, landed_texts
from voc.adapters.erasure.landed_records import Removal
from voc.adapters.files import casting, reader
from voc.adapters.files.archive import ArchivedFile
from voc.adapters.work_file.warehouse import Connection
from voc.domain.contract import WORDS
from voc.domain.formatting import counted
from voc.domain.source import Source
from voc.errors import InputError
from voc.steps.landing.land_file import LandingFile

IsForgotten = Callable[[str], bool] | None
"""Whether the customer of an id has been forgotten; None where nobody has."""


class SourceReader:
    """Reads the files of one source."""

    def __init__(
        self,
        source: Source,
        renames: Mapping[str, str],
        is_forgotten: IsForgotten,
        texts_kept_from: datetime | None,
        currency: str,
    ) -> None:
        """renames: their column name -> ours. texts_kept_from: naive UTC; older texts expire."""
        self.source, self.renames, self.is_forgotten = source, renames, is_forgotten
        self.texts_kept_from, self.currency = texts_kept_from, currency

    def stage(self, connection: Connection, file: LandingFile) -> LandingFile:
        """The file as text.

        Raises  InputError when it must be refused, EncodingError (an InputError) when it must be quarantined.
        """
        file = self._staged(connection, file, file.copy.path)
        if file.copy.n_expected not in (None, file.entry.n_read):
            raise InputError(
                f"it has {file.entry.n_read:,} rows, its .done file says {file.copy.n_expected:,}",
                "send the whole file again",
            )
        return file

    def names_forgotten(self, connection: Connection, file: LandingFile) -> bool:
        """Whether a staged record is of a forgotten customer."""
        if self.is_forgotten is None:
            return False
        assert file.staged is not None
        in_record = partial(landed_records.is_theirs_in, is_theirs=self.is_forgotten)
        return casting.names_any(connection, file.staged, self.source, self.is_forgotten, in_record)

    def without_forgotten(self, file: LandingFile) -> LandingFile:
        """The file without records of forgotten customers, to be staged (again).

        Writes  our copy of it. In the archive it keeps the name of the original bytes, by which they are recognised.
        """
        if self.is_forgotten is None:
            return file
        rest = _beside(file.copy.path)
        removed = landed_records.rewrite(
            file.copy.path,
            file.copy.path.suffix,
            rest,
            Removal(self.is_forgotten),
            encoding=self.source.encoding,
            renames=self.renames,
        )
        if removed is None or not removed.n:
            rest.unlink(missing_ok=True)
            return file
        rest.replace(file.copy.path)
        left_out = f"{counted(removed.n, 'row')} of forgotten customers left out"
        return replace(
            file,
            copy=replace(file.copy, n_expected=None),
            archived=file.archived.rewritten_as(disk.sha256_of(file.copy.path)),
            warnings=(*file.warnings, f"{self.source.name}, {file.archived.file_name}: {left_out}"),
        )

    def cast(self, connection: Connection, file: LandingFile) -> LandingFile:
        """The staged file with types and counts, and without texts that are too old to be kept.

        Raises  InputError for money in another currency.
        """
        file = self._typed(connection, file)
        if self._holds_expired(file):
            file = self._without_expired(connection, file)
        return file.with_outcome()

    def is_expired(self, archived: ArchivedFile) -> bool:
        """Whether a quarantined file landed so long ago that none of its texts may be kept."""
        has_texts = bool(WORDS[self.source.table])
        return has_texts and self.texts_kept_from is not None and archived.landed_at < self.texts_kept_from

    def _staged(self, connection: Connection, file: LandingFile, path: Path) -> LandingFile:
        return file.with_staged(reader.read(connection, path, self.source, self.renames))

    def _typed(self, connection: Connection, file: LandingFile) -> LandingFile:
        assert file.staged is not None
        table, landed_at = self.source.table, file.archived.landed_at
        typed = casting.cast(connection, file.staged, self.source, currency=self.currency, landed_at=landed_at)
        has_texts = bool(WORDS[table])
        oldest = dated_texts.since(connection, file.staged, typed, table, landed_at) if has_texts else None
        return replace(file, typed=typed, texts_from=oldest)

    def _holds_expired(self, file: LandingFile) -> bool:
        oldest, kept_from = file.texts_from, self.texts_kept_from
        return oldest is not None and kept_from is not None and oldest < kept_from

    def _without_expired(self, connection: Connection, file: LandingFile) -> LandingFile:
        """The file without expired texts, its name in the archive as before.

        The rewritten copy is read before it takes the other's place: it must differ in these texts alone.
        """
        assert file.staged is not None
        assert file.typed is not None
        assert self.texts_kept_from is not None
        table, landed_at = self.source.table, file.archived.landed_at
        expired = dated_texts.before(connection, file.staged, file.typed, table, landed_at, self.texts_kept_from)
        path, rest = file.copy.path, _beside(file.copy.path)
        if landed_texts.rewrite(path, rest, expired, self.source.encoding):
            with suppress(InputError):
                rewritten = self._typed(connection, self._staged(connection, file, rest))
                if not self._holds_expired(rewritten) and _shape(rewritten) == _shape(file):
                    rest.replace(path)
                    return replace(
                        rewritten,
                        archived=file.archived.rewritten_as(disk.sha256_of(path)),
                        n_texts_removed=len(expired.lines) + len(expired.broken),
                    )
            rest.unlink()
        file = self._typed(connection, self._staged(connection, file, path))
        archived = file.archived
        return replace(
            file,
            texts_from=None,
            not_removable=f"{self.source.name}, {archived.file_name}: words said before {self.texts_kept_from:%Y-%m-%d}"
            " could not be taken out of it and stay in the work file and in "
            f"state/landed/{archived.sha256}{archived.ending}",
        )


def _beside(path: Path) -> Path:
    """Where a file is rewritten before it takes the place of the one at ``path``."""
    return path.with_name(f"rest{path.suffix}")


def _shape(file: LandingFile) -> tuple[object, ...]:
    """Counts and times of a file, which do not depend on its texts."""
    assert file.staged is not None
    assert file.typed is not None
    return (*file.typed.shape, file.staged.n_broken)
