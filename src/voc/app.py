"""What voc does, one function a verb; the CLI and the DAGs call these, and nothing below them reads settings."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from voc import project
from voc.adapters import ledger, lock, marts, places, publisher, warehouse
from voc.demo.write import write
from voc.domain.landed import Landed
from voc.domain.words import counted
from voc.errors import InputError
from voc.project import Project, open_project
from voc.steps import build as build_step
from voc.steps import check as check_step
from voc.steps import land as land_step
from voc.steps import publish as publish_step
from voc.steps import score as score_step

if TYPE_CHECKING:
    from voc.steps.detect import Detected

__all__ = ["Project", "open_project"]

Door = Literal["landed", "marts"]
Layer = build_step.Layer
Say = Callable[[str], None]


class Progress(Protocol):
    """Who is told how far a night is; the CLI prints it."""

    def step(self, name: str) -> AbstractContextManager[Say]:
        """Announces a step; the last line said inside is what it came to."""
        ...

    def warn(self, line: str) -> None:
        """Tells what somebody should look at; at once, because a later step may fail."""
        ...


class Silent:
    """Tells nobody."""

    def step(self, name: str) -> AbstractContextManager[Say]:
        """Announces nothing."""
        return nullcontext(lambda _: None)

    def warn(self, line: str) -> None:
        """Tells nobody."""


SILENT = Silent()


@dataclass(frozen=True)
class Outcome:
    """What a night came to. ``already_done``: these inputs were published before, and nothing was changed."""

    run_id: str
    as_of: date
    already_done: bool
    is_current: bool
    path: Path
    warnings: tuple[str, ...]


def run(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> Outcome:
    """All steps for one day: raw files in, published marts out.

    Reads   the sources' files. Writes the state folder, nothing else.
    Raises  LockHeld when another run is writing; InputError and GateFailed when the input is wrong, yesterday's
            marts staying as they are.
    """
    day = as_of or where.last_whole_day
    with lock.writer_lock(where.state, f"voc run --as-of {day}"):
        warnings = [*_land(where, progress).warnings, *_check(where, "landed", progress)]
        with warehouse.opened(where.work) as connection:
            ledger.require_customers(connection)
            run_id = project.run_id(where, connection, day)
            done = warehouse.has_finished(connection, run_id) and publisher.is_published(where.marts, run_id)
        if done:
            path = publisher.file_of(where.marts, run_id)
            return Outcome(run_id, day, True, publisher.is_current(where.marts, run_id), path, tuple(warnings))
        _build(where, "feedback", day, progress)
        _score(where, day, progress)
        _build(where, "panel", day, progress)
        _detect(where, day, progress)
        _build(where, "marts", day, progress)
        warnings += _check(where, "marts", progress)
        published = _publish(where, day, progress)
    if published.differs:
        line = f"{published.path.name} was published before with other content; the published file stays"
        progress.warn(line)
        warnings.append(line)
    return Outcome(run_id, day, False, published.is_current, published.path, tuple(warnings))


def land(where: Project, progress: Progress = SILENT) -> Landed:
    """Lands what is new in the inbox."""
    with lock.writer_lock(where.state, "voc land"):
        return _land(where, progress)


def check(where: Project, door: Door, progress: Progress = SILENT) -> tuple[str, ...]:
    """Asks one door; the warnings it gives."""
    with lock.writer_lock(where.state, f"voc check --door {door}"):
        return _check(where, door, progress)


def build(where: Project, layer: Layer, as_of: date | None = None, progress: Progress = SILENT) -> None:
    """Builds one layer; `feedback` begins a night."""
    with lock.writer_lock(where.state, f"voc build --layer {layer}"):
        _build(where, layer, as_of or where.last_whole_day, progress)


def score(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> None:
    """Reads the tone of new texts."""
    with lock.writer_lock(where.state, "voc score"):
        _score(where, as_of or where.last_whole_day, progress)


def detect(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> "Detected":
    """Looks for contradictions."""
    with lock.writer_lock(where.state, "voc detect"):
        return _detect(where, as_of or where.last_whole_day, progress)


def publish(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> publisher.Published:
    """Publishes the marts of the night in hand."""
    with lock.writer_lock(where.state, "voc publish"):
        return _publish(where, as_of or where.last_whole_day, progress)


def surfaced(path: Path, most: int = 20) -> list[dict[str, Any]]:
    """The surfaced contradictions of a published file, most at stake first, in words."""
    return marts.surfaced(path, most)


def night(path: Path) -> dict[str, Any]:
    """The one row of mart_run of a published file."""
    return marts.run_of(path)


def status(where: Project) -> dict[str, Any]:
    """What is published, how fresh the sources are, and who is writing now; JSON-able."""
    current = where.marts / "current.duckdb"
    return {
        "state": str(where.state),
        "writing": lock.holder(where.state),
        "current": marts.run_of(current) if current.exists() else None,
        "published": [manifest.run_id for manifest in publisher.published(where.marts)],
    }


def make_demo(folder: Path, seed: int, progress: Progress = SILENT) -> date:
    """Writes the made-up company into ``folder``; the day to judge it on.

    Raises  InputError when a project that is not a demo lives there: its voc.yml would be overwritten.
    """
    if (folder / "voc.yml").exists() and not (folder / "truth.csv").exists():
        raise InputError(f"{folder} holds a project that is not a demo", "name another folder: voc demo --folder NAME")
    with progress.step("make up") as say:
        planted = write(folder, seed)
        say(f"{folder}, {len(planted.truth)} planted stories in {folder / 'truth.csv'}")
    return planted.as_of


def _land(where: Project, progress: Progress) -> Landed:
    with progress.step("land") as say, warehouse.opened(where.work) as connection:
        project.configure(where, connection)
        landed = land_step.run(
            connection,
            project.sources(where),
            state=where.state,
            currency=where.settings.currency,
            now=datetime.now(UTC),
            progress=say,
        )
        say(landed.sentence)
    for line in landed.warnings:
        progress.warn(line)
    return landed


def _check(where: Project, door: Door, progress: Progress) -> tuple[str, ...]:
    with progress.step(f"check {door}") as say:
        if door == "landed":
            doors = check_step.landed(where.work, state=where.state, suites=places.expectations())
        else:
            doors = check_step.marts(where.work, suites=places.expectations())
        say(
            f"{counted(doors.n_tables, 'table')}, {counted(doors.n_rules, 'rule')}, "
            f"{counted(len(doors.warnings), 'warning')}"
        )
    for line in doors.warnings:
        progress.warn(line)
    return doors.warnings


def _build(where: Project, layer: Layer, as_of: date, progress: Progress) -> None:
    with progress.step(f"build {layer}") as say:
        if layer == "feedback":
            project.begin(where, as_of)
        scratch = where.state / "work" / "dbt"
        built = build_step.run(where.work, layer, as_of, project=places.dbt_project(), scratch=scratch)
        say(f"{counted(built.n_models, 'model')}, {counted(built.n_tests, 'test')}")


def _score(where: Project, as_of: date, progress: Progress) -> None:
    with progress.step("score") as say:
        say(counted(score_step.run(where.work, as_of), "new text"))


def _detect(where: Project, as_of: date, progress: Progress) -> "Detected":
    from voc.steps import detect as detect_step  # scikit-learn takes seconds to import; only this step needs it

    with progress.step("detect") as say:
        said = where.settings.detection
        detected = detect_step.run(
            where.work,
            as_of,
            kpis=project.kpis(where),
            false_discovery_rate=said.false_discovery_rate,
            min_feedback_items=said.min_feedback_items,
        )
        say(detected.sentence)
        return detected


def _publish(where: Project, as_of: date, progress: Progress) -> publisher.Published:
    with progress.step("publish") as say:
        published = publish_step.run(where.work, as_of, marts=where.marts, keep=where.settings.marts.keep)
        say(f"{published.path.name}, {sum(published.rows.values()):,} rows")
        return published
