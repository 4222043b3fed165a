"""Step: land. Files of the inbox become rows of raw.*; what does not land is named, with file, line and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from voc.adapters.crash import crash_point
from voc.adapters.files import archive, casting, inbox, staging
from voc.adapters.files.archive import LANDED, QUARANTINE, ArchivedFile
from voc.adapters.files.encoding import EncodingError
from voc.adapters.files.inbox import NotTaken, InboxCopy
from voc.adapters.work_file import ledger
from voc.adapters.work_file.ledger import Entry
from voc.adapters.work_file.warehouse import transaction
from voc.domain.contract import WORDS
from voc.domain.landed import FileOutcome, Landed
from voc.domain.source import Source
from voc.errors import InputError, OutsideError
from voc.sources import registry
from voc.steps.land_reading import IsForgotten, Reading, Typed


def run(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    *,
    state: Path,
    currency: str,
    now: datetime,
    progress: Callable[[str], None],
    is_forgotten: IsForgotten = None,
    words_gone: datetime | None = None,
) -> Landed:
    """Lands what is new, or what is to be read anew because its source's options have changed.

    connection: the work file, its tables made, its session in UTC. now: aware; rows more than 24 h after are rejects.
    is_forgotten: tells by an id whose rows stay out, of the tables and of the bytes that are kept.
    words_gone: naive UTC; customers' words said before it stay out in the same way, or never where it is None.
    Reads   the sources' files; state/landed and state/quarantine where the ledger does not know them (a rebuild).
    Writes  raw.<table>, raw.rejects and raw.ledger, a transaction a file; state/landed, state/quarantine.
    Raises  InputError for settings that cannot work, OutsideError when the disk is full. A bad file never stops the
            others: it is refused, quarantined or left, and says why.
    """
    landing = _Landing(connection, state, currency, now.astimezone(UTC).replace(tzinfo=None), progress)
    by_name = {source.name: source for source in sources}
    readings = {
        source.name: Reading(
            source, {**registry.columns(source.preset), **source.columns}, is_forgotten, words_gone, currency
        )
        for source in sources
    }
    for source in sources:
        casting.refuse_bad_format(connection, source)
    landing.begin(readings)
    try:
        for one in landing.archived:
            if one.source in by_name:
                landing.restore(by_name[one.source], one)
        for source in sources:
            for path in inbox.offered(source.path):
                landing.offer(source, path)
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OutsideError(
            f"the work file could not be written ({type(error).__name__})", "free disk space or memory, then run again"
        ) from error
    finally:
        staging.clear(connection)
    return Landed(tuple(landing.files), tuple(landing.warnings), tuple(landing.emptied), tuple(landing.still_worded))


@dataclass
class _Landing:
    """One run: what is known so far, and what to tell."""

    connection: duckdb.DuckDBPyConnection
    state: Path
    currency: str
    now: datetime
    progress: Callable[[str], None]
    files: list[FileOutcome] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
    still_worded: list[str] = field(default_factory=list)

    def begin(self, readings: Mapping[str, Reading]) -> None:
        self.readings = readings
        self.incoming = self.state / "work" / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        for leftover in self.incoming.iterdir():
            leftover.unlink()
        self.known = ledger.in_force(self.connection)
        self.given = ledger.batches(self.connection)
        self.archived = archive.archived_files(self.state)
        self.next = max([0, *self.given, *(one.batch for one in self.archived)]) + 1
        self.read_again: set[tuple[str, str, str]] = set()
        self.extras_named: set[str] = set()

    def restore(self, source: Source, one: ArchivedFile) -> None:
        """Reads an archived file which the ledger does not know, or knows under other options."""
        options = source.fingerprint(self.currency)
        if (entry := self.known.get(one.key)) and entry.options == options:
            return
        self.read_again.add((*one.key, one.file_name))
        if one.folder.name == QUARANTINE and not one.is_gone and self.readings[source.name].is_too_old(one):
            archive.discard_bytes(one)
            one = replace(one, is_gone=True)
        if (one.is_refused_at_door or one.is_gone) and one.options == options:
            entry = self._entry(source, one, one.status, one.reason)
            self._record(replace(entry, n_read=one.n_read, n_landed=one.n_landed))
            return
        if one.is_gone:
            return
        taken = inbox.take(one.bytes_path, self.incoming)
        if isinstance(taken, NotTaken) or not one.is_sound(taken.sha256):
            why = taken.why if isinstance(taken, NotTaken) else "its bytes have changed since it landed"
            self._tell(
                FileOutcome(source.name, one.file_name, "left", f"the archived copy {one.bytes_path} is damaged: {why}")
            )
            return
        self._land(source, replace(taken, n_expected=one.n_expected), replace(one, batch=self._batch(one.batch)))

    def offer(self, source: Source, path: Path) -> None:
        """Takes a file of the inbox, unless its bytes are known."""
        name = inbox.printable_name(path)
        taken = inbox.take(path, self.incoming, source.path)
        if isinstance(taken, NotTaken):
            self._tell(FileOutcome(source.name, name, "left", taken.why))
            return
        entry = self.known.get((source.name, taken.sha256))
        if entry and entry.options == source.fingerprint(self.currency):
            taken.path.unlink()
            if (*entry.key, name) not in self.read_again:
                self._tell(entry.known_as(name))
            return
        batch = self._batch(None)
        one = ArchivedFile(
            folder=self.state,
            sha256=taken.sha256,
            ending=taken.path.suffix,
            source=source.name,
            table=str(source.table),
            file_name=name,
            found_at=str(path),
            landed_at=self.now,
            batch=batch,
            first_batch=batch,
            n_expected=taken.n_expected,
        )
        self._land(source, taken, one)

    def _land(self, source: Source, taken: InboxCopy, one: ArchivedFile) -> None:
        """Reads, casts and stores one file; whatever is wrong with it becomes its status."""
        self.progress(f"{source.name}: {one.file_name}")
        crash_point("land-taken")
        entry = self._entry(source, one, "landed", None)
        staged, reading = None, self.readings[source.name]
        try:
            staged, taken, one, told = reading.read(self.connection, taken, one)
            entry = replace(entry, n_read=staged.n_read)
            self._name_extras(source, staged.header.extra)
            typed = reading.cast(self.connection, staged, taken, one)
            staged, taken, one = typed.staged, typed.taken, typed.one
            self._tell_emptied(typed)
            entry = typed.recorded_in(entry)
        except EncodingError as error:
            entry, staged = replace(entry, status="quarantined", why=f"{error.what}; {error.fix}"), None
        except InputError as error:
            entry, staged = replace(entry, status="refused", why=f"{error.what}; {error.fix}"), None
        if staged is None:  # nobody has seen whose records it holds
            taken, one, told = reading.without_forgotten(taken, one)
        self.warnings += told
        self._store(source, taken, one, entry, staged)

    def _store(
        self, source: Source, taken: InboxCopy, one: ArchivedFile, entry: Entry, staged: staging.Staged | None
    ) -> None:
        """Archive first, then one commit of rows, rejects and ledger: see `voc.adapters.files.archive`."""
        is_landed = entry.status == "landed"
        with transaction(self.connection):
            if (old := self.known.get(entry.key)) is not None:
                ledger.supersede(self.connection, old)
            if is_landed:
                n_landed = casting.insert(self.connection, source, entry.batch, entry.options)
                entry = replace(entry, n_landed=n_landed, n_unchanged=entry.n_read - entry.n_rejected - n_landed)
            if staged is not None and entry.n_rejected:
                casting.insert_rejects(self.connection, staged, entry.batch)
            ledger.record(self.connection, entry)
            one = one.recorded(entry)
            archive.store(self.state, LANDED if is_landed else QUARANTINE, taken.path, one)
            crash_point("land-archived")
        crash_point("land-committed")
        archive.discard_copy(self.state, QUARANTINE if is_landed else LANDED, one)
        taken.path.unlink(missing_ok=True)
        self._remember(entry)
        self._tell(entry.outcome)

    def _entry(self, source: Source, one: ArchivedFile, status: str, why: str | None) -> Entry:
        return Entry(
            one.batch,
            source.name,
            str(source.table),
            one.file_name,
            one.sha256,
            source.fingerprint(self.currency),
            status,
            why,
            one.landed_at,
            words_from=one.landed_at if WORDS[source.table] and not one.is_gone else None,
        )

    def _record(self, entry: Entry) -> None:
        with transaction(self.connection):
            ledger.record(self.connection, entry)
        self._remember(entry)
        self._tell(entry.known_as(entry.file_name))

    def _remember(self, entry: Entry) -> None:
        self.known[entry.key] = entry
        self.given.add(entry.batch)

    def _batch(self, wanted: int | None) -> int:
        """The number it had, unless that is taken, or the next one."""
        if wanted is not None and wanted not in self.given:
            return wanted
        self.next += 1
        return self.next - 1

    def _name_extras(self, source: Source, extra: Mapping[str, int]) -> None:
        names = [name for name in extra if name != "currency"]
        if names and source.name not in self.extras_named:
            self.extras_named.add(source.name)
            self.warnings.append(f"{source.name}: columns outside the contract are kept in _extra: {', '.join(names)}")

    def _tell_emptied(self, typed: Typed) -> None:
        self.emptied += [typed.n_emptied] if typed.n_emptied else []
        self.still_worded += typed.told
        self.warnings += typed.told

    def _tell(self, file: FileOutcome) -> None:
        self.files.append(file)
        where = f"{file.source}, {file.file_name}"
        if file.status in ("refused", "quarantined", "left"):
            self.warnings.append(f"{where}: {file.status}: {file.why}")
        elif file.status == "landed" and file.n_rejected:
            self.warnings.append(f"{where}: {file.n_rejected:,} of {file.n_read:,} rows were rejected")
        if file.status == "landed" and file.n_conflicts:
            self.warnings.append(
                f"{where}: {file.n_conflicts:,} keys occur with different content; the later row counts"
            )
