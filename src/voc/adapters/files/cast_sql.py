"""The SQL that turns one text into one value, layer on layer: cleaned, parsed, placed in time, scaled, judged."""

from collections.abc import Sequence
from datetime import datetime

from voc.adapters.files.header import Header
from voc.adapters.sql import literal
from voc.domain.contract import CONTRACT, Column, Table
from voc.domain.source import Source

MAX_TEXT = 65_536
"""Characters of a text that are kept."""

_BLANK = "' \t\r\n\u00a0'"
_GROUPED_NUMBER = r"[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?([eE][+-]?\d+)?"
_NOT_FINITE = r"(?i)[+-]?(nan|inf|infinity)"
_SECONDS = ("____-__-__ __:__:__", "____-__-__T__:__:__")  # how most exports write a time; LIKE is five times the regex
_NAIVE = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?"
_ZONED = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|z|UTC)|[+-]\d\d(:?\d\d)?)"
_DATE = r"\d{4}-\d\d-\d\d([T ].*)?"
_FIRST_LOOK = "interval 3 hours"


def text(column: str, source: Source) -> str:
    """A staged column without outer blanks, NULL where it means nothing."""
    # the guard sorts before "!" whatever begins or ends with a blank; trimming everything would take ten times as long
    guard = f"{column} < '!' or {column}[-1] < '!' or contains({column}, '\u00a0')"
    trimmed = f"case when {guard} then nullif(trim({column}, {_BLANK}), '') else {column} end"
    nothing = ", ".join(literal(value) for value in source.null_values)
    return f"case when ({trimmed}) not in ({nothing}) then {trimmed} end" if nothing else trimmed


def cleaned(source: Source, records: str, header: Header) -> str:
    """Every column of the contract as text or NULL, and the others as one JSON text; records: a staged relation."""
    values = []
    for column in CONTRACT[source.table]:
        if column.name not in header.ours:
            values.append(f'null::varchar as "{column.name}"')
            continue
        staged = f"c{header.ours[column.name]}"
        value = text(staged, source)
        if column.type == "text":
            value = f"case when ({value}) is not null then {_shortened(staged)} end"
        values.append(f'{_shortened(value) if column.type == "id" else value} as "{column.name}"')
    others = ", ".join(f"{literal(name)}, {_shortened(f'c{i}')}" for name, i in header.extra.items())
    extra = f"json_object({others})::varchar" if others else "null::varchar"
    return f"select rowid as record, {', '.join(values)}, {extra} as _extra from {records}"


def parsed(source: Source, cleaned: str) -> str:
    """Numbers and dates as such; a time becomes `<name>_wall` (naive) or, where it carries its offset, UTC."""
    values = []
    for column in CONTRACT[source.table]:
        name = f'"{column.name}"'
        if column.type == "number":
            values.append(f"{name} as {_text_of(column)}, {_number(name, source)} as {name}")
        elif column.type == "date":
            values.append(f"{name} as {_text_of(column)}, {_date(name, source)} as {name}")
        elif column.type == "time":
            wall, instant = _time(column, source)
            values.append(f"{name} as {_text_of(column)}, {wall} as {_wall_of(column)}, {instant} as {name}")
        else:
            values.append(name)
    return f"select record, {', '.join(values)}, _extra from ({cleaned})"


def placed(source: Source, parsed: str) -> str:
    """Naive times put on the clock of the source's zone, as naive UTC; NULL in a gap of that clock.

    DuckDB picks the later of two instants in a fold and shifts a time in a gap. So the offset of three hours earlier is
    tried first (no zone changes twice within them, so in a fold this is the earlier instant), then DuckDB's own; a time
    that neither brings back does not exist.
    """
    zone = literal(source.timezone)
    firsts, values = [], []
    for column in CONTRACT[source.table]:
        if column.type == "time":
            wall, first = _wall_of(column), f'"{column.name}_first"'
            then = f"timezone({zone}, {wall})"
            if source.timezone == "UTC":
                utc = wall
            else:
                firsts.append(f"timezone({zone}, {wall} - {_FIRST_LOOK}) + {_FIRST_LOOK} as {first}")
                utc = (
                    f"case when timezone({zone}, {first}) = {wall} then {_utc(first)} "
                    f"when timezone({zone}, {then}) = {wall} then {_utc(then)} end"
                )
            values.append(f'case when {wall} is null then "{column.name}" else {utc} end as "{column.name}"')
    replaced = f" replace ({', '.join(values)})" if values else ""
    return f"select *{replaced} from (select {', '.join(['*', *firsts])} from ({parsed}))"


def scaled(source: Source, placed: str) -> str:
    """The source's scale where a survey has none of its own."""
    if source.table != Table.SURVEYS or source.scale is None:
        return placed
    low, high = source.scale
    bare = "scale_min is null and scale_max is null and scale_min_text is null and scale_max_text is null"
    return (
        f"select * replace (case when {bare} then {low!r}::double else scale_min end as scale_min, "
        f"case when {bare} then {high!r}::double else scale_max end as scale_max) from ({placed})"
    )


def reasons(source: Source, future: datetime) -> Sequence[tuple[str, str, str]]:
    """(column, reason, SQL test) in the order in which they are tried; the first that holds is the record's."""
    found: list[tuple[str, str, str]] = []
    for column in CONTRACT[source.table]:
        name = f'"{column.name}"'
        as_text = name if column.type in ("id", "text") else _text_of(column)
        if column.filled:
            found.append((column.name, "empty_id" if column.type == "id" else "empty_time", f"{as_text} is null"))
        if column.type == "number":
            found.append((column.name, "not_a_number", f"{as_text} is not null and {name} is null"))
            found.append((column.name, "not_finite", f"not isfinite({name})"))
        elif column.type == "time":
            found.append(
                (column.name, "not_a_time", f"{as_text} is not null and {name} is null and {_wall_of(column)} is null")
            )
            found.append((column.name, "dst_gap", f"{name} is null and {_wall_of(column)} is not null"))
        elif column.type == "date":
            found.append((column.name, "not_a_date", f"{as_text} is not null and {name} is null"))
        if column.past:
            found.append((column.name, "future", f"{name} > timestamp {literal(future.isoformat(' '))}"))
    if source.table == Table.SURVEYS:
        found.append(("scale_min", "equal_scale", "scale_min = scale_max"))
        found.append(("score", "out_of_scale", _outside("score", "scale_min", "scale_max")))
    elif source.table == Table.TICKETS and source.scale is not None:
        found.append(("satisfaction", "out_of_scale", _outside("satisfaction", *map(repr, source.scale))))
    return found


def _text_of(column: Column) -> str:
    return f'"{column.name}_text"'


def _wall_of(column: Column) -> str:
    return f'"{column.name}_wall"'


def _outside(score: str, end: str, other_end: str) -> str:
    """Whether a score is off its scale, whichever end is given first; a missing end bounds nothing."""
    both = f"{end} is not null and {other_end} is not null"
    return f"{both} and {score} not between least({end}, {other_end}) and greatest({end}, {other_end})"


def _shortened(text: str) -> str:
    return f"case when strlen({text}) > {MAX_TEXT} then ({text})[:{MAX_TEXT}] else {text} end"


def _number(name: str, source: Source) -> str:
    """NaN stands for whatever is no finite number, NULL for whatever is no number."""
    if source.decimal == ".":
        return f"case when not contains({name}, '_') then try_cast({name} as double) end"
    plain = f"replace(replace({name}, '.', ''), ',', '.')"
    return (
        f"case when regexp_full_match({name}, '{_GROUPED_NUMBER}') then try_cast({plain} as double) "
        f"when regexp_full_match({name}, '{_NOT_FINITE}') then 'nan'::double end"
    )


def _date(name: str, source: Source) -> str:
    iso = f"case when regexp_full_match({name}, '{_DATE}') then try_cast({name}[:10] as date) end"
    if source.time_format is None:
        return iso
    return f"coalesce(try_strptime({name}, {literal(source.time_format)})::date, {iso})"


def _time(column: Column, source: Source) -> tuple[str, str]:
    """(naive, UTC): at most one of them is not NULL; the second may look at the first."""
    name = f'"{column.name}"'
    if source.time_format is not None:
        parsed = f"try_strptime({name}, {literal(source.time_format)})"
        if "%z" in source.time_format or "%Z" in source.time_format:
            return "null::timestamp", f"{_utc(f'{parsed}::timestamptz')}"
        return f"{parsed}::timestamp", "null::timestamp"
    plain = " or ".join(f"{name} like '{shape}'" for shape in _SECONDS)
    point = f"replace({name}, ',', '.')"
    naive = (
        f"case when {plain} then try_cast({name} as timestamp) "
        f"when regexp_full_match({name}, '{_NAIVE}') then try_cast({point} as timestamp) end"
    )
    is_zoned = f"{_wall_of(column)} is null and regexp_full_match({name}, '{_ZONED}')"
    return naive, f"case when {is_zoned} then {_utc(f'try_cast({point} as timestamptz)')} end"


def _utc(instant: str) -> str:
    """An instant as naive UTC; arithmetic, a fifth of the time that a cast through the time zone takes."""
    return f"make_timestamp(epoch_us({instant}))"
