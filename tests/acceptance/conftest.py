"""Companies after their first night, shared by the tests that look at it or go on from it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.shared_folders import built_once
from support.small_demo import AS_OF, copy_of, small_demo, voc

from voc import app, demo
from voc.demo.write import Planted


@dataclass(frozen=True)
class DemoNight:
    """The project, its planted truth, and what its first night came to."""

    project: app.Project
    planted: Planted
    outcome: app.NightResult


@pytest.fixture(scope="session")
def demo_night(demo_company, tmp_path_factory) -> DemoNight:
    folder: Path = tmp_path_factory.mktemp("a demo company")  # with a space, as folders have
    planted = demo.write(folder)
    shutil.copytree(demo_company / "state", folder / "state", symlinks=True)
    project = app.open_project(folder / "voc.yml")
    outcome = app.run(project, planted.as_of)
    assert outcome.already_done
    return DemoNight(project, planted, outcome)


@pytest.fixture(scope="session")
def scored_company(shared) -> Path:
    """The voc.yml of the small demo company, its files landed and its texts scored: work on copies."""

    def build(folder: Path) -> None:
        config = small_demo(folder)
        voc(config, "land")
        voc(config, "check", "--door", "landed")
        voc(config, "build", "--layer", "feedback", "--as-of", AS_OF)
        voc(config, "score", "--as-of", AS_OF)

    return built_once(shared, "small company", build) / "voc.yml"


@pytest.fixture(scope="session")
def first_night(shared, scored_company) -> Path:
    """The voc.yml of the small demo company after its first night: work on copies."""

    def build(folder: Path) -> None:
        voc(copy_of(scored_company, folder), "run", "--as-of", AS_OF)

    return built_once(shared, "small company after a night", build) / "voc.yml"
