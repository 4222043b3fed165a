"""What a task needs of voc: the project, its progress in the task's log, its errors in Airflow's terms."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from airflow.sdk.exceptions import AirflowFailException
from airflow.sdk.log import mask_secret

log = logging.getLogger(__name__)


class _Logged:
    """Tells the task's log how far a step is."""

    @contextmanager
    def step(self, name):
        """One step; what it says inside and at its end."""
        yield lambda line: log.info("%s: %s", name, line)

    def warn(self, line):
        """What somebody should look at."""
        log.warning(line)


LOGGED = _Logged()


@contextmanager
def opened(lease=None) -> Iterator[tuple]:
    """`voc.app` and the project of VOC_CONFIG (its state in VOC_STATE, where that is set).

    Wrong input or a wrong setting fails the task at once, for another try would find the same. Anything else, like
    a lock held by another run, is left to the retries.
    """
    from voc import app  # heavy: only when a task runs
    from voc.errors import InputError

    try:
        config, state = os.environ.get("VOC_CONFIG"), os.environ.get("VOC_STATE")
        if config is None:
            raise InputError("VOC_CONFIG is not set where Airflow runs", "let it name the project's voc.yml")
        where = app.open_project(Path(config), Path(state) if state else None, lease=lease)
        for variable in where.settings.secret_variables():
            if secret := os.environ.get(variable):
                mask_secret(secret)
        yield app, where
    except InputError as error:
        raise AirflowFailException(str(error)) from error
