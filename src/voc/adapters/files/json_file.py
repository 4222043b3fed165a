"""A JSON lines file as staged text: one object a line."""

import glob
from collections.abc import Mapping
from pathlib import Path

import duckdb

from voc.adapters.files import encoding, header, staging
from voc.adapters.files.staging import MAX_LINE, Staged
from voc.adapters.sql import count
from voc.domain.source import Source
from voc.errors import InputError

_JSON_LINES = "temp.json_lines"
_NO_DELIMITER = "chr(1)"  # JSON forbids raw control characters, so that a sound line is one field


def read(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, renames: Mapping[str, str]) -> Staged:
    """Stages the UTF-8 file at ``path``; nested values become JSON text.

    Raises InputError when a required key occurs nowhere or the last line is no object (a cut file), EncodingError when
    the file is not UTF-8.
    """
    lines = _read_lines(connection, path, source)
    last = connection.execute(f"select max(record), arg_max(is_object, record) from {lines}").fetchone()
    if last is None or last[0] is None:
        raise InputError("it holds no line", "send one JSON object a line")
    if not last[1]:
        raise InputError(
            f"it breaks off: line {last[0] + 1:,}, the last, is no JSON object",
            "send the whole file again, one JSON object a line",
        )
    keys = connection.execute(
        f"select key from (select unnest(json_keys(line)) as key, record from {lines} where is_object) "
        "group by key order by min(record), key"
    ).fetchall()
    names = tuple(key for (key,) in keys)
    matched = header.match(names, source.table, renames, source.name)
    paths = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
    values = ", ".join(
        f"replace({_as_declared(f'vals[{i}]', f'types[{i}]', source)}, chr(0), '') as c{i - 1}"
        for i in range(1, len(names) + 1)
    )
    connection.execute(
        f"""create temp table {staging.RECORDS} as select record + 1 as line, {values} from (
            select record, json_extract_string(line, $paths) as vals, {_types(source)} as types
            from {lines} where is_object)""",
        {"paths": paths},
    )
    connection.execute(
        f"create temp table {staging.BROKEN} as select record + 1 as line, null::varchar as column_name, "
        f"'not_an_object' as reason, line[:65536] as record from {lines} where not is_object"
    )
    n_rows = count(connection, f"select count(*) from {staging.RECORDS}")
    n_broken = count(connection, f"select count(*) from {staging.BROKEN}")
    physical_lines = f"select rowid as record, line from {staging.RECORDS}"
    return Staged(staging.RECORDS, staging.BROKEN, names, matched, n_rows, n_broken, physical_lines)


def _read_lines(connection: duckdb.DuckDBPyConnection, path: Path, source: Source) -> str:
    """Makes a relation (record, line, is_object) of every line that is not blank; returns its name."""
    connection.execute(
        f"""create temp table {staging.RECORDS} as select * from read_csv(
            ?, auto_detect = false, columns = {{'line': 'VARCHAR'}}, header = false, delim = {_NO_DELIMITER},
            quote = '', escape = '', strict_mode = false, max_line_size = {MAX_LINE}, buffer_size = {2 * MAX_LINE},
            store_rejects = true, rejects_table = 'csv_errors', rejects_scan = 'csv_scans')""",
        [glob.escape(str(path))],
    )
    if count(connection, "select count(*) from csv_errors where error_type = 'INVALID ENCODING'"):
        encoding.refuse_undecodable(path, "utf-8", source.name)
    connection.execute(
        f"""create temp table {_JSON_LINES} as
        select record, line,
            coalesce(json_type(case when json_valid(line) then line end) = 'OBJECT', false) as is_object
        from (select rowid as record, line from {staging.RECORDS}) where trim(line) <> ''"""
    )
    connection.execute(f"drop table {staging.RECORDS}")
    return _JSON_LINES


def _types(source: Source) -> str:
    return "json_type(line, $paths)" if source.decimal == "," else "null"


def _as_declared(value: str, type_: str, source: Source) -> str:
    """A JSON number has a point whatever the source's texts have; it is written as `casting` will read it."""
    if source.decimal == ".":
        return value
    return f"case when {type_} = 'DOUBLE' then replace({value}, '.', ',') else {value} end"
