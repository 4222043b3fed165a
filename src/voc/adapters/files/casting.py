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

_NEWEST = {
    Table.CUSTOMERS: "updated_at",
    Table.SURVEYS: "responded_at",
    Table.TICKETS: "opened_at",
    Table.KPIS: "measured_on",
}


@dataclass(frozen=True)
class Cast:
    """What became of a file's rows. ``newest_at``: naive UTC, of the sound ones."""

    n_sound: int
    n_rejected: int
    n_conflicts: int
    """Keys that occur with different content."""
    newest_at: datetime | None

    @property
    def shape(self) -> tuple[int, int, datetime | None]:
        """What it says of rows and times, whatever is said in them."""
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
) -> Cast:
    """Casts the staged rows.

    landed_at: naive UTC; more than 24 h after it is the future.
    Writes  the temporary tables `typed` (record, the contract's columns, _extra, told, said) and `told` (the reasons).
    Raises  InputError for money in another currency than ``currency``.
    """
    columns = CONTRACT[source.table]
    _refuse_other_money(connection, staged, source, currency)
    reasons = cast_sql.reasons(source, landed_at + timedelta(hours=24))
    cells = cast_sql.cleaned(source, staged.header)
    for layer in (cast_sql.parsed, cast_sql.placed, cast_sql.scaled):
        cells = layer(source, cells)
    whens = " ".join(f"when {test} then {i}" for i, (_, _, test) in enumerate(reasons))
    names = ", ".join(f'"{column.name}"' for column in columns)
    connection.execute(
        f"""create temp table typed as
        select *, hash({names}, _extra) as said from (
            select record, {names}, _extra, (case {whens} end)::utinyint as told
            from ({cells}))"""
    )
    connection.execute("create temp table told (told utinyint, column_name varchar, reason varchar)")
    connection.executemany(
        "insert into told values (?, ?, ?)", [(i, column, reason) for i, (column, reason, _) in enumerate(reasons)]
    )
    newest = f"max({_NEWEST[source.table]}::timestamp) filter (told is null)"
    counts = connection.execute(f"select count(*) filter (told is null), count(told), {newest} from typed").fetchone()
    assert counts is not None
    n_sound, n_rejected, newest_at = counts
    key = ", ".join(KEY[source.table])
    n_conflicts = count(
        connection,
        f"select count(*) from (select 1 from typed where told is null group by {key} having min(said) <> max(said))",
    )
    return Cast(n_sound, n_rejected + staged.n_broken, n_conflicts, newest_at)


def names_any(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    source: Source,
    is_theirs: Callable[[str], bool],
    is_theirs_in: Callable[[str], bool],
) -> bool:
    """Whether a staged record, sound or broken, is of a customer for whose id ``is_theirs``.

    is_theirs_in: tells the same by a broken record as it is written.
    """
    ids = cast_sql.text(f"c{staged.header.ours['customer_id']}", source)
    found = connection.execute(f"select distinct {ids} from staging").fetchall()
    broken = connection.execute("select record from broken").fetchall()
    return any(is_theirs(one) for (one,) in found if one is not None) or any(
        is_theirs_in(record) for (record,) in broken
    )


def insert(connection: duckdb.DuckDBPyConnection, source: Source, batch: int, options: str) -> int:
    """How many of the cast rows went into raw.<table>; those that say nothing new stay out.

    A key's rows say nothing new when they equal, in order, the newest rows of that key which this source has landed
    with the same ``options``. So full exports do not pile up, and the last word on a key stays the last.
    """
    table, columns = source.table, ", ".join(f'"{column.name}"' for column in CONTRACT[source.table])
    key = ", ".join(KEY[table])
    earlier = """_source = $source and _batch in (
        select batch from raw.ledger
        where source = $source and options = $options and status in ('landed', 'accepted'))"""
    who = {"source": source.name, "options": options}
    out = ""
    if count(connection, f"select count(*) from (select 1 from raw.{table} where {earlier} limit 1)", who):
        connection.execute(
            f"""create temp table unchanged as
            with now as (select {key}, list(said order by record) as said from typed where told is null group by all),
            before as (
                select {key}, list(hash({columns}, _extra) order by _batch, _row) as said
                from raw.{table} semi join now using ({key}) where {earlier} group by all)
            select {key} from now join before using ({key})
            where before.said[-len(now.said):] = now.said""",
            who,
        )
        out = f"anti join unchanged using ({key})"
    return count(
        connection,
        f"""insert into raw.{table} by name
        select {columns}, _extra, $source as _source, $batch as _batch, record + 1 as _row
        from typed {out} where told is null""",
        {"source": source.name, "batch": batch},
    )


def insert_rejects(connection: duckdb.DuckDBPyConnection, staged: Staged, batch: int) -> None:
    """Writes every bad record of the file into raw.rejects, `record` as its own words in JSON."""
    words = ", ".join(f"{literal(name)}, c{i}[:{cast_sql.MAX_TEXT}]" for i, name in enumerate(staged.names))
    connection.execute(
        f"""insert into raw.rejects by name
        select $batch as batch, line, column_name, reason, record[:{cast_sql.MAX_TEXT}] as record from (
            select place.line, column_name, reason, json_object({words})::varchar as record
            from typed join told using (told) join ({staged.lines}) place using (record)
            join staging on staging.rowid = typed.record
            union all select line, column_name, reason, record from broken)
        order by line""",
        {"batch": batch},
    )


def _refuse_other_money(connection: duckdb.DuckDBPyConnection, staged: Staged, source: Source, currency: str) -> None:
    column = staged.header.extra.get("currency")
    if column is None or source.table not in CURRENCY_TABLES:
        return
    cleaned = cast_sql.text(f"c{column}", source)
    n = count(
        connection, f"select count(*) from staging where upper({cleaned}) <> upper($currency)", {"currency": currency}
    )
    if n:
        raise InputError(
            f"{n:,} of its rows are in another currency than {currency}",
            "convert them first: one company, one currency",
        )
