"""What `pip install` brings along."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_wheel_holds_the_dbt_project_and_the_suites(tmp_path):
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {name.removeprefix("voc/_shipped/") for name in names if name.startswith("voc/_shipped/")}
    for folder, pattern in (("dbt_project", "*.sql"), ("dbt_project", "*.yml"), ("expectations", "*.yml")):
        there = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob(pattern)}
        assert there
        assert there <= shipped
