"""The tree as a newcomer finds it: nothing private of a machine, nothing half done."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [ROOT / name for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()]
CODE = [path for path in TRACKED if path.suffix in {".py", ".sql", ".yml"} and path.exists()]


def test_git_lists_the_tree():
    assert {path.name for path in TRACKED} >= {"pyproject.toml", "README.md", "dbt_project.yml"}


def test_no_file_names_a_machine_or_a_registry():
    private = re.compile(r"(?<![\w.])/(root|home|work)/\w|pypi\.org|files\.pythonhosted|registry\.npmjs")
    named = [
        str(path.relative_to(ROOT))
        for path in TRACKED
        if path.exists() and path != Path(__file__) and private.search(path.read_text(errors="ignore"))
    ]
    assert named == []


def test_nothing_is_left_to_do_in_the_code():
    unfinished = re.compile(r"TODO|FIXME|XXX|NotImplementedError")
    left = [str(p.relative_to(ROOT)) for p in CODE if p != Path(__file__) and unfinished.search(p.read_text())]
    assert left == []


def test_the_lock_holds_hashes_and_no_addresses():
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock
