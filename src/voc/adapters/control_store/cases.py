"""Cases in the control store: as they stand, what happened to them, and the nights that moved them."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime

from voc.adapters.control_store.control import Control, stamp
from voc.domain.cases.case import Case, Event, Verdict
from voc.errors import InputError


def standing(control: Control) -> dict[tuple[str, str], Case]:
    """Every case there ever was, by level and subject."""
    cases = (Case.from_json(json.loads(body)) for (body,) in control.execute("select body from cases order by case_id"))
    return {(case.level, case.subject): case for case in cases}


def find(control: Control, begins: str) -> Case:
    """The one case whose id begins so. Raises InputError when there is none, or more than one."""
    found = control.execute(
        "select body from cases where substr(case_id, 1, ?) = ? order by case_id limit 6",
        [len(begins), begins.lower()],
    ).fetchall()
    cases = [Case.from_json(json.loads(body)) for (body,) in found]
    if len(cases) == 1 and begins:
        return cases[0]
    if not cases:
        raise InputError(f"there is no case {begins}", "see `voc case list --all` for their ids")
    ids = ", ".join(case.case_id for case in cases[:5])
    raise InputError(f"{begins or 'an empty id'} begins the ids of several cases: {ids}", "type more of the id")


def record(control: Control, events: Iterable[Event], *, run_id: str | None, now: datetime) -> None:
    """Writes events, each after the last, and the cases as they leave them. ``now``: aware UTC, the clock's."""
    for event in events:
        case = event.after
        body = json.dumps(case.to_json(), sort_keys=True, ensure_ascii=False)
        control.execute(
            "insert into cases values (?, ?, ?, ?) on conflict (case_id) do update set body = excluded.body",
            [case.case_id, case.level, case.subject, body],
        )
        control.execute(
            "insert into events (case_id, run_id, on_day, at, what, note, by, after) values (?, ?, ?, ?, ?, ?, ?, ?)",
            [case.case_id, run_id, event.on.isoformat(), stamp(now), event.what, event.note, event.by, body],
        )


def history(control: Control, case_id: str) -> list[dict[str, str | None]]:
    """What happened to a case, oldest first: on (judged day), at (UTC), what, note, by."""
    rows = control.execute(
        "select on_day as 'on', at, what, note, by from events where case_id = ? order by event_id", [case_id]
    )
    return [dict(row) for row in rows]


def decide(control: Control, event: Event, verdict: Verdict, note: str, now: datetime) -> None:
    """Keeps a closing's verdict, whatever becomes of the case; to be called right after `record`."""
    case = event.after
    control.execute(
        "insert into verdicts (case_id, event_id, kpi, kind, verdict, note, by, decided_on, at) "
        "select ?, max(event_id), ?, ?, ?, ?, ?, ?, ? from events where case_id = ?",
        [case.case_id, case.kpi, case.kind, verdict, note, event.by, event.on.isoformat(), stamp(now), case.case_id],
    )


def verdicts(control: Control, as_of: date) -> list[tuple[str, str | None, str, Verdict, date]]:
    """(case_id, kpi, kind, verdict, decided_on) of the closings up to a judged day, in the order they were given.

    A closing that a person has taken back since, by reopening the case, is not among them.
    """
    rows = control.execute(
        "select case_id, kpi, kind, verdict, decided_on from verdicts where decided_on <= ?1 and not exists "
        "(select 1 from events where events.case_id = verdicts.case_id and events.event_id > verdicts.event_id "
        "and what = 'reopened' and events.by is not null and on_day <= ?1) order by verdict_id",
        [as_of.isoformat()],
    )
    return [(row[0], row[1], row[2], Verdict(row[3]), date.fromisoformat(row[4])) for row in rows]


def note_published(control: Control, is_published: Callable[[str], bool]) -> None:
    """Remembers which nights have been published: their files are pruned some day, their news are not."""
    unseen = control.execute("select run_id from nights where not published").fetchall()
    seen = [(run_id,) for (run_id,) in unseen if is_published(run_id)]
    control.executemany("update nights set published = 1 where run_id = ?", seen)


def published(control: Control) -> set[str]:
    """The runs that have been published, whether or not their files are still there."""
    return {run_id for (run_id,) in control.execute("select run_id from nights where published")}


def has_run(control: Control, run_id: str) -> bool:
    """Whether the case step of this run has ended."""
    return control.execute("select 1 from nights where run_id = ?", [run_id]).fetchone() is not None


def newest_night(control: Control) -> date | None:
    """The newest judged day that moved cases: people's actions are dated by it."""
    (newest,) = control.execute("select max(as_of) from nights where moved").fetchone()
    return date.fromisoformat(newest) if newest else None


def first_night(control: Control) -> date | None:
    """The oldest published day that moved cases."""
    (oldest,) = control.execute("select min(as_of) from nights where moved and published").fetchone()
    return date.fromisoformat(oldest) if oldest else None


def end_night(control: Control, run_id: str, as_of: date, *, moved: bool, now: datetime) -> None:
    """Remembers that a run's case step has ended, and with which event."""
    until = "9999-12-31" if moved else as_of.isoformat()
    control.execute(
        "insert into nights (run_id, as_of, moved, last_event, at) "
        "select ?, ?, ?, coalesce(max(event_id), 0), ? from events where on_day <= ?",
        [run_id, as_of.isoformat(), moved, stamp(now), until],
    )


def as_left_by(control: Control, run_id: str) -> list[Case]:
    """Every case as that run's case step left it, however long ago that was."""
    rows = control.execute(
        "select after from events where event_id in (select max(event_id) from events "
        "where event_id <= (select last_event from nights where run_id = ?) group by case_id) order by case_id",
        [run_id],
    )
    return [Case.from_json(json.loads(row["after"])) for row in rows]


TELLING = (
    "opened", "reopened", "worse", "woken", "reassigned", "changed", "cleared", "held", "released", "quiet", "seen",
)  # fmt: skip
"""A night's events, the most telling first."""


def main_events(control: Control, run_id: str) -> dict[str, str]:
    """The most telling thing that the nights of a run's day had done to each case, by case."""
    events_by_case: dict[str, set[str]] = {}
    query = (
        "select case_id, what from events join nights on on_day = as_of and event_id <= last_event "
        "where nights.run_id = ? and events.run_id is not null"
    )
    for case_id, event in control.execute(query, [run_id]):
        events_by_case.setdefault(case_id, set()).add(event)
    return {case_id: event for case_id, events in events_by_case.items() for event in TELLING[::-1] if event in events}
