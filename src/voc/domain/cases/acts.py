"""What a person may do to a case. Pure rules; each gives the event to record or says why not."""

from dataclasses import replace
from datetime import date, timedelta

from voc.domain.cases.case import LIVE, Case, Event, State, Verdict
from voc.errors import InputError

OVER = frozenset({State.CLOSED, State.CLEARED})


def acknowledge(case: Case, on: date, by: str) -> Event:
    """Somebody looks at it. ``on``: the newest judged day."""
    _require(case, LIVE, "acknowledged", "reopen it first: voc case reopen")
    return Event("acknowledged", on, replace(case, state=State.ACKNOWLEDGED, snoozed_until=None), by=by)


def snooze(case: Case, until: date, on: date, by: str) -> Event:
    """Its owner gets no news of it before the judged day ``until``."""
    _require(case, LIVE, "snoozed", "reopen it first: voc case reopen")
    if until <= on:
        raise InputError(
            f"case {case.case_id} cannot be snoozed until {until}: the newest night is that of {on}", "name a later day"
        )
    return Event("snoozed", on, replace(case, state=State.SNOOZED, snoozed_until=until), by=by, note=f"until {until}")


def close(case: Case, verdict: Verdict, note: str, on: date, by: str) -> Event:
    """It was looked into; the verdict says what was found, the note what will be done."""
    _require(case, LIVE | {State.CLEARED}, "closed", "reopen it first, if the verdict was wrong: voc case reopen")
    over = replace(case, snoozed_until=None, news=None, held_because=None)
    closed = replace(over, state=State.CLOSED, closed_on=on, verdict=verdict)
    return Event("closed", on, closed, by=by, note=f"{verdict}: {note}")


def reopen(case: Case, due_days: int, on: date, by: str) -> Event:
    """It is not over after all; its last verdict stays on record but no longer counts."""
    _require(case, OVER, "reopened", "it is not over yet")
    reopened = replace(
        case,
        state=State.REOPENED,
        due_on=on + timedelta(days=due_days),
        closed_on=None,
        verdict=None,
        quiet_nights=0,
    )
    return Event("reopened", on, reopened, by=by)


def _require(case: Case, states: frozenset[State], action: str, fix: str) -> None:
    if case.state not in states:
        raise InputError(f"case {case.case_id} is {case.state} and cannot be {action}", fix)
