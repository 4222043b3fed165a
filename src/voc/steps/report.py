"""Step: report. The whole night on one page."""

from pathlib import Path

import duckdb

from voc.adapters.report import page, report_data, report_folder
from voc.errors import OutsideError


def run(marts_file: Path, *, run_id: str, reports: Path, make_latest: bool, keep: frozenset[str] | None) -> Path:
    """Writes the report of a run; its path. No time of day is in it: the same published file gives the same bytes.

    make_latest: point `latest` to it. keep: runs whose reports stay, besides this one and the latest; None keeps all.

    Reads   the published file ``marts_file``; whether there is a folder `docs` beside the reports.
    Writes  <run_id>/index.html and `latest` in ``reports``, each in one step; folders 0750, files 0640.
    Raises  OutsideError when the file cannot be read or the disk refuses; the report before it then stays.
    """
    try:
        text = page.page(report_data.read(marts_file), has_docs=(reports / "docs").is_dir())
        written = report_folder.write(reports, run_id, text)
        if make_latest:
            report_folder.lead_latest_to(reports, run_id)
        if keep is not None:
            report_folder.prune(reports, keep | {run_id})
    except (duckdb.Error, OSError) as error:
        raise OutsideError(
            f"the report of {run_id} could not be written ({type(error).__name__})",
            f"see that {marts_file} is there and readable and {reports} is writable, then run: voc report",
        ) from error
    return written
