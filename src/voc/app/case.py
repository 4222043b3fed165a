"""What people do with cases, and whether their owners are well routed."""

import getpass
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from voc.adapters.control_store import cases, control
from voc.adapters.published import case_views, reading
from voc.app import project
from voc.app.project import Project
from voc.domain.cases import acts, owner_gaps
from voc.domain.cases.case import LIVE, Case, Event, Verdict
from voc.domain.cases.case_view import CaseView
from voc.errors import InputError, OutsideError

Act = Callable[[Case, date, str], Event]


def cases_of(where: Project, *, owner: str | None = None, everything: bool = False) -> list[Case]:
    """Live cases, or all there ever were, of one owner or of everybody; most at stake first."""
    with control.opened(where.state) as store:
        found = cases.standing(store).values()
    return sorted(
        (c for c in found if (everything or c.state in LIVE) and owner in (None, c.owner_email)),
        key=lambda c: (c.state not in LIVE, c.value_at_stake is None, -(c.value_at_stake or 0), c.case_id),
    )


def names_of(where: Project, found: Sequence[Case]) -> dict[str, str]:
    """What the newest published night calls the subjects of cases, by case."""
    names = (
        reading.names(where.current, [c.customer_id for c in found if c.customer_id]) if where.current.exists() else {}
    )
    return {case.case_id: names.get(case.customer_id or "", case.subject) for case in found}


def one_case(where: Project, begins: str) -> tuple[Case, CaseView | None, list[dict[str, str | None]]]:
    """A case by the beginning of its id, how the newest published night shows it, and its history."""
    with control.opened(where.state) as store:
        case = cases.find(store, begins)
        history = cases.history(store, case.case_id)
    return case, _view(where, case), history


def act(where: Project, begins: str, action: Act, *, by: str | None = None, verdict: tuple[Verdict, str] | None = None
        ) -> Case:  # fmt: skip
    """Does something to a case, dated by the newest judged day; the case as it then is.

    by: who does it, else whoever is logged in. verdict: of a closing, with its note, kept for ever.
    Raises  InputError when there is no such case or it is in no state for it.
    """
    now = datetime.now(UTC)
    with control.opened(where.state) as store, control.transaction(store):
        case, on = cases.find(store, begins), cases.newest_night(store)
        if on is None:
            raise InputError("no night has opened a case yet", "run one first: voc run")
        event = action(case, on, by or getpass.getuser())
        cases.record(store, [event], run_id=None, now=now)
        if verdict is not None:
            cases.decide(store, event, *verdict, now)
    return event.after


def _view(where: Project, case: Case) -> CaseView | None:
    """How the newest published night shows a case, if it knows it."""
    try:
        views = case_views.read(where.current, [case.case_id]) if where.current.exists() else []
    except OutsideError:  # published before an upgrade: the case itself is still there
        return None
    return views[0] if views else None


def acknowledge(where: Project, begins: str, by: str | None = None) -> Case:
    """Somebody looks at it."""
    return act(where, begins, acts.acknowledge, by=by)


def snooze(where: Project, begins: str, until: date, by: str | None = None) -> Case:
    """Its owner hears nothing of it before ``until``."""
    return act(where, begins, lambda case, on, who: acts.snooze(case, until, on, who), by=by)


def close(where: Project, begins: str, verdict: Verdict, note: str, by: str | None = None) -> Case:
    """It was looked into; the verdict counts in the metric's trust from the next night on."""
    return act(
        where, begins, lambda case, on, who: acts.close(case, verdict, note, on, who), by=by, verdict=(verdict, note)
    )


def reopen(where: Project, begins: str, by: str | None = None) -> Case:
    """It is not over after all."""
    days = where.settings.cases.due_days
    return act(where, begins, lambda case, on, who: acts.reopen(case, days, on, who), by=by)


def doctor(where: Project) -> dict[str, Any]:
    """What is wrong with the routing of cases to owners, and with where mail may go; nothing is written."""
    customers = reading.customers(where.current) if where.current.exists() else None
    return owner_gaps.examine(project.owners(where), project.kpis(where), customers, where.settings.alerts.operator)
