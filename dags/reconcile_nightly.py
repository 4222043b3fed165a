"""Every night, once all kinds have landed or at five at the latest: judge the last whole day. One line a step.

Whichever of the two comes second finds the night done and is skipped. `as_of` judges another day.
"""

from datetime import date, timedelta

from airflow.sdk import AssetOrTimeSchedule, Param, chain, dag, task

from _defaults import AS_OF, AT_FIVE, DAG_ARGS, RAW
from _voc import LOGGED, log, opened

LEASE_HOURS = 12  # only matters where a machine died with the lease: a night takes minutes, and gives it back
MAIL_TRIES = {"retries": 8, "retry_delay": timedelta(minutes=45)}  # a mail's own longest first wait; then hourly

STEPS = {
    "check_landed": lambda app, where, day: app.check(where, "landed", LOGGED),
    "build_feedback": lambda app, where, day: app.build(where, "feedback", day, LOGGED),
    "score": lambda app, where, day: app.score(where, day, LOGGED),
    "build_panel": lambda app, where, day: app.build(where, "panel", day, LOGGED),
    "detect": lambda app, where, day: app.detect(where, day, LOGGED),
    "case": lambda app, where, day: app.case(where, day, LOGGED),
    "build_marts": lambda app, where, day: app.build(where, "marts", day, LOGGED),
    "check_marts": lambda app, where, day: app.check(where, "marts", LOGGED),
    "publish": lambda app, where, day: app.publish(where, day, LOGGED),
    "report": lambda app, where, day: app.report(where, day, LOGGED),
}


@dag(
    schedule=AssetOrTimeSchedule(assets=list(RAW.values()), timetable=AT_FIVE),
    params={"as_of": Param(AS_OF, type=["null", "string"], format="date", description="Empty: the last whole day.")},
    dagrun_timeout=timedelta(hours=23),
    doc_md=__doc__,
    # a night whose mails are tried for hours must not keep the next one waiting; the lease keeps two apart
    **DAG_ARGS | {"max_active_runs": 2},
)
def reconcile_nightly():
    @task.short_circuit
    def begin(params, dag_run, run_id, triggering_asset_events) -> str | None:
        """The day to judge, the state folder leased to this run and what is new landed; None skips the rest."""
        from voc.domain.weeks import last_whole_day

        with opened(lease=run_id) as (app, where):
            zone = where.settings.timezone
            # by the run's own time, so that a run which is cleared and repeated tomorrow judges the same day
            yesterday = last_whole_day(dag_run.run_after, zone)
            landed = [max(event.timestamp for event in events) for events in triggering_asset_events.values()]
            if any(last_whole_day(moment, zone) < yesterday for moment in landed):
                log.info("a kind landed before yesterday was over: the night waits until all land again, or for five")
                return None
            day = date.fromisoformat(params["as_of"]) if params["as_of"] else yesterday
            app.take_lease(where, LEASE_HOURS)
            app.land(where, LOGGED)  # a file that was mended since, or came after the last landing
            if app.is_done(where, day):
                log.info("the night of %s is done: nothing has landed or changed since", day)
                app.report(where, day, LOGGED)  # whoever published it may have ended before people had heard of it
                app.alert(where, day, LOGGED)
                app.release_lease(where)
                return None
        return day.isoformat()

    @task
    def step(name, as_of, run_id):
        with opened(lease=run_id) as (app, where):
            app.take_lease(where, LEASE_HOURS)  # again: a run that is cleared has given its lease back
            STEPS[name](app, where, date.fromisoformat(as_of))

    @task(**MAIL_TRIES)
    def alert(as_of, run_id):
        from voc.errors import OutsideError

        with opened(lease=run_id) as (app, where):
            told = app.alert(where, date.fromisoformat(as_of), LOGGED)
        if told.delayed:
            raise OutsideError(f"{told.delayed} mails could not be delivered yet", "see that the mail server is up")

    @task(trigger_rule="all_done")
    def release(run_id):
        """Gives the lease back, however the steps have ended; mail may try for hours and needs no lease."""
        with opened(lease=run_id) as (app, where):
            app.release_lease(where)

    as_of = begin()
    chain(as_of, *[step.override(task_id=name)(name, as_of) for name in STEPS], [alert(as_of), release()])


reconcile_nightly()
