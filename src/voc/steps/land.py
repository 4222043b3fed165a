"""Step: land. Files of the inbox become rows of raw.*; what does not land is named, with file, line and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from voc.adapters.crash import crash_point
from voc.adapters.files import archive, casting, inbox, staging
from voc.adapters.files.archive import LANDED, QUARANTINE, ArchivedFile
from voc.adapters.files.encoding import EncodingError
from voc.adapters.files.inbox import NotTaken
from voc.adapters.work_file import ledger
from voc.adapters.work_file.ledger import Entry
from voc.adapters.work_file.warehouse import transaction
from voc.domain.landed import FileOutcome, Landed
from voc.domain.source import Source
from voc.errors import InputError, OutsideError
from voc.sources import registry
from voc.steps.landing.land_file import LandingFile, new_entry
from voc.steps.landing.land_reading import IsForgotten, SourceReader
from voc.steps.landing.land_report import LandingReport


def run(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    *,
    state: Path,
    currency: str,
    now: datetime,
    progress: Callable[[str], None],
    is_forgotten: IsForgotten = None,
    texts_kept_from: datetime | None = None,
) -> Landed:
    """Lands files that are new, and again those whose source's options have changed.

    connection: the work file, its tables made, its session in UTC. now: aware; rows more than 24 h after are rejects.
    is_forgotten: whether the rows of a customer's id stay out of the tables and of the archived bytes.
    texts_kept_from: naive UTC; customers' texts written before it stay out in the same way. None keeps all.
    Reads   the sources' files; state/landed and state/quarantine where the ledger does not know them (a rebuild).
    Writes  raw.<table>, raw.rejects and raw.ledger, a transaction a file; state/landed, state/quarantine.
    Raises  InputError for settings that cannot work, OutsideError when the disk is full. A bad file never stops the
            others: it is refused, quarantined or left, and says why.
    """
    by_name = {source.name: source for source in sources}
    readers = {
        source.name: SourceReader(
            source, {**registry.columns(source.preset), **source.columns}, is_forgotten, texts_kept_from, currency
        )
        for source in sources
    }
    for source in sources:
        casting.refuse_bad_format(connection, source)
    landing = _Landing(connection, state, currency, now.astimezone(UTC).replace(tzinfo=None), readers, progress)
    try:
        for archived in landing.archived:
            if archived.source in by_name:
                landing.restore(by_name[archived.source], archived)
        for source in sources:
            for path in inbox.offered(source.path):
                landing.offer(source, path)
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OutsideError(
            f"the work file could not be written ({type(error).__name__})", "free disk space or memory, then run again"
        ) from error
    finally:
        staging.clear(connection)
    return landing.report.landed


class _Landing:
    """One run: the files known so far, and the report."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        state: Path,
        currency: str,
        now: datetime,
        readers: Mapping[str, SourceReader],
        progress: Callable[[str], None],
    ) -> None:
        """now: naive UTC. readers: by the source's name. Empties state/work/incoming, where copies are read."""
        self.connection, self.state, self.currency, self.now = connection, state, currency, now
        self.readers, self.progress, self.report = readers, progress, LandingReport()
        self.incoming = state / "work" / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        for leftover in self.incoming.iterdir():
            leftover.unlink()
        self.archived = archive.archived_files(state)
        self._known = ledger.in_force(connection)
        self._batches = ledger.batches(connection)
        self._next_batch = max([0, *self._batches, *(archived.batch for archived in self.archived)]) + 1
        self._read_again: set[tuple[str, str, str]] = set()

    def restore(self, source: Source, archived: ArchivedFile) -> None:
        """Reads an archived file which the ledger does not know, or knows under other options."""
        options = source.fingerprint(self.currency)
        if (entry := self._known.get(archived.key)) and entry.options == options:
            return
        self._read_again.add((*archived.key, archived.file_name))
        is_quarantined = archived.folder.name == QUARANTINE
        if is_quarantined and not archived.is_gone and self.readers[source.name].is_expired(archived):
            archive.discard_bytes(archived)
            archived = replace(archived, is_gone=True)
        if (archived.is_refused_at_door or archived.is_gone) and archived.options == options:
            entry = new_entry(source, self.currency, archived, archived.status, archived.reason)
            self._record(replace(entry, n_read=archived.n_read, n_landed=archived.n_landed))
            return
        if archived.is_gone:
            return
        copy = inbox.take(archived.bytes_path, self.incoming)
        if isinstance(copy, NotTaken) or not archived.is_sound(copy.sha256):
            why = copy.why if isinstance(copy, NotTaken) else "its bytes have changed since it landed"
            damaged = f"the archived copy {archived.bytes_path} is damaged: {why}"
            self.report.outcome(FileOutcome(source.name, archived.file_name, "left", damaged))
            return
        archived = replace(archived, batch=self._batch(archived.batch))
        entry = new_entry(source, self.currency, archived, "landed", None)
        self._land(LandingFile(source, replace(copy, n_expected=archived.n_expected), archived, entry))

    def offer(self, source: Source, path: Path) -> None:
        """Takes a file of the inbox, unless its bytes are known."""
        name = inbox.printable_name(path)
        copy = inbox.take(path, self.incoming, source.path)
        if isinstance(copy, NotTaken):
            self.report.outcome(FileOutcome(source.name, name, "left", copy.why))
            return
        entry = self._known.get((source.name, copy.sha256))
        if entry and entry.options == source.fingerprint(self.currency):
            copy.path.unlink()
            if (*entry.key, name) not in self._read_again:
                self.report.outcome(entry.known_as(name))
            return
        batch = self._batch(None)
        archived = ArchivedFile(
            folder=self.state,
            sha256=copy.sha256,
            ending=copy.path.suffix,
            source=source.name,
            table=str(source.table),
            file_name=name,
            found_at=str(path),
            landed_at=self.now,
            batch=batch,
            first_batch=batch,
            n_expected=copy.n_expected,
        )
        self._land(LandingFile(source, copy, archived, new_entry(source, self.currency, archived, "landed", None)))

    def _land(self, file: LandingFile) -> None:
        """Reads, casts and stores one file; whatever is wrong with it becomes its status."""
        self.progress(f"{file.source.name}: {file.archived.file_name}")
        crash_point("land-taken")
        reader = self.readers[file.source.name]
        try:
            file = reader.stage(self.connection, file)
            if reader.names_forgotten(self.connection, file):
                file = reader.without_forgotten(file)
                file = reader.stage(self.connection, file)
                if reader.names_forgotten(self.connection, file):
                    raise InputError("records of forgotten customers can't be told from others", "write the file again")
            if file.staged is not None:
                self.report.extra_columns(file.source.name, file.staged.header.extra)
            file = reader.cast(self.connection, file)
        except EncodingError as error:
            file = file.failed("quarantined", error)
        except InputError as error:
            file = file.failed("refused", error)
        if file.staged is None:  # unread, it may hold records of forgotten customers
            file = reader.without_forgotten(file)
        self.report.landing(file)
        self._store(file)

    def _store(self, file: LandingFile) -> None:
        """Archive first, then one commit of rows, rejects and ledger: see `voc.adapters.files.archive`."""
        entry, is_landed = file.entry, file.entry.status == "landed"
        with transaction(self.connection):
            if (old := self._known.get(entry.key)) is not None:
                ledger.supersede(self.connection, old)
            if file.staged is not None and file.typed is not None:
                if is_landed:
                    n_landed = casting.insert(self.connection, file.typed, file.source, entry.batch, entry.options)
                    entry = replace(entry, n_landed=n_landed, n_unchanged=entry.n_read - entry.n_rejected - n_landed)
                if entry.n_rejected:
                    casting.insert_rejects(self.connection, file.staged, file.typed, entry.batch)
            ledger.record(self.connection, entry)
            archived = file.archived.recorded(entry)
            archive.store(self.state, LANDED if is_landed else QUARANTINE, file.copy.path, archived)
            crash_point("land-archived")
        crash_point("land-committed")
        archive.discard_copy(self.state, QUARANTINE if is_landed else LANDED, archived)
        file.copy.path.unlink(missing_ok=True)
        self._remember(entry)
        self.report.outcome(entry.outcome)

    def _record(self, entry: Entry) -> None:
        with transaction(self.connection):
            ledger.record(self.connection, entry)
        self._remember(entry)
        self.report.outcome(entry.known_as(entry.file_name))

    def _remember(self, entry: Entry) -> None:
        self._known[entry.key] = entry
        self._batches.add(entry.batch)

    def _batch(self, wanted: int | None) -> int:
        """The batch number a file had before, unless that is taken, or the next one."""
        if wanted is not None and wanted not in self._batches:
            return wanted
        self._next_batch += 1
        return self._next_batch - 1
