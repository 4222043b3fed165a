"""What many tests begin with."""

from pathlib import Path

import pytest
from support import ROOT
from support.published_marts import small_work_file


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
