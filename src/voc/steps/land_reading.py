"""Reading, the first half of landing a file: all of it, but for those who have been forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from voc.adapters import caster, disk, reader, record_removal
from voc.adapters.archive import Kept
from voc.adapters.inbox import Taken
from voc.adapters.record_removal import Removal
from voc.adapters.staging import Staged
from voc.adapters.warehouse import Connection
from voc.domain.source import Source
from voc.domain.words import counted
from voc.errors import InputError

IsForgotten = Callable[[str], bool] | None
"""Tells by an id who has been forgotten; None where nobody has."""


class Reading:
    """How one source's files are read."""

    def __init__(self, source: Source, renames: Mapping[str, str], is_forgotten: IsForgotten) -> None:
        self.source, self.renames, self.is_forgotten = source, renames, is_forgotten

    def read(self, connection: Connection, taken: Taken, one: Kept) -> tuple[Staged, Taken, Kept, list[str]]:
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

    def without_forgotten(self, taken: Taken, one: Kept) -> tuple[Taken, Kept, list[str]]:
        """The file without their records, and what to tell of it.

        Writes  the copy in hand. Its name in the archive stays that of the bytes that came, by which they are known.
        """
        if self.is_forgotten is None:
            return taken, one, []
        rest = taken.path.with_name(f"rest{taken.path.suffix}")
        removed = record_removal.rewrite(
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
        return self.is_forgotten is not None and caster.names_any(connection, staged, self.source, self.is_forgotten)
