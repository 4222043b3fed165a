"""The work file: opened by one writer at a time, told what the night is, read and written by the Python steps."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from voc.adapters.transaction import all_or_nothing
from voc.adapters.work_file.schema import ddl, version
from voc.domain.contract import Table
from voc.domain.kinds import CLAIMS
from voc.domain.kpi import Kpi
from voc.domain.source import Source
from voc.domain.weeks import BLOCK_WEEKS
from voc.errors import InputError, OutsideError

Connection = duckdb.DuckDBPyConnection
Row = tuple[object, ...]

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # nothing may be fetched from a network, and no statement of ours needs to
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@dataclass(frozen=True)
class RunMeta:
    """The night in hand. ``known_before`` and ``learn_before`` are naive UTC instants, and so is ``words_from``: what
    was said earlier counts without its words; None counts all of them."""

    run_id: str
    as_of: date
    known_before: datetime
    learn_before: datetime
    started_at: datetime
    words_from: datetime | None = None


def path_in(state: Path) -> Path:
    """Where the work file of a state folder lies."""
    return state / "work" / "warehouse.duckdb"


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A connection to the work file, its tables made where missing, its session in UTC.

    A file that can't be read (a torn write, a flipped byte) is put aside, and so is one with other tables than this
    version's: everything in it is rebuilt from state/landed and the inbox by the night that asked for it.

    Raises  OutsideError when another process has the file open.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # customers' words lie here
    try:
        connection = _connect(path)
    except duckdb.Error as error:
        if holder := re.search(r"Conflicting lock is held.*?PID (\d+)", str(error), re.DOTALL):
            raise OutsideError(
                f"process {holder[1]} has {path} open",
                "close it: analysts read state/marts/current.duckdb, nobody but the writer opens the work file",
            ) from None
        connection = _anew(path)
    if not _is_of_this_version(connection):
        connection.close()
        connection = _anew(path)
    try:
        yield connection
    finally:
        connection.close()


def _connect(path: Path) -> Connection:
    connection = duckdb.connect(str(path), config=_CONFIG)
    connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
    if not _tables(connection):
        with transaction(connection):  # whole or not at all: a file is taken by the version that stands in it
            connection.execute(ddl())
    return connection


def _anew(path: Path) -> Connection:
    for name in (path, path.with_name(path.name + ".wal")):
        if name.exists():
            name.replace(name.with_name(name.name + ".broken"))
    return _connect(path)


def _is_of_this_version(connection: Connection) -> bool:
    """Whether these very statements made its tables. If not it is made anew, as nothing in it is the only copy."""
    return "made_by" in _tables(connection) and (
        connection.execute("select version from raw.made_by").fetchall() == [(version(),)]
    )


def _tables(connection: Connection) -> set[str]:
    found = connection.execute("select table_name from information_schema.tables where table_schema = 'raw'")
    return {name for (name,) in found.fetchall()}


def configure(
    connection: Connection,
    *,
    company: str,
    timezone: str,
    currency: str,
    kpis: Sequence[Kpi],
    sources: Sequence[Source],
) -> None:
    """Writes what SQL must know of the settings and of the domain into raw.config_*. Running twice changes nothing."""
    catalogue: list[Row] = [
        (k.name, k.label, k.unit, k.better, k.cadence, k.combine, k.target, k.owner, k.touchpoint) for k in kpis
    ]
    feeds: list[Row] = [(s.name, str(s.table), *(s.scale or (None, None)), s.fresh_within_hours) for s in sources]
    with transaction(connection):
        _replace(connection, "config_company", [(company, timezone, currency)])
        _replace(connection, "config_kpis", catalogue)
        _replace(connection, "config_kinds", [(str(kind), str(claim.size_of)) for kind, claim in CLAIMS.items()])
        _replace(connection, "config_sources", feeds)


def begin(connection: Connection, night: RunMeta) -> None:
    """Makes ``night`` the night in hand, in raw.config_run. Running twice changes nothing."""
    with transaction(connection):
        _replace(connection, "config_run", [(*astuple(night), 7 * BLOCK_WEEKS)])


def _replace(connection: Connection, table: str, rows: list[Row]) -> None:
    connection.execute(f"delete from raw.{table}")
    connection.executemany(f"insert into raw.{table} values ({', '.join('?' * len(rows[0]))})", rows)


def night_in_hand(connection: Connection) -> RunMeta | None:
    """The night that the last `build --layer feedback` began, or None in a fresh work file."""
    row = connection.execute(
        "select run_id, as_of, known_before, learn_before, started_at, words_from from raw.config_run"
    ).fetchone()
    return RunMeta(*row) if row else None


def require_night(connection: Connection, as_of: date) -> RunMeta:
    """The night in hand. Raises InputError when it is not the one of ``as_of``."""
    night = night_in_hand(connection)
    if night is None or night.as_of != as_of:
        raise InputError(
            f"the work file holds {f'the night of {night.as_of}' if night else 'no night yet'}, not {as_of}",
            f"run `voc run --as-of {as_of}`, or begin with `voc build --layer feedback --as-of {as_of}`",
        )
    return night


def transaction(connection: Connection) -> AbstractContextManager[None]:
    """All or nothing."""
    return all_or_nothing(connection)


def brand_words(connection: Connection) -> frozenset[str]:
    """Words of the company's and its partners' own names: "united" in an airline's name is no praise."""
    names = connection.execute(
        "select company from raw.config_company union select partner from raw.customers where partner is not null"
    ).fetchall()
    return frozenset(word for (name,) in names for word in re.findall(r"\w{3,}", name.casefold()))


def batch_relation(kind: str, batch: int) -> str:
    """The rows of one landed batch, as a relation a door can look at; KPIs carry their unit."""
    table = Table(kind)
    rows = f"select * from raw.{table} where _batch = {int(batch)}"
    return (
        f"({rows})"
        if table != Table.KPIS
        else f"(select r.*, k.unit from ({rows}) r left join raw.config_kpis k using (kpi))"
    )


def finish(connection: Connection, run_id: str) -> None:
    """Remembers that this work file has built and published ``run_id``."""
    connection.execute("insert or ignore into ml.finished values (?)", [run_id])


def has_finished(connection: Connection, run_id: str) -> bool:
    """Whether this work file itself built ``run_id``; a new one rebuilds it, though it is published already."""
    return connection.execute("select count(*) from ml.finished where run_id = ?", [run_id]).fetchone() == (1,)


def fingerprint(value: object) -> str:
    """Eight hex digits that name ``value`` (anything JSON can hold)."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:8]


def replace_findings(
    connection: Connection,
    *,
    contradictions: pd.DataFrame | None = None,
    judgements: pd.DataFrame | None = None,
    calibration: pd.DataFrame | None = None,
    evidence: pd.DataFrame | None = None,
    kpi_moves: pd.DataFrame | None = None,
    theme_growth: pd.DataFrame | None = None,
) -> None:
    """Writes what the detector said this night, replacing the last; columns as in `schema`, in any order.

    A table without a frame is emptied; a column that a frame lacks is NULL.
    """
    tables = {
        "contradictions": contradictions,
        "judgements": judgements,
        "calibration": calibration,
        "evidence": evidence,
        "kpi_moves": kpi_moves,
        "theme_growth": theme_growth,
    }
    with transaction(connection):
        for table, frame in tables.items():
            replace_rows(connection, table, frame)


def replace_rows(connection: Connection, table: str, frame: pd.DataFrame | None) -> None:
    """Makes ``frame`` the content of a table of ml, inside the caller's transaction; its columns in any order."""
    connection.execute(f"delete from ml.{table}")
    if frame is not None and len(frame):  # the columns of an empty frame may have no types
        connection.register("said", frame)
        connection.execute(f"insert into ml.{table} by name select * from said")
        connection.unregister("said")
