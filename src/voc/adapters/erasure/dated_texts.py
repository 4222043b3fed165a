"""Which staged records hold words, and when these were said."""

from datetime import datetime

import duckdb

from voc.adapters.erasure.landed_texts import ExpiredTexts
from voc.adapters.files.staging import Staged
from voc.domain.contract import SAID_AT, WORDS, Table

_LETTER, _LETTER_BUT_X = r"'\pL'", r"'[^\PLx]'"  # an x stands for every letter that has gone


def since(connection: duckdb.DuckDBPyConnection, staged: Staged, table: Table, landed_at: datetime) -> datetime | None:
    """When the oldest words of the file in hand were said, naive UTC; None where it holds none."""
    found = connection.execute(f"select min(said_at) from ({_spoken(staged, table)})", {"landed_at": landed_at})
    oldest: datetime | None = found.fetchall()[0][0]
    return oldest


def before(
    connection: duckdb.DuckDBPyConnection, staged: Staged, table: Table, landed_at: datetime, when: datetime
) -> ExpiredTexts:
    """The words of the file in hand that were said before ``when``, both naive UTC."""
    found = connection.execute(
        f"""select coalesce(place.line, spoken.line), record is null
        from ({_spoken(staged, table)}) as spoken left join ({staged.lines}) as place using (record)
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


def _spoken(staged: Staged, table: Table) -> str:
    """A select of (record, line, said_at) of what holds words: record of `typed`, or line of `broken`.

    A record that was rejected may lie about its time, or have none: its words are as old as its landing at least.
    """
    said_at = f'"{SAID_AT[table]}"'
    holds = [f'"{name}" is not null' for name in WORDS[table]]
    if staged.header.extra:
        others = "json_extract_string(_extra, '$.*')"
        holds.append(f"len(list_filter({others}, lambda one: regexp_matches(one, {_LETTER}))) > 0")
    return f"""
        select record, null::bigint as line,
            case when told is null then {said_at} else least({said_at}, $landed_at) end as said_at
        from typed where {" or ".join(holds)}
        union all
        select null, line, $landed_at from broken where regexp_matches(record, {_LETTER_BUT_X})
    """
