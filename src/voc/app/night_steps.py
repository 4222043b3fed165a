"""The steps of a night with what the settings say; whoever calls them holds the writer's lock."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voc.adapters import places
from voc.adapters.control_store import text_retention, tombstones
from voc.adapters.published import publisher
from voc.adapters.work_file import ledger, warehouse
from voc.app import project
from voc.app.progress import SILENT, Progress
from voc.app.project import Project
from voc.domain.formatting import counted
from voc.domain.landed import Landed
from voc.steps import build as build_step
from voc.steps import case as case_step
from voc.steps import check as check_step
from voc.steps import expire as expire_step
from voc.steps import land as land_step
from voc.steps import publish as publish_step

if TYPE_CHECKING:
    from voc.steps.detect import Detected

Door = Literal["landed", "marts"]
Layer = build_step.Layer


def land(where: Project, progress: Progress, kinds: tuple[str, ...] | None = None, work: Path | None = None) -> Landed:
    """Lands what is new, of all kinds of input unless said; nothing of who has been forgotten, no words that have gone.

    work: the work file, where it is not the one in force.
    """
    is_forgotten = tombstones.standing(where.state, where.key_file)
    with progress.step("land") as say, warehouse.opened(work or where.work) as connection:
        project.configure(where, connection)
        landed = land_step.run(
            connection,
            [source for source in project.sources(where) if kinds is None or source.table in kinds],
            state=where.state,
            currency=where.settings.currency,
            now=datetime.now(UTC),
            progress=say,
            is_forgotten=is_forgotten,
            texts_kept_from=text_retention.before(where.state),
        )
        say(landed.sentence)
    for line in landed.warnings:
        progress.warn(line)
    return landed


def check(where: Project, door: Door, progress: Progress, work: Path | None = None) -> tuple[str, ...]:
    """Asks one door; the warnings it gives. ``work``: as in `land`."""
    with progress.step(f"check {door}") as say:
        if door == "landed":
            doors = check_step.landed(work or where.work, state=where.state, suites=places.expectations())
        else:
            doors = check_step.marts(where.work, suites=places.expectations())
        say(
            f"{counted(doors.n_tables, 'table')}, {counted(doors.n_rules, 'rule')}, "
            f"{counted(len(doors.warnings), 'warning')}"
        )
    for line in doors.warnings:
        progress.warn(line)
    return doors.warnings


def build(where: Project, layer: Layer, as_of: date, progress: Progress) -> None:
    """Builds one layer; `feedback` begins a night, and first makes words go that are too old for it."""
    if layer == "feedback":
        _expire(where, as_of, progress)
    with progress.step(f"build {layer}") as say:
        if layer == "feedback":
            with warehouse.opened(where.work) as connection:
                ledger.require_customers(connection)
            project.begin(where, as_of)
        scratch = where.state / "work" / "dbt"
        built = build_step.run(where.work, layer, as_of, project=places.dbt_project(), scratch=scratch)
        say(f"{counted(built.n_models, 'model')}, {counted(built.n_tests, 'test')}")


def _expire(where: Project, as_of: date, progress: Progress) -> None:
    """Customers' words older than `privacy.keep_text_days`; says nothing where there are none."""
    new = expire_step.begin(where.work, project.words_from(where, as_of), state=where.state)
    if new is None:
        return
    with progress.step("expire") as say:
        landed = land(where, SILENT, work=new)
        check(where, "landed", SILENT, work=new)
        expire_step.end(where.work, new)
        n_texts, n_files = sum(landed.n_texts_removed), len(landed.n_texts_removed)
        say(f"words of {counted(n_texts, 'text')} in {counted(n_files, 'file')} removed")
    for line in landed.not_removable:
        progress.warn(line)


def score(where: Project, as_of: date, progress: Progress) -> None:
    """Reads and scores new texts."""
    from voc.steps import score as score_step  # as in `detect`

    with progress.step("score") as say:
        say(score_step.run(where.work, as_of, state=where.state).sentence)


def detect(where: Project, as_of: date, progress: Progress) -> "Detected":
    """Looks for contradictions."""
    from voc.steps import detect as detect_step  # scikit-learn takes seconds to import; only this step needs it

    with progress.step("detect") as say:
        detection = where.settings.detection
        detected = detect_step.run(
            where.work,
            as_of,
            kpis=project.kpis(where),
            false_discovery_rate=detection.false_discovery_rate,
            min_feedback_items=detection.min_feedback_items,
        )
        say(detected.sentence)
        return detected


def case(where: Project, as_of: date, progress: Progress) -> case_step.Casework:
    """Opens, continues and clears cases."""
    with progress.step("case") as say:
        published = publisher.published(where.marts)
        done = case_step.run(
            where.work,
            where.state,
            as_of,
            owners=project.owners(where),
            kpis=project.kpis(where),
            due_days=where.settings.cases.due_days,
            max_per_mail=where.settings.cases.max_per_mail,
            newest_published=max((night.as_of for night in published), default=None),
            is_published=lambda run_id: publisher.is_published(where.marts, run_id),
            now=datetime.now(UTC),
        )
        say(done.sentence)
    for line in done.warnings:
        progress.warn(line)
    return done


def publish(where: Project, as_of: date, progress: Progress) -> publisher.Published:
    """Publishes the marts of the night in hand."""
    with progress.step("publish") as say:
        published = publish_step.run(where.work, as_of, marts=where.marts, keep=where.settings.marts.keep)
        say(f"{published.path.name}, {sum(published.rows.values()):,} rows")
        return published
