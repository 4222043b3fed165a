"""Step: one layer of the dbt project, for the night in hand."""

from datetime import date
from pathlib import Path
from typing import Literal

from voc.adapters.dbt import runner
from voc.adapters.work_file import warehouse

Layer = Literal["feedback", "panel", "marts"]


def run(path: Path, layer: Layer, as_of: date, *, project: Path, scratch: Path) -> runner.Built:
    """Builds and tests one layer in a child process; the work file must be closed here meanwhile.

    Reads   raw.* and ml.* of the work file at ``path``.
    Writes  schemas stg, int or marts of it, replacing the last night's.
    Raises  InputError when the night in hand is another one; GateFailed naming the data test and its keys.
    """
    with warehouse.opened(path) as connection:
        warehouse.require_night(connection, as_of)
    return runner.build(path, layer, project=project, scratch=scratch)
