"""What many tests begin with."""

import os
from pathlib import Path

import pytest
from support import ROOT
from support.published_marts import small_work_file
from support.shared_folders import built_once

from voc import app, demo

pytest_plugins = ["support.first_errors"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that build whole nights run first, so that short ones fill the time of the worker that ends first."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """A folder of this session that all its workers see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def demo_company(shared) -> Path:
    """The folder of the demo company after its first night, for all workers: work on copies."""

    def build(folder: Path) -> None:
        as_of = demo.write(folder).as_of
        app.run(app.open_project(folder / "voc.yml"), as_of)

    return built_once(shared, "demo company", build)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real exports kept beside the project, never in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets lie in ../shared/data, which is not on this machine")
    return folder


@pytest.fixture
def marts(tmp_path) -> Path:
    """A folder to publish to, in a path with every kind of quote."""
    folder = tmp_path / """it's a "state" """
    folder.mkdir()
    return folder / "marts"


@pytest.fixture
def work(tmp_path):
    """A small work file, open for writing."""
    with small_work_file(tmp_path / "the writer's") as connection:
        yield connection
