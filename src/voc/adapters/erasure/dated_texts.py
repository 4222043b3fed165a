"""Which records of a landing file hold texts, and when these were written."""

from datetime import datetime

import duckdb

from voc.adapters.erasure.landed_texts import ExpiredTexts
from voc.adapters.files.casting import Typed
from voc.adapters.files.staging import Staged
from voc.domain.contract import SAID_AT, WORDS, Table

_SQL_LETTER, _SQL_LETTER_BUT_X = r"'\pL'", r"'[^\PLx]'"  # an x replaces each removed letter


def since(
    connection: duckdb.DuckDBPyConnection, staged: Staged, typed: Typed, table: Table, landed_at: datetime
) -> datetime | None:
    """When the oldest texts of the file were written, naive UTC; None where it holds none."""
    found = connection.execute(
        f"select min(said_at) from ({_dated_texts(staged, typed, table)})", {"landed_at": landed_at}
    )
    oldest: datetime | None = found.fetchall()[0][0]
    return oldest


def before(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    typed: Typed,
    table: Table,
    landed_at: datetime,
    when: datetime,
) -> ExpiredTexts:
    """The texts of the file that were written before ``when``; landed_at, when: naive UTC."""
    found = connection.execute(
        f"""select coalesce(place.line, dated.line), record is null
        from ({_dated_texts(staged, typed, table)}) as dated left join ({staged.lines}) as place using (record)
        where said_at < $when""",
        {"landed_at": landed_at, "when": when},
    ).fetchall()
    return ExpiredTexts(
        staged.names,
        [staged.header.ours[name] for name in WORDS[table] if name in staged.header.ours],
        list(staged.header.extra.values()),
        frozenset(line for line, is_broken in found if not is_broken),
        frozenset(line for line, is_broken in found if is_broken),
    )


def _dated_texts(staged: Staged, typed: Typed, table: Table) -> str:
    """A select of (record, line, said_at) where texts are: record of a typed row, or line of a broken record.

    The time of a rejected record may be wrong or missing: its texts are at least as old as its landing.
    """
    said_at = f'"{SAID_AT[table]}"'
    holds = [f'"{name}" is not null' for name in WORDS[table]]
    if staged.header.extra:
        others = "json_extract_string(_extra, '$.*')"
        holds.append(f"len(list_filter({others}, lambda one: regexp_matches(one, {_SQL_LETTER}))) > 0")
    return f"""
        select record, null::bigint as line,
            case when reject_code is null then {said_at} else least({said_at}, $landed_at) end as said_at
        from {typed.rows} where {" or ".join(holds)}
        union all
        select null, line, $landed_at from {staged.broken} where regexp_matches(record, {_SQL_LETTER_BUT_X})
    """
