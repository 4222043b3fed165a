"""The manifest beside a published file: what must be in it, table by table, and what it was made from."""

import hashlib
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from voc.adapters.sql import quoted
from voc.errors import OutsideError

STORAGE_VERSION = "v1.4.0"
"""The oldest DuckDB that can open a published file; files in the format that 2.0 writes by default open in no 1.x."""

_CLOCK = "started_at"
"""When a run began: the one clock in the marts."""

_MADE_WITH = ("voc", "duckdb", "dbt-core", "scikit-learn", "pandas", "numpy")


class TableContent(BaseModel):
    """How many rows a table has and what is in them, whatever their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int
    hash: str


class Manifest(BaseModel):
    """One published night. Holds no clock: the same content gives the same bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str
    as_of: date
    tables: dict[str, TableContent]
    inputs: dict[str, str]
    """sha256 of a landed file -> the source it came from."""
    versions: dict[str, str]
    storage_version: str

    def text(self) -> str:
        """The manifest as it is written: JSON, a line a value."""
        return self.model_dump_json(indent=2) + "\n"


def manifest_of(run_id: str, as_of: date, tables: Mapping[str, TableContent], inputs: Mapping[str, str]) -> Manifest:
    """The manifest of one run, keys sorted, with the versions installed here."""
    return Manifest(
        run_id=run_id,
        as_of=as_of,
        tables=dict(sorted(tables.items())),
        inputs=dict(sorted(inputs.items())),
        versions={name: version(name) for name in _MADE_WITH},
        storage_version=STORAGE_VERSION,
    )


def read_manifest(path: Path) -> Manifest:
    """What stands in a manifest file; raises OutsideError when it cannot be read as one."""
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        fix = "delete it together with its .duckdb file and run that night again"
        raise OutsideError(f"{path} is not a readable manifest", fix) from error


def content_of(connection: duckdb.DuckDBPyConnection) -> dict[str, TableContent]:
    """Rows and hash of each table of schema ``marts`` in the connection's own database, by name.

    The hash is the sum over rows of the md5 of the row as JSON, so that the order of rows does not count but
    repeated rows do; names and types of the columns are added to it. JSON, not a cast to text: its spelling of
    numbers, lists and NULL was the same in DuckDB 1.4.5, 1.5.6 and 2.0.0 over 18 awkward rows, and the cast of a
    list cannot tell ['a, b'] from ['a', 'b']. A column `started_at` is left out.
    """
    connection.execute("set timezone = 'UTC'")  # else an aware time is written in the zone of whoever hashes
    columns = connection.execute(
        "select table_name, string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)"
        " from information_schema.columns"
        " where table_catalog = current_database() and table_schema = 'marts' group by all order by all"
    ).fetchall()
    return {table: _content(connection, table, header) for table, header in columns}


def _content(connection: duckdb.DuckDBPyConnection, table: str, header: str) -> TableContent:
    # two builds of the same inputs are the same night, whenever each began
    rows_of = f"marts.{quoted(table)}"
    if f"{_CLOCK} " in header:
        rows_of = f"(select * replace (null as {_CLOCK}) from {rows_of})"
    # the alias has a space so that no column can have the same name and be hashed in place of the row
    counted = connection.execute(
        f'select count(*), coalesce(sum(md5_number_lower(to_json("the row")::varchar)), 0) from {rows_of} as "the row"'
    ).fetchone()
    assert counted is not None
    rows, total = counted
    total += int.from_bytes(hashlib.md5(header.encode(), usedforsecurity=False).digest()[:8], "big")
    return TableContent(rows=rows, hash=f"{total:x}")
