"""What voc does, one function a verb; the CLI and the DAGs call these, and nothing below them reads settings."""

from voc.app.cases import acknowledge, cases_of, close, doctor, names_of, one_case, reopen, snooze
from voc.app.forget import forget
from voc.app.look import night, scorers, status, surfaced
from voc.app.people import alert, docs, notify_operator, report
from voc.app.progress import SILENT, Progress, Silent
from voc.app.scheduler import airflow, release_lease, take_lease
from voc.app.verbs import build, case, check, detect, land, make_demo, publish, score
from voc.app.whole_night import Outcome, is_done, run
from voc.project import Project, open_project

__all__ = [
    "SILENT", "Outcome", "Progress", "Project", "Silent", "acknowledge", "airflow", "alert", "build", "case",
    "cases_of", "check", "close", "detect", "docs", "doctor", "forget", "is_done", "land", "make_demo", "names_of",
    "night", "notify_operator", "one_case", "open_project", "publish", "release_lease", "reopen", "report", "run",
    "score", "scorers", "snooze", "status", "surfaced", "take_lease",
]  # fmt: skip
