"""The steps of a night with what the settings say; whoever calls them holds the writer's lock."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from voc import project
from voc.adapters import ledger, places, publisher, tombstones, warehouse
from voc.app.progress import Progress
from voc.domain.landed import Landed
from voc.domain.words import counted
from voc.project import Project
from voc.steps import build as build_step
from voc.steps import case as case_step
from voc.steps import check as check_step
from voc.steps import land as land_step
from voc.steps import publish as publish_step

if TYPE_CHECKING:
    from voc.steps.detect import Detected

Door = Literal["landed", "marts"]
Layer = build_step.Layer


def land(where: Project, progress: Progress, kinds: tuple[str, ...] | None = None) -> Landed:
    """Lands what is new, of all kinds of input unless said; nothing of who has been forgotten."""
    is_forgotten = tombstones.standing(where.state, where.key_file)
    with progress.step("land") as say, warehouse.opened(where.work) as connection:
        project.configure(where, connection)
        landed = land_step.run(
            connection,
            [source for source in project.sources(where) if kinds is None or source.table in kinds],
            state=where.state,
            currency=where.settings.currency,
            now=datetime.now(UTC),
            progress=say,
            is_forgotten=is_forgotten,
        )
        say(landed.sentence)
    for line in landed.warnings:
        progress.warn(line)
    return landed


def check(where: Project, door: Door, progress: Progress) -> tuple[str, ...]:
    """Asks one door; the warnings it gives."""
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


def build(where: Project, layer: Layer, as_of: date, progress: Progress) -> None:
    """Builds one layer; `feedback` begins a night."""
    with progress.step(f"build {layer}") as say:
        if layer == "feedback":
            with warehouse.opened(where.work) as connection:
                ledger.require_customers(connection)
            project.begin(where, as_of)
        scratch = where.state / "work" / "dbt"
        built = build_step.run(where.work, layer, as_of, project=places.dbt_project(), scratch=scratch)
        say(f"{counted(built.n_models, 'model')}, {counted(built.n_tests, 'test')}")


def score(where: Project, as_of: date, progress: Progress) -> None:
    """Reads and scores new texts."""
    from voc.steps import score as score_step  # as in `detect`

    with progress.step("score") as say:
        say(score_step.run(where.work, as_of, state=where.state).sentence)


def detect(where: Project, as_of: date, progress: Progress) -> "Detected":
    """Looks for contradictions."""
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
