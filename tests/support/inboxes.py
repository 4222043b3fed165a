"""A company's inbox in a temporary folder, landed into a real work file."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from voc.adapters.work_file.schema import ddl
from voc.domain.contract import Table
from voc.domain.landed import FileOutcome, Landed
from voc.domain.source import Source
from voc.steps import land

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Inbox:
    """Files go in with `drop`, `land` lands them, `rows` reads what arrived."""

    work_file = "warehouse.duckdb"

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder / "inbox", folder / "state"
        self.folder.mkdir(parents=True)
        self.sources = [self.source("nps", Table.SURVEYS, "surveys*")]
        self._connection: duckdb.DuckDBPyConnection | None = None

    def source(self, name: str, table: Table, pattern: str, **options: Any) -> Source:
        return Source(name, table, str(self.folder / pattern), **{"timezone": "Europe/Amsterdam", **options})

    def drop(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            work = self.state / "work" / self.work_file
            work.parent.mkdir(parents=True, exist_ok=True)
            config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
            self._connection = duckdb.connect(str(work), config=config)
            self._connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
            self._connection.execute(ddl())
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def land(
        self,
        now: datetime = NOW,
        is_forgotten: Callable[[str], bool] | None = None,
        texts_kept_from: datetime | None = None,
    ) -> Landed:
        return land.run(
            self.connection,
            self.sources,
            state=self.state,
            currency="EUR",
            now=now,
            progress=lambda _: None,
            is_forgotten=is_forgotten,
            texts_kept_from=texts_kept_from,
        )

    def land_one(self, name: str, content: str | bytes, **options: Any) -> FileOutcome:
        """Lands one survey file and returns what became of it."""
        if options:
            self.sources = [self.source("nps", Table.SURVEYS, "surveys*", **options)]
        self.drop(name, content)
        return self.land().files[-1]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def rejects(self) -> list[tuple[Any, ...]]:
        """(line, column, reason), in the order of lines."""
        return self.rows("select line, column_name, reason from raw.rejects order by batch, line")

    def raw(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that landed."""
        return {table: self.rows(f"select * from raw.{table} order by all") for table in (*Table, "rejects")}

    def sidecars(self, folder: str) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted((self.state / folder).glob("*.json"))]


HEADER = "response_id,customer_id,responded_at,survey,score,comment\n"


def survey(i: int, *, score: object = 7, at: str = "2026-02-01T10:00:00", comment: str = "fine") -> str:
    """One line of a survey file."""
    return f"R{i},C{i % 5},{at},nps,{score},{comment}\n"


def surveys(n: int, first: int = 0) -> str:
    """A survey file of ``n`` sound rows."""
    return HEADER + "".join(survey(i) for i in range(first, first + n))
