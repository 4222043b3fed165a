"""The scheduler: Airflow on this machine, and the lease under which a night of several processes holds the state."""

from pathlib import Path

from voc.adapters import lock, places
from voc.app.progress import Progress
from voc.app.project import Project


def airflow(where: Project, port: int, progress: Progress) -> None:
    """Runs Airflow on 127.0.0.1 with this project's DAGs until Ctrl-C, its state in state/airflow.

    A demo company's nights judge its own last day, as its files end there.
    """
    from voc.adapters import airflow as adapter  # only this command needs it

    home = where.state / "airflow"
    with progress.step("set up") as say:
        env = adapter.prepare(
            home,
            dags=places.dags(),
            config=where.config,
            state=where.state,
            timezone=where.settings.timezone,
            port=port,
            as_of=_day_of_the_demo(where.config.parent),
        )
        say(str(home))
    adapter.standalone(home, env)


def take_lease(where: Project, hours: float) -> None:
    """Leases the state folder to ``where.lease`` for a night whose steps are processes of their own."""
    assert where.lease is not None
    lock.take_lease(where.state, where.lease, hours)


def release_lease(where: Project) -> None:
    """Gives the lease back; nothing where another holds it."""
    assert where.lease is not None
    lock.release_lease(where.state, where.lease)


def _day_of_the_demo(folder: Path) -> str | None:
    from voc.demo.customers import AS_OF

    return AS_OF.isoformat() if (folder / "truth.csv").exists() else None
