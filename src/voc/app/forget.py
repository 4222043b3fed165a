"""Forgetting a customer, when somebody has the right to it."""

from datetime import UTC, datetime

from voc.adapters import lock
from voc.app import night_steps, project
from voc.app.progress import SILENT, Progress
from voc.app.project import Project
from voc.domain.forgotten import Forgotten
from voc.errors import InputError


def forget(where: Project, customer_id: str, progress: Progress = SILENT) -> Forgotten:
    """Removes a customer from the state folder, for good; what each place held, and what is left.

    What lies in the inbox lands first, so that all of it is known. The marts are without the customer when this
    returns, and the next night is built without.
    Raises  InputError when nothing is held of the customer, or the state folder is not there.
    """
    if not where.state.exists():
        raise InputError(f"there is no state folder {where.state}", "name the project's voc.yml: --config voc.yml")
    with lock.writer_lock(where.state, "voc forget", where.lease):
        from voc.steps import forget as forget_step  # draws reports with matplotlib, which takes a second to import

        night_steps.land(where, progress)
        with progress.step("forget") as say:
            forgotten = forget_step.run(
                where.state,
                customer_id.strip(),
                key_file=where.key_file,
                sources=project.sources(where),
                now=datetime.now(UTC),
            )
            say(f"{len(forgotten.left):,} places still hold something" if forgotten.left else "nothing is left")
    return forgotten
