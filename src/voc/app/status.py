"""What is published and what is going on, for whoever asks; nothing here writes."""

from collections import Counter
from pathlib import Path
from typing import Any

from voc.adapters import lease, lock
from voc.adapters.control_store import cases, control, notices
from voc.adapters.published import publisher, reading
from voc.app.project import Project
from voc.errors import InputError


def surfaced(path: Path, most: int = 20) -> list[dict[str, Any]]:
    """The surfaced contradictions of a published file, most at stake first, in words."""
    return reading.surfaced(path, most)


def night(path: Path) -> dict[str, Any]:
    """The one row of mart_run of a published file."""
    return reading.run_of(path)


def scorers(where: Project) -> list[dict[str, Any]]:
    """The rows of mart_scorer of the newest published night. Raises InputError when there is none."""
    if not where.current.exists():
        raise InputError("nothing is published yet", "run a night first: voc run")
    return reading.scorers(where.current)


def status(where: Project) -> dict[str, Any]:
    """What is published, how fresh the sources are, what mail waits, and who is writing now; JSON-able."""
    return {
        "state": str(where.state),
        "writing": lock.holder(where.state),
        "lease": lease.lease_of(where.state),
        "current": reading.run_of(where.current) if where.current.exists() else None,
        "cases": _cases(where),
        "mail": notices.standing(where.state),
        "report": str(where.latest_report) if where.latest_report.exists() else None,
        "published": [manifest.run_id for manifest in publisher.published(where.marts)],
    }


def _cases(where: Project) -> dict[str, int]:
    """How many cases are in each state now, whatever the newest night had left them in."""
    if not control.path_in(where.state).exists():
        return {}
    with control.opened(where.state) as store:
        return dict(sorted(Counter(str(case.state) for case in cases.standing(store).values()).items()))
