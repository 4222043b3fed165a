"""One whole night of the demo company, shared by the tests that look at it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from voc import app, demo
from voc.demo.write import Planted


@dataclass(frozen=True)
class DemoNight:
    """The project, its planted truth, and what its first night came to."""

    project: app.Project
    planted: Planted
    outcome: app.Outcome


@pytest.fixture(scope="session")
def demo_night(tmp_path_factory) -> DemoNight:
    folder: Path = tmp_path_factory.mktemp("a demo company")  # with a space, as folders have
    planted = demo.write(folder, seed=7)
    project = app.open_project(folder / "voc.yml")
    return DemoNight(project, planted, app.run(project, planted.as_of))
