"""An Airflow of its own for these tests: a new home, and processes that end with what they were asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

collect_ignore = ["inside.py", "nights.py"]  # they import Airflow, which stays in the process that does


@pytest.fixture(scope="session")
def airflow_env(tmp_path_factory) -> dict[str, str]:
    """The environment of a new Airflow: nothing of it is in the process that runs the tests."""
    return {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Europe/Amsterdam",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


@pytest.fixture(scope="session")
def run_inside():
    """Runs a script of this folder in a process of its own; the JSON it prints."""

    def run(script: str, env: dict[str, str], *words: str, seconds: float) -> dict:
        command = [sys.executable, Path(__file__).with_name(script), *words]
        ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=seconds)
        assert ended.returncode == 0, ended.stderr[-4000:]
        return json.loads(ended.stdout.splitlines()[-1])

    return run
