"""The folder of reports: `<run_id>/index.html` a night, `latest` leading to one of them, perhaps `docs`."""

import os
import re
import shutil
from collections.abc import Set
from pathlib import Path

from voc.adapters.disk import sync

_LATEST = "latest"
_UNFINISHED = ".reporting"
_RUN = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]+")
"""What a run's id looks like; nothing else in the folder is ours to remove."""


def write(reports: Path, run_id: str, page: str) -> Path:
    """Where the page of a run now is: whole and on disk, or as it was before."""
    folder = reports / run_id
    for directory in (reports, folder):
        if not directory.exists():
            directory.mkdir(parents=True)
            directory.chmod(0o750)
    unfinished = folder / _UNFINISHED
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(page)
        file.flush()
        os.fsync(file.fileno())
    unfinished.chmod(0o640)
    path = folder / "index.html"
    unfinished.replace(path)
    sync(folder)
    return path


def lead_latest_to(reports: Path, run_id: str) -> None:
    """Leads `latest` to a run in one step, relative so that the folder can be moved."""
    link = reports / _UNFINISHED
    link.unlink(missing_ok=True)
    link.symlink_to(run_id, target_is_directory=True)
    link.replace(reports / _LATEST)
    sync(reports)


def prune(reports: Path, keep: Set[str]) -> None:
    """Removes reports of runs that are not in ``keep``, but what `latest` leads to."""
    stay = keep | {(reports / _LATEST).resolve().name}
    for path in reports.iterdir():
        if _RUN.fullmatch(path.name) and path.name not in stay and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
