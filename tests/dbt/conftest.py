"""One planted night, built once by real dbt, and copies of it to change."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from support import planted_raw
from support.shared_folders import built_once

from voc.adapters.dbt import runner
from voc.adapters.places import dbt_project


@dataclass(frozen=True)
class Built:
    """A work file and the folder that holds dbt's artefacts; both paths have a space."""

    warehouse: Path
    scratch: Path

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse), read_only=True) as reader:
            return reader.execute(query).fetchall()

    def change(self, statements: str) -> None:
        with duckdb.connect(str(self.warehouse)) as work:
            work.execute("set TimeZone = 'UTC'")
            work.execute(statements)

    def add_to_ledger(self, batch: int, kind: str, source: str, landed_at: datetime) -> None:
        with duckdb.connect(str(self.warehouse)) as work:
            planted_raw.ledger(work, batch, kind, source, landed_at)

    def rebuild(self) -> "Built":
        runner.build(self.warehouse, "feedback", project=dbt_project(), scratch=self.scratch)
        planted_raw.score(self.warehouse)
        runner.build(self.warehouse, "panel", project=dbt_project(), scratch=self.scratch)
        planted_raw.detect(self.warehouse)
        planted_raw.case(self.warehouse)
        runner.build(self.warehouse, "marts", project=dbt_project(), scratch=self.scratch)
        return self


@pytest.fixture(scope="session")
def built(shared, tmp_path_factory) -> Built:
    def build(folder: Path) -> None:
        planted_raw.plant(folder / "work" / "warehouse.duckdb")
        Built(folder / "work" / "warehouse.duckdb", folder / "dbt").rebuild()

    folder = tmp_path_factory.mktemp("the night") / "of this worker"
    shutil.copytree(built_once(shared, "planted night", build), folder)
    return Built(folder / "work" / "warehouse.duckdb", folder / "dbt")


@pytest.fixture
def copy(built, tmp_path) -> Built:
    """The same night in files of one's own."""
    shutil.copytree(built.warehouse.parent, tmp_path / "a copy")
    shutil.copytree(built.scratch, tmp_path / "its dbt")
    return Built(tmp_path / "a copy" / "warehouse.duckdb", tmp_path / "its dbt")
