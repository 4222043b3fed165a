"""What voc does, one function a verb; the CLI and the DAGs call these, and nothing below them reads settings."""

from voc.app.case import acknowledge, cases_of, close, doctor, names_of, one_case, reopen, snooze
from voc.app.forget import forget
from voc.app.outgoing import alert, docs, notify_operator, report
from voc.app.progress import SILENT, Progress, Silent
from voc.app.project import Project, open_project
from voc.app.run import NightResult, is_done, run
from voc.app.scheduler import airflow, release_lease, take_lease
from voc.app.single_steps import build, case, check, detect, land, make_demo, publish, score
from voc.app.status import night, scorers, status, surfaced
from voc.settings.template import write as init

__all__ = [
    "SILENT",
    "NightResult",
    "Progress",
    "Project",
    "Silent",
    "acknowledge",
    "airflow",
    "alert",
    "build",
    "case",
    "cases_of",
    "check",
    "close",
    "detect",
    "docs",
    "doctor",
    "forget",
    "init",
    "is_done",
    "land",
    "make_demo",
    "names_of",
    "night",
    "notify_operator",
    "one_case",
    "open_project",
    "publish",
    "release_lease",
    "reopen",
    "report",
    "run",
    "score",
    "scorers",
    "snooze",
    "status",
    "surfaced",
    "take_lease",
]  # fmt: skip
