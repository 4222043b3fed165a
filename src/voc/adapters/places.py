"""Where the files that are not Python lie: beside the package in a checkout, inside it when installed."""

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def dbt_project() -> Path:
    """The folder with dbt_project.yml."""
    return _place("dbt_project")


def expectations() -> Path:
    """The folder with the suites of the doors."""
    return _place("expectations")


def dags() -> Path:
    """The folder with Airflow's DAGs."""
    return _place("dags")


def _place(name: str) -> Path:
    shipped = _PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name


@cache
def code_hash() -> str:
    """Names the code that runs: changed code may answer otherwise, so it is part of what went into a run."""
    digest = hashlib.sha256()
    for folder, endings in ((_PACKAGE, {".py"}), (dbt_project(), {".sql", ".yml"}), (expectations(), {".yml"})):
        for file in sorted(path for path in folder.rglob("*") if path.suffix in endings):
            digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
