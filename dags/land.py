"""Through the night, once an hour: land what is new of one kind. Each landing that brought something is an asset."""

from airflow.sdk import CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from _defaults import DAG_ARGS, NIGHT_HOURS, RAW, ZONE
from _voc import LOGGED, opened

# at once when first unpaused, so that what lies in the inbox already starts the first night
HOURLY = CronTriggerTimetable(NIGHT_HOURS, timezone=ZONE, run_immediately=True)


def landing(kind):
    """The DAG of one kind of file."""

    @dag(dag_id=f"land_{kind}", schedule=HOURLY, doc_md=__doc__, **DAG_ARGS)
    def land():
        @task(task_id="land", outlets=[RAW[kind]])
        def land_new() -> int:
            with opened() as (app, where):
                landed = app.land(where, LOGGED, kinds=(kind,))
            if not landed.count("landed"):
                raise AirflowSkipException("nothing new: no asset event, or every hour would start a night")
            return landed.n_landed

        land_new()

    land()


for kind in RAW:
    landing(kind)
