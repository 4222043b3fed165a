"""The suite itself: what a shared fixture has failed with is printed once, and what is shared is built once."""

import os
import subprocess
import sys

import pytest
from support import TESTS

NIGHT = """
import pytest
from pathlib import Path
from support.shared_folders import built_once

@pytest.fixture(scope="module")
def night():
    print("land …")
    raise AssertionError("the night has ended with 1")

def test_a(night): pass
def test_b(night): pass
def test_c(): pass

def build(folder):
    with (folder.parent / "builds").open("a") as builds:
        builds.write(folder.name)
    if folder.name == "bad":
        raise AssertionError("the shared night has ended with 1")
    folder.mkdir()

@pytest.fixture(scope="module", params=["good", "bad"])
def shared_night(request):
    return built_once(Path(__file__).parent, request.param, build)

def test_d(shared_night): assert shared_night.is_dir()
def test_e(shared_night): assert shared_night.is_dir()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two modules whose nights are the same, and fail."""
    made = tmp_path_factory.mktemp("a suite")
    for name in ("test_one.py", "test_two.py"):
        (made / name).write_text(NIGHT)
    return made


@pytest.fixture(scope="module")
def printed(folder):
    """What pytest prints when it runs them."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "support.first_errors", "-p", "no:cacheprovider", "-rN", "."],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(TESTS)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "6 passed, 8 errors" in ran.stdout
    return ran.stdout


def test_a_night_that_fails_is_printed_once_a_module(printed):
    assert printed.count("AssertionError: the night has ended with 1") == 2
    assert printed.count("\nland …\n") == 2
    assert printed.count("a shared fixture has failed: see the error of test_one.py::test_a\n") == 1


def test_what_workers_share_is_built_once_and_its_failure_told_once(folder, printed):
    assert (folder / "builds").read_text() == "goodbad"
    assert printed.count("AssertionError: the shared night has ended with 1") == 1
    assert "building 'bad' has failed; its first error says why" in printed
