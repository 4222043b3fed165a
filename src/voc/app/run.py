"""The whole night: every step for one day, under one lock."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voc.adapters import lock
from voc.adapters.published import publisher
from voc.adapters.work_file import warehouse
from voc.app import night_steps, outgoing, project
from voc.app.progress import SILENT, Progress
from voc.app.project import Project


@dataclass(frozen=True)
class NightResult:
    """The result of a night. ``already_done``: these inputs were published before, and nothing was changed."""

    run_id: str
    as_of: date
    already_done: bool
    is_current: bool
    path: Path
    report: Path
    warnings: tuple[str, ...]


def run(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> NightResult:
    """All steps for one day: raw files in; published marts, a report and the owners' mails out.

    Reads   the sources' files. Writes the state folder, nothing else; mails go where `alerts` says.
    Raises  LockHeld when another run is writing; InputError and GateFailed when the input is wrong, yesterday's
            marts staying as they are.
    """
    day = as_of or where.last_whole_day
    outgoing.delivery(where)  # a missing password is told now, not after the night
    with lock.writer_lock(where.state, f"voc run --as-of {day}", where.lease):
        warnings = [*night_steps.land(where, progress).warnings, *night_steps.check(where, "landed", progress)]
        run_id = project.next_run_id(where, day)
        done = _is_done(where, run_id)
        if done:  # a setting that was changed and changed back leaves another run of that day as the current one
            path, is_current = publisher.file_of(where.marts, run_id), publisher.lead_back(where.marts, run_id)
        else:
            warnings += _build(where, day, progress)
            published = night_steps.publish(where, day, progress)
            # a verdict that came in between is part of the run that `build` began, not of the one counted above
            run_id, path, is_current = published.run_id, published.path, published.is_current
            if published.differs:
                line = f"{path.name} was published before with other content; the published file stays"
                progress.warn(line)
                warnings.append(line)
        # also of a night that was done before: it may have ended before its mails had left
        report = outgoing.write_report(where, run_id, progress)
        if is_current:
            warnings += outgoing.send(where, run_id, progress).warnings
    return NightResult(run_id, day, done, is_current, path, report, tuple(warnings))


def is_done(where: Project, as_of: date | None = None) -> bool:
    """Whether the night of a day has been built and published with exactly what is landed and set now."""
    return _is_done(where, project.next_run_id(where, as_of or where.last_whole_day))


def _is_done(where: Project, run_id: str) -> bool:
    with warehouse.opened(where.work) as connection:
        return warehouse.has_finished(connection, run_id) and publisher.is_published(where.marts, run_id)


def _build(where: Project, day: date, progress: Progress) -> list[str]:
    """The steps between landing and publishing; their warnings."""
    night_steps.build(where, "feedback", day, progress)
    night_steps.score(where, day, progress)
    night_steps.build(where, "panel", day, progress)
    night_steps.detect(where, day, progress)
    casework = night_steps.case(where, day, progress)
    night_steps.build(where, "marts", day, progress)
    return [*casework.warnings, *night_steps.check(where, "marts", progress)]
