"""A Parquet file as staged text."""

import glob
from collections.abc import Mapping
from pathlib import Path

import duckdb

from voc.adapters.files import header, staging
from voc.adapters.files.staging import Staged
from voc.adapters.sql import count
from voc.domain.source import Source
from voc.errors import InputError

_NESTED = ("STRUCT", "MAP", "UNION")


def read(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, renames: Mapping[str, str]) -> Staged:
    """Stages the file at ``path``: times as ISO 8601, nested values as JSON text.

    Raises InputError when it is damaged.
    """
    file = glob.escape(str(path))
    try:
        columns = connection.execute("describe select * from read_parquet(?)", [file]).fetchall()
        names = tuple(name for name, *_ in columns)
        matched = header.match(names, source.table, renames, source.name)
        values = ", ".join(
            _text(f'"{n.replace(chr(34), chr(34) * 2)}"', t, source) + f" as c{i}"
            for i, (n, t, *_) in enumerate(columns)
        )
        connection.execute(f"create temp table {staging.RECORDS} as select {values} from read_parquet(?)", [file])
    except duckdb.Error as error:
        raise InputError(
            f"it is not a sound Parquet file ({type(error).__name__})", "write it again and compare its size"
        ) from None
    staging.make_broken(connection)
    n_rows = count(connection, f"select count(*) from {staging.RECORDS}")
    lines = f"select rowid as record, rowid + 1 as line from {staging.RECORDS}"
    return Staged(staging.RECORDS, staging.BROKEN, names, matched, n_rows, 0, lines)


def _text(column: str, type_: str, source: Source) -> str:
    if type_.endswith("]") or type_.startswith(_NESTED):
        return f"to_json({column})::varchar"
    if source.decimal == "," and type_.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        return f"replace({column}::varchar, '.', ',')"  # as `casting` reads this source's numbers
    return f"replace({column}::varchar, chr(0), '')"
