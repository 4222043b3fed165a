"""Step: what the tables are and how they are tested, as pages that need no network."""

import shutil
from pathlib import Path

from voc.adapters.dbt import runner
from voc.adapters.gx import data_docs
from voc.adapters.work_file import warehouse
from voc.errors import InputError


def run(work: Path, *, reports: Path, suites: Path, project: Path, scratch: Path) -> Path:
    """The page that leads to the data tests and the dbt documentation of the night in hand.

    Reads   the work file ``work``; nobody else may have it open.
    Writes  the folder ``docs`` in ``reports``, whole or not at all; dbt's artefacts and log in ``scratch``.
    Raises  InputError before the first night; OutsideError when dbt or Great Expectations can't describe the tables.
    """
    if not work.is_file():
        raise _nothing_yet()
    reports.mkdir(mode=0o750, parents=True, exist_ok=True)
    new = reports / ".docs.new"
    shutil.rmtree(new, ignore_errors=True)
    try:
        with data_docs.opened(work) as connection:
            night = warehouse.night_in_hand(connection)
            if night is None:
                raise _nothing_yet()
            new.mkdir(mode=0o700)
            tested = data_docs.write_site(connection, suites, night, new / "data")
        (new / "dbt.html").write_text(runner.docs(work, project=project, scratch=scratch), encoding="utf-8")
        data_docs.write_index(new / "index.html", tested, night, has_report=(reports / "latest").exists())
        _put(new, reports / "docs")
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return reports / "docs" / "index.html"


def _nothing_yet() -> InputError:
    return InputError("there is no night to document", "run `voc run` first")


def _put(new: Path, place: Path) -> None:
    """Moves a finished folder to its place; a reader may miss it for the moment between two renames."""
    for path in (new, *new.rglob("*")):
        path.chmod(0o750 if path.is_dir() else 0o640)
    old = place.with_name(".docs.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)
