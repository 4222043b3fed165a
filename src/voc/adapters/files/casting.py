"""Staged text as typed rows and rejects: one pass of SQL, one reason a bad record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from voc.adapters.files import cast_sql
from voc.adapters.files.staging import Staged
from voc.adapters.sql import count, literal
from voc.domain.contract import CONTRACT, KEY, Table
from voc.domain.source import CURRENCY_TABLES, Source
from voc.errors import InputError

_TYPED_ROWS, _REJECT_REASONS, _UNCHANGED = "temp.typed", "temp.reject_reasons", "temp.unchanged"
_NEWEST = {
    Table.CUSTOMERS: "updated_at",
    Table.SURVEYS: "responded_at",
    Table.TICKETS: "opened_at",
    Table.KPIS: "measured_on",
}


@dataclass(frozen=True)
class Typed:
    """A file's rows with types, in relations of one connection; valid until the next file is read."""

    rows: str
    """The relation of rows: record, the contract's columns, _extra, reject_code (NULL where sound), content_hash."""
    reject_reasons: str
    """The relation of (reject_code, column_name, reason)."""
    n_sound: int
    n_rejected: int
    n_conflicts: int
    """Keys that occur with different content."""
    newest_at: datetime | None
    """Of the sound rows, naive UTC."""

    @property
    def shape(self) -> tuple[int, int, datetime | None]:
        """Counts and times, which do not depend on the texts in the rows."""
        return self.n_sound, self.n_rejected, self.newest_at


def refuse_bad_format(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Nothing, or raises InputError when ``time_format`` is no strptime format."""
    try:
        connection.execute("select try_strptime('', $1)", [source.time_format or "%Y"])
    except duckdb.InvalidInputException:
        raise InputError(
            f"source {source.name}: time_format {source.time_format!r} is not understood",
            "use strptime's letters, e.g. %d/%m/%Y %H:%M",
        ) from None


def cast(
    connection: duckdb.DuckDBPyConnection, staged: Staged, source: Source, *, currency: str, landed_at: datetime
) -> Typed:
    """The staged rows with types, each bad one with the first reason that applies.

    landed_at: naive UTC; more than 24 h after it is the future.
    Writes  the two relations that `Typed` names.
    Raises  InputError for money in another currency than ``currency``.
    """
    columns = CONTRACT[source.table]
    _refuse_other_money(connection, staged, source, currency)
    reasons = cast_sql.reasons(source, landed_at + timedelta(hours=24))
    cells = cast_sql.cleaned(source, staged.records, staged.header)
    for layer in (cast_sql.parsed, cast_sql.placed, cast_sql.scaled):
        cells = layer(source, cells)
    whens = " ".join(f"when {test} then {i}" for i, (_, _, test) in enumerate(reasons))
    names = ", ".join(f'"{column.name}"' for column in columns)
    connection.execute(
        f"""create temp table {_TYPED_ROWS} as
        select *, hash({names}, _extra) as content_hash from (
            select record, {names}, _extra, (case {whens} end)::utinyint as reject_code
            from ({cells}))"""
    )
    connection.execute(
        f"create temp table {_REJECT_REASONS} (reject_code utinyint, column_name varchar, reason varchar)"
    )
    connection.executemany(
        f"insert into {_REJECT_REASONS} values (?, ?, ?)",
        [(i, column, reason) for i, (column, reason, _) in enumerate(reasons)],
    )
    newest = f"max({_NEWEST[source.table]}::timestamp) filter (reject_code is null)"
    counts = connection.execute(
        f"select count(*) filter (reject_code is null), count(reject_code), {newest} from {_TYPED_ROWS}"
    ).fetchone()
    assert counts is not None
    n_sound, n_rejected, newest_at = counts
    key = ", ".join(KEY[source.table])
    n_conflicts = count(
        connection,
        f"select count(*) from (select 1 from {_TYPED_ROWS} where reject_code is null "
        f"group by {key} having min(content_hash) <> max(content_hash))",
    )
    return Typed(_TYPED_ROWS, _REJECT_REASONS, n_sound, n_rejected + staged.n_broken, n_conflicts, newest_at)


def names_any(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    source: Source,
    matches_id: Callable[[str], bool],
    matches_record: Callable[[str], bool],
) -> bool:
    """Whether a staged record, sound or broken, is of a customer whose id ``matches_id`` accepts.

    matches_record: the same for a broken record, as it is written.
    """
    ids = cast_sql.text(f"c{staged.header.ours['customer_id']}", source)
    found = connection.execute(f"select distinct {ids} from {staged.records}").fetchall()
    broken = connection.execute(f"select record from {staged.broken}").fetchall()
    return any(matches_id(customer_id) for (customer_id,) in found if customer_id is not None) or any(
        matches_record(record) for (record,) in broken
    )


def insert(connection: duckdb.DuckDBPyConnection, typed: Typed, source: Source, batch: int, options: str) -> int:
    """Inserts the sound rows into raw.<table>, but for unchanged ones; returns how many that were.

    A key's rows are unchanged when they equal, in order, the newest rows of that key which this source has landed
    with the same ``options``. So full exports do not pile up, and the newest row of a key stays the newest.
    """
    table, columns = source.table, ", ".join(f'"{column.name}"' for column in CONTRACT[source.table])
    key = ", ".join(KEY[table])
    earlier = """_source = $source and _batch in (
        select batch from raw.ledger
        where source = $source and options = $options and status in ('landed', 'accepted'))"""
    reading = {"source": source.name, "options": options}
    without_unchanged = ""
    if count(connection, f"select count(*) from (select 1 from raw.{table} where {earlier} limit 1)", reading):
        connection.execute(
            f"""create temp table {_UNCHANGED} as
            with now as (
                select {key}, list(content_hash order by record) as hashes
                from {typed.rows} where reject_code is null group by all),
            before as (
                select {key}, list(hash({columns}, _extra) order by _batch, _row) as hashes
                from raw.{table} semi join now using ({key}) where {earlier} group by all)
            select {key} from now join before using ({key})
            where before.hashes[-len(now.hashes):] = now.hashes""",
            reading,
        )
        without_unchanged = f"anti join {_UNCHANGED} using ({key})"
    return count(
        connection,
        f"""insert into raw.{table} by name
        select {columns}, _extra, $source as _source, $batch as _batch, record + 1 as _row
        from {typed.rows} {without_unchanged} where reject_code is null""",
        {"source": source.name, "batch": batch},
    )


def insert_rejects(connection: duckdb.DuckDBPyConnection, staged: Staged, typed: Typed, batch: int) -> None:
    """Writes every bad record of the file into raw.rejects, `record` as its own words in JSON."""
    words = ", ".join(f"{literal(name)}, c{i}[:{cast_sql.MAX_TEXT}]" for i, name in enumerate(staged.names))
    connection.execute(
        f"""insert into raw.rejects by name
        select $batch as batch, line, column_name, reason, record[:{cast_sql.MAX_TEXT}] as record from (
            select place.line, column_name, reason, json_object({words})::varchar as record
            from {typed.rows} as rejected join {typed.reject_reasons} using (reject_code)
            join ({staged.lines}) place using (record)
            join {staged.records} as staged on staged.rowid = rejected.record
            union all select line, column_name, reason, record from {staged.broken})
        order by line""",
        {"batch": batch},
    )


def _refuse_other_money(connection: duckdb.DuckDBPyConnection, staged: Staged, source: Source, currency: str) -> None:
    column = staged.header.extra.get("currency")
    if column is None or source.table not in CURRENCY_TABLES:
        return
    cleaned = cast_sql.text(f"c{column}", source)
    n = count(
        connection,
        f"select count(*) from {staged.records} where upper({cleaned}) <> upper($currency)",
        {"currency": currency},
    )
    if n:
        raise InputError(
            f"{n:,} of its rows are in another currency than {currency}",
            "convert them first: one company, one currency",
        )
