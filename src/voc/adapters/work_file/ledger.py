"""The ledger: one row for each file offered and each reading of it, keyed by source and SHA-256."""

from dataclasses import astuple, dataclass, fields
from datetime import datetime

import duckdb

from voc.domain.contract import Table
from voc.domain.landed import FileOutcome
from voc.errors import InputError


@dataclass(frozen=True)
class Entry:
    """A row of raw.ledger, its columns in the table's order. Times are naive UTC."""

    batch: int
    source: str
    kind: str
    file_name: str
    sha256: str
    options: str
    status: str
    why: str | None
    landed_at: datetime
    n_read: int = 0
    n_landed: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0
    n_conflicts: int = 0
    newest_at: datetime | None = None
    words_from: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.sha256

    @property
    def outcome(self) -> FileOutcome:
        """The outcome of the file in this run."""
        return FileOutcome(
            self.source,
            self.file_name,
            self.status,
            self.why,
            self.n_read,
            self.n_landed,
            self.n_unchanged,
            self.n_rejected,
            self.n_conflicts,
        )

    def known_as(self, name: str) -> FileOutcome:
        """The same bytes offered again as ``name``: nothing new, so the counts are zero."""
        if self.status in ("refused", "quarantined"):
            return FileOutcome(self.source, name, self.status, f"{self.status} earlier: {self.why}")
        return FileOutcome(
            self.source, name, "already landed", None if name == self.file_name else f"as {self.file_name}"
        )


_COLUMNS = ", ".join(field.name for field in fields(Entry))


def in_force(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Entry]:
    """Rows that no later reading of the same bytes has superseded, by (source, sha256)."""
    rows = connection.execute(
        f"select {_COLUMNS} from raw.ledger where status <> 'superseded' order by batch"
    ).fetchall()
    return {entry.key: entry for entry in (Entry(*row) for row in rows)}


def batches(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Every batch number that was ever given."""
    return {batch for (batch,) in connection.execute("select batch from raw.ledger").fetchall()}


def entry(connection: duckdb.DuckDBPyConnection, batch: int) -> Entry:
    """The row of one batch, which must exist."""
    row = connection.execute(f"select {_COLUMNS} from raw.ledger where batch = ?", [batch]).fetchone()
    assert row is not None
    return Entry(*row)


def record(connection: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    """Adds a row."""
    values = astuple(entry)
    connection.execute(f"insert into raw.ledger ({_COLUMNS}) values ({', '.join('?' * len(values))})", values)


def supersede(connection: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    """Marks a batch as superseded by a newer reading of the same bytes, and removes its rows and rejects."""
    remove_rows(connection, entry)
    connection.execute("delete from raw.rejects where batch = ?", [entry.batch])
    connection.execute("update raw.ledger set status = 'superseded' where batch = ?", [entry.batch])


def sources_with_words_before(connection: duckdb.DuckDBPyConnection, when: datetime) -> list[str]:
    """Sources that hold texts from before ``when`` (naive UTC), in rows or in a quarantined file."""
    found = connection.execute("select distinct source from raw.ledger where words_from < ? order by 1", [when])
    return [source for (source,) in found.fetchall()]


def set_status(connection: duckdb.DuckDBPyConnection, batch: int, status: str, why: str | None) -> None:
    """Writes what the check of landed tables has decided on a batch."""
    connection.execute("update raw.ledger set status = ?, why = ? where batch = ?", [status, why, batch])


def remove_rows(connection: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    """Takes a batch's rows out of its table."""
    connection.execute(f"delete from raw.{Table(entry.kind)} where _batch = ?", [entry.batch])


def inputs(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    """(source, sha256, options, status) of every file offered so far, as it was read last, in a fixed order."""
    return connection.execute(
        "select source, sha256, options, status from raw.ledger where status <> 'superseded' order by all"
    ).fetchall()


def accepted_inputs(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """sha256 to source of every accepted file."""
    rows = connection.execute("select sha256, source from raw.ledger where status = 'accepted' order by all").fetchall()
    return dict(rows)


def landed_batches(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str, str]]:
    """(batch, kind, source, file_name) of files that landed and have not passed the door yet."""
    return connection.execute(
        "select batch, kind, source, file_name from raw.ledger where status = 'landed' order by batch"
    ).fetchall()


def refused_at_door(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    """(source, sha256, file_name, why) of every batch that a door has refused."""
    return connection.execute(
        "select source, sha256, file_name, why from raw.ledger where status = 'refused' and n_landed > 0 order by batch"
    ).fetchall()


def require_customers(connection: duckdb.DuckDBPyConnection) -> None:
    """Raises InputError while no customers file was ever accepted: without customers there is nobody to judge."""
    query = "select count(*) from raw.ledger where kind = 'customers' and status = 'accepted'"
    if connection.execute(query).fetchone() == (0,):
        raise InputError(
            "no customers file has landed", "put one where sources.customers of voc.yml looks, then run again"
        )
