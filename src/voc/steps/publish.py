"""Step: the night's marts, as a file that never changes again."""

from datetime import date
from pathlib import Path

from voc.adapters.published import publisher
from voc.adapters.work_file import ledger, warehouse


def run(path: Path, as_of: date, *, marts: Path, keep: int) -> publisher.Published:
    """Publishes the marts of the night in hand and remembers the night as finished.

    Reads   schema marts of the work file at ``path``.
    Writes  marts-<run_id>.duckdb and .json in ``marts``; ``current.duckdb`` unless a newer night is published.
    Raises  InputError when the night in hand is another one; OutsideError when the disk refuses.
    """
    with warehouse.opened(path) as connection:
        night = warehouse.require_night(connection, as_of)
        published = publisher.publish(
            connection,
            marts=marts,
            run_id=night.run_id,
            as_of=as_of,
            inputs=ledger.accepted_inputs(connection),
            keep=keep,
        )
        warehouse.finish(connection, night.run_id)
    return published
