"""One step by itself, under the writer's lock."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from voc.adapters import lock
from voc.adapters.published import publisher
from voc.app import night_steps
from voc.app.night_steps import Door, Layer
from voc.app.progress import SILENT, Progress
from voc.app.project import Project
from voc.demo.write import write
from voc.domain.landed import Landed
from voc.errors import InputError
from voc.steps.case import Casework

if TYPE_CHECKING:
    from voc.steps.detect import Detected


def land(where: Project, progress: Progress = SILENT, kinds: tuple[str, ...] | None = None) -> Landed:
    """Lands what is new in the inbox; ``kinds``: of customers, surveys, tickets, kpis."""
    with lock.writer_lock(where.state, "voc land", where.lease):
        return night_steps.land(where, progress, kinds)


def check(where: Project, door: Door, progress: Progress = SILENT) -> tuple[str, ...]:
    """Asks one door; the warnings it gives."""
    with lock.writer_lock(where.state, f"voc check --door {door}", where.lease):
        return night_steps.check(where, door, progress)


def build(where: Project, layer: Layer, as_of: date | None = None, progress: Progress = SILENT) -> None:
    """Builds one layer; `feedback` begins a night."""
    with lock.writer_lock(where.state, f"voc build --layer {layer}", where.lease):
        night_steps.build(where, layer, as_of or where.last_whole_day, progress)


def score(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> None:
    """Reads the tone of new texts."""
    with lock.writer_lock(where.state, "voc score", where.lease):
        night_steps.score(where, as_of or where.last_whole_day, progress)


def detect(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> "Detected":
    """Looks for contradictions."""
    with lock.writer_lock(where.state, "voc detect", where.lease):
        return night_steps.detect(where, as_of or where.last_whole_day, progress)


def case(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> Casework:
    """Opens, continues and clears cases."""
    with lock.writer_lock(where.state, "voc case night", where.lease):
        return night_steps.case(where, as_of or where.last_whole_day, progress)


def publish(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> publisher.Published:
    """Publishes the marts of the night in hand."""
    with lock.writer_lock(where.state, "voc publish", where.lease):
        return night_steps.publish(where, as_of or where.last_whole_day, progress)


def make_demo(folder: Path, seed: int, progress: Progress = SILENT) -> date:
    """Writes the made-up company into ``folder``; the day to judge it on.

    Raises  InputError when a project that is not a demo lives there, or one of another seed that has had a night:
            the one would be overwritten, the other would live on in its state beside the new one.
    """
    fix = "name another folder: voc demo --folder NAME"
    truth = folder / "truth.csv"
    if (folder / "voc.yml").exists() and not truth.exists():
        raise InputError(f"{folder} holds a project that is not a demo", fix)
    with progress.step("make up") as say:
        if truth.exists() and (folder / "state").exists():
            with TemporaryDirectory() as elsewhere:
                write(Path(elsewhere), seed)
                if (Path(elsewhere) / truth.name).read_bytes() != truth.read_bytes():
                    raise InputError(f"{folder} holds a demo company of another seed, with its nights", fix)
        planted = write(folder, seed)
        say(f"{folder}, {len(planted.truth)} planted stories in {folder / 'truth.csv'}")
    return planted.as_of
