"""Sightings and cases to try the rules on."""

from dataclasses import replace
from datetime import date, timedelta

from voc.domain.cases.case import Case, Event, Sighting
from voc.domain.cases.life_cycle import LastNotice, Night, continued, opened
from voc.domain.kinds import Kind

FIRST = date(2026, 3, 1)
OWNER = ("ann@lumen.example", "fallback")
SEEN = Sighting(
    "customer", "C1", "C1", "on_time", Kind.WATERMELON, date(2026, 1, 5), -0.6, -0.8, -0.4, 2.0, 900.0, "Because."
)


def night(n: int) -> Night:
    """The n-th night; the first one is 0."""
    return Night(FIRST + timedelta(days=n), due_days=14)


def new_case(**changes: object) -> Case:
    """A case opened on the first night."""
    (event,) = opened("0123456789", SEEN, OWNER, None, night(0))
    return replace(event.after, **changes)


def notice_of(case: Case, n: int = 0) -> LastNotice:
    """The notice by which its owner was told on the n-th night."""
    return LastNotice(night(n).as_of, case.owner_email, case.kind, case.kpi, case.size_low)


def go_on(case: Case, n: int, seen: Sighting | None = SEEN, held: str | None = None, owner=OWNER, last_notice=None):
    """The n-th night's events and the case as it then is."""
    events: tuple[Event, ...] = continued(case, seen, owner, held, last_notice, night(n))
    return [event.what for event in events], (events[-1].after if events else case)
