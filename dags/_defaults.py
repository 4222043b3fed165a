"""What the DAGs share: hours, assets, and how a task waits, tries again and says that it has failed."""

import os
from datetime import timedelta

from airflow.sdk import Asset, Context, CronTriggerTimetable
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException

from _voc import opened

ZONE = conf.get("core", "default_timezone")  # of the hours below; set it to the company's
NIGHT_HOURS = "30 0-4 * * *"  # exports start on the hour as a rule: half an hour later they are there, or an hour later
AT_FIVE = CronTriggerTimetable("0 5 * * *", timezone=ZONE, run_immediately=timedelta(0))
"""Whatever has not landed by then is late: half an hour after the last landing."""

RAW = {kind: Asset(f"voc://raw/{kind}") for kind in ("customers", "surveys", "tickets", "kpis")}


def tell_operator(context: Context) -> None:
    """Says which task failed and where its log is; what the error says stays in the log, for it may quote data."""
    task, error = context["ti"], context.get("exception")
    if isinstance(error, AirflowFailException):  # only says "no retry"; what it was raised from is the reason
        error = error.__cause__ or error
    kind = type(error).__name__ if isinstance(error, BaseException) else "unknown"
    with opened() as (app, where):
        app.notify_operator(
            where,
            f"{task.dag_id}: {task.task_id} failed",
            [f"run: {task.run_id}", f"error: {kind}", f"log: {task.log_url}"],
        )


DEFAULT_ARGS = {
    "pool": "duckdb_writer",  # of one slot: DuckDB lets one process write
    "retries": 3,
    "retry_delay": timedelta(minutes=5),  # 5-10, 10-20, 20-40 minutes: nights hold the lock for less
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(hours=1),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": tell_operator,
}
DAG_ARGS = {"default_args": DEFAULT_ARGS, "max_active_runs": 1, "catchup": False, "tags": ["voc"]}

AS_OF = os.environ.get("VOC_AS_OF")  # the demo's day; anybody else judges the last whole day
