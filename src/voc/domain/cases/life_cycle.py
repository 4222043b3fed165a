"""What a night does to a case: open, continue, hold, wake, clear, reopen. Pure rules; nothing is read or written."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from voc.domain.cases.case import LIVE, Case, Event, News, Sighting, State

QUIET_NIGHTS = 3
"""Nights in a row without being surfaced until a case is cleared."""
MAIL_EVERY = timedelta(days=7)
"""An owner hears of the same case at most this often."""
_STARTS = ("started_week", "started_low", "started_high", "is_drift")


@dataclass(frozen=True)
class LastNotice:
    """The last notice of a case to its owner; ``size_low`` is the lower end of the size's interval at that time."""

    on: date
    owner_email: str
    kind: str
    kpi: str | None
    size_low: float


@dataclass(frozen=True)
class Night:
    """The judged day, and in how many days a new case is due."""

    as_of: date
    due_days: int


def opened(case_id: str, seen: Sighting, owner: tuple[str, str], held: str | None, night: Night) -> tuple[Event, ...]:
    """The first event of a case. ``owner``: address, and by which rule."""
    case = Case(
        case_id=case_id,
        level=seen.level,
        subject=seen.subject,
        customer_id=seen.customer_id,
        owner_email=owner[0],
        owner_why=owner[1],
        state=State.OPEN,
        opened_on=night.as_of,
        due_on=night.as_of + timedelta(days=night.due_days),
        last_seen_on=night.as_of,
        last_judged_on=night.as_of,
        held_because=held,
        news=News.NEW,
        **_numbers(seen),
    )
    return (Event("opened", night.as_of, case, held),)


def continued(
    case: Case,
    seen: Sighting | None,
    owner: tuple[str, str],
    held: str | None,
    last_notice: LastNotice | None,
    night: Night,
) -> tuple[Event, ...]:
    """The events that tonight adds to an existing case; none where nothing changed.

    held: why this night cannot judge it; then nothing but that is noted.
    last_notice: None before the first mail.
    """
    events = _circumstances(case, owner, held, last_notice, night) if case.state in LIVE else []
    case = events[-1].after if events else case
    if held:
        pass  # partial data neither clears a case nor makes it worse
    elif seen is None:
        events += _not_seen(case, night)
    elif case.state in (State.CLOSED, State.CLEARED):
        events += _came_back(case, seen, owner, night)
    else:
        events += _seen(case, seen, last_notice, night)
    return tuple(events)


def may_notify(case: Case, last_notice: LastNotice | None, as_of: date) -> bool:
    """Whether a case's news may go to its owner: it was judged, is not snoozed, and its owner was not just told."""
    if case.news is None or case.held_because or case.state not in LIVE - {State.SNOOZED}:
        return False
    return last_notice is None or last_notice.owner_email != case.owner_email or as_of - last_notice.on >= MAIL_EVERY


def _circumstances(
    case: Case, owner: tuple[str, str], held: str | None, last_notice: LastNotice | None, night: Night
) -> list[Event]:
    """Events where it is newly held or released, or has another owner. A held case keeps its owner."""
    events = []
    if held != case.held_because:
        case = replace(case, held_because=held)
        events.append(Event("held" if held else "released", night.as_of, case, held))
    if owner[0] != case.owner_email and not held:
        note = f"from {case.owner_email}: {owner[1]}"
        news: News | None = None if case.news is News.REASSIGNED else case.news
        if news is None and last_notice is not None and last_notice.owner_email != owner[0]:
            news = News.REASSIGNED  # to the owner who was last notified it is no news
        case = replace(case, owner_email=owner[0], owner_why=owner[1], news=news)
        events.append(Event("reassigned", night.as_of, case, note))
    return events


def _not_seen(case: Case, night: Night) -> list[Event]:
    """A quiet night, counted once a judged day however often that day is run."""
    if case.state not in LIVE or case.last_judged_on >= night.as_of:
        return []
    case = replace(case, quiet_nights=case.quiet_nights + 1, last_judged_on=night.as_of)
    if case.quiet_nights >= QUIET_NIGHTS:
        return [Event("cleared", night.as_of, replace(case, state=State.CLEARED, snoozed_until=None, news=None))]
    return [Event("quiet", night.as_of, case)]


def _came_back(case: Case, seen: Sighting, owner: tuple[str, str], night: Night) -> list[Event]:
    """A case that was over is surfaced again. One that a person closed reopens only for a later start."""
    if case.closed_on is not None and seen.started_week <= case.closed_on:
        return []
    case = replace(
        _judged(case, night),
        **_numbers(seen),
        state=State.REOPENED,
        owner_email=owner[0],
        owner_why=owner[1],
        due_on=night.as_of + timedelta(days=night.due_days),
        closed_on=None,
        verdict=None,
        held_because=None,
        news=News.REOPENED,
    )
    return [Event("reopened", night.as_of, case)]


def _seen(case: Case, seen: Sighting, last_notice: LastNotice | None, night: Night) -> list[Event]:
    """A live case is surfaced tonight too."""
    event_name = "seen" if seen.allows(case) else "changed"
    case = _judged(replace(case, **_told(case, seen)), night)
    differs = _differs(case, last_notice)
    if case.state is State.SNOOZED:
        if case.snoozed_until is not None and night.as_of < case.snoozed_until:
            return [Event(event_name, night.as_of, case)]
        awake = replace(case, state=State.OPEN, snoozed_until=None, news=differs or News.BACK)
        return [Event("woken", night.as_of, awake)]
    if case.news in (None, News.WORSE, News.CHANGED):  # news that no longer holds is dropped
        if differs is News.WORSE and case.news is not News.WORSE:
            event_name = "worse"
        case = replace(case, news=differs)
    return [Event(event_name, night.as_of, case)]


def _differs(case: Case, last_notice: LastNotice | None) -> News | None:
    """How a case differs from its last notice: worse is a size below the interval that was mailed."""
    if last_notice is None:
        return None
    if (last_notice.kind, last_notice.kpi) != (case.kind, case.kpi):
        return News.CHANGED  # another metric or kind has another size
    return News.WORSE if case.size < last_notice.size_low else None


def _judged(case: Case, night: Night) -> Case:
    """The case as surfaced tonight."""
    return replace(case, last_seen_on=night.as_of, last_judged_on=night.as_of, quiet_nights=0)


def _told(case: Case, seen: Sighting) -> dict[str, Any]:
    """The fields of a live case that it takes from a sighting.

    What its owner was told of metric, kind and start stays until a night's evidence speaks against it beyond chance:
    another estimate of the same thing is no news. Where another metric or kind looks likeliest but the told one may be
    right, its size and reason stay too.
    """
    if not seen.allows(case):
        return _numbers(seen)
    kept = set(_STARTS) if seen.began_with(case) else set()
    if not seen.matches(case):
        kept |= {"kpi", "kind", "size", "size_low", "size_high", "reason"}
    return {name: value for name, value in _numbers(seen).items() if name not in kept}


def _numbers(seen: Sighting) -> dict[str, Any]:
    """The fields of a new case that it takes from a sighting."""
    names = ("kpi", "kind", *_STARTS, "size", "size_low", "size_high", "value_at_stake", "reason")
    return {name: getattr(seen, name) for name in names}
