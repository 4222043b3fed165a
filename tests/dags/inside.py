"""What the DAGs look like and what their shared parts do, seen from inside Airflow; prints one JSON object.

Run in a process of its own, since Airflow reads its environment when it is imported and stays in the process.
"""

import json
import logging
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.sdk.exceptions import AirflowFailException

from voc.errors import GateFailed, LockHeld, OutsideError

WORDS = "what the error says"
logging.disable()


def schedule_of(dag):
    timetable = dag.timetable
    time_based = getattr(timetable, "timetable", timetable)
    assets = getattr(timetable, "asset_condition", None)
    return {
        "cron": time_based.expression,
        "zone": time_based.timezone,
        "at_once": time_based.run_immediately is True,
        "assets": [asset.uri for asset in assets.objects] if assets else [],
    }


def task_of(task):
    return {
        "upstream": sorted(task.upstream_task_ids),
        "pool": task.pool,
        "retries": task.retries,
        "retry_delay": task.retry_delay.total_seconds(),
        "backoff": task.retry_exponential_backoff,
        "timeout": task.execution_timeout.total_seconds(),
        "on_failure": [callback.__name__ for callback in task.on_failure_callback],
        "trigger_rule": task.trigger_rule.value,
        "outlets": [asset.uri for asset in task.outlets],
    }


def dag_of(dag):
    return {
        "schedule": schedule_of(dag),
        "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup,
        "has_as_of": "as_of" in dag.params,
        "as_of": dag.params.get("as_of"),
        "tasks": {task.task_id: task_of(task) for task in dag.tasks},
    }


def notices():
    """What the operator is told of a failure, by the error that caused it."""
    from _defaults import tell_operator
    from voc import app

    told = []
    app.notify_operator = lambda where, subject, lines: told.append([subject, *lines])
    final = AirflowFailException(WORDS)
    final.__cause__ = GateFailed(WORDS, WORDS)
    task = SimpleNamespace(dag_id="reconcile_nightly", task_id="score", run_id="manual__1", log_url="http://log")
    for error in (final, OutsideError(WORDS, WORDS), ValueError(WORDS), WORDS, None):
        tell_operator({"ti": task, "exception": error})
    return told


def begun(landed, run_after, as_of=None):
    """The day that `begin` gives to the steps of a run started by landings at these times."""
    from voc import app

    app.is_done, app.take_lease = (lambda where, day: False), (lambda where, hours: None)
    events = {kind: [SimpleNamespace(timestamp=datetime.fromisoformat(at))] for kind, at in enumerate(landed)}
    return (
        bag.dags["reconcile_nightly"]
        .get_task("begin")
        .python_callable(
            params={"as_of": as_of},
            dag_run=SimpleNamespace(run_after=datetime.fromisoformat(run_after)),
            run_id="one",
            triggering_asset_events=events,
        )
    )


def raised(error):
    """How an error leaves a task."""
    from _voc import opened

    try:
        with opened():
            raise error
    except Exception as left:
        return [type(left).__name__, str(left)]


began = time.monotonic()
folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]
bag = BundleDagBag(dag_folder=folder, bundle_path=Path(folder), bundle_name="dags-folder")
parsed = time.monotonic() - began
heavy = sorted({"duckdb", "pandas", "sklearn", "dbt", "great_expectations"} & set(sys.modules))
json.dump(
    {
        "import_errors": bag.import_errors,
        "dags": {dag_id: dag_of(dag) for dag_id, dag in bag.dags.items()},
        "parse_seconds": parsed,
        "heavy_imports": heavy,
        "notices": notices(),
        "days": {
            "by the clock": begun([], "2026-03-02T04:00:00+00:00"),
            "by landings of this night": begun(["2026-03-01T23:35:00+00:00"] * 4, "2026-03-01T23:36:00+00:00"),
            "by one landing too few": begun(
                ["2026-03-01T22:55:00+00:00", *["2026-03-01T23:35:00+00:00"] * 3], "2026-03-01T23:36:00+00:00"
            ),
            "as asked": begun([], "2026-03-02T04:00:00+00:00", "2026-01-15"),
        },
        "gate": raised(GateFailed("a rule was broken", "mend the file")),
        "held": raised(LockHeld("another run", "wait")),
        "outside": raised(OutsideError("no space", "free some")),
    },
    sys.stdout,
)
