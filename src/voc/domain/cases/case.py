"""A case: the disagreement about one subject, as its owner sees it. What a night does to it is in `life_cycle`."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from voc.domain.kinds import Kind


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Its owner has said that somebody looks at it."""
    SNOOZED = "snoozed"
    """Its owner wants no news of it until a chosen day."""
    CLEARED = "cleared"
    """Not surfaced for three nights; nobody said why."""
    CLOSED = "closed"
    """By a person, with a verdict."""
    REOPENED = "reopened"
    """It came back: after a closing, only with a new start."""


class Verdict(StrEnum):
    """What a person found who looked into it."""

    METRIC_WRONG = "metric_wrong"
    """The metric says something that is not so."""
    DEFINITION_GAP = "definition_gap"
    """The metric is right by its definition, which leaves out what the customer lives through."""
    FEEDBACK_UNREPRESENTATIVE = "feedback_unrepresentative"
    """Whoever spoke does not speak for the customer."""
    BOTH_TRUE = "both_true"
    """The metric is right, and the customer means something else."""
    DATA_FAULT = "data_fault"
    """A feed was broken; it says nothing about the metric itself."""
    TIMING = "timing"
    """The metric was right, only earlier or later than the words."""


class News(StrEnum):
    """News of a case that its owner has not been told yet."""

    NEW = "new"
    WORSE = "worse"
    CHANGED = "changed"
    """It is now about another metric or kind than its owner was told."""
    REOPENED = "reopened"
    REASSIGNED = "reassigned"
    """It was somebody else's until now."""
    BACK = "back"
    """A snooze is over, and it is still there."""


LIVE = frozenset({State.OPEN, State.ACKNOWLEDGED, State.SNOOZED, State.REOPENED})
"""States in which somebody is expected to do something, sooner or later."""


@dataclass(frozen=True)
class Sighting:
    """What a night found on a subject.

    ``size`` is signed so that lower is worse, with its 95 % interval: the change of sentiment, or for a silent risk
    that of the metric in its own unit, up being good. NaN-free; an interval that is not known is the size itself.
    """

    level: str
    subject: str
    customer_id: str | None
    kpi: str | None
    kind: Kind
    started_week: date
    size: float
    size_low: float
    size_high: float
    score: float
    value_at_stake: float | None
    reason: str
    started_low: date | None = None
    started_high: date | None = None
    """Mondays between which it began with a probability of 95 %; None where that was not asked."""
    is_drift: bool = False
    """It came gradually."""
    plausible: frozenset[tuple[Kind, str | None]] = frozenset()
    """Kinds and metrics that it may be as well, as far as chance goes."""

    def matches(self, case: "Case") -> bool:
        """Whether it has the metric and kind of the case."""
        return (self.kpi, self.kind) == (case.kpi, case.kind)

    def allows(self, case: "Case") -> bool:
        """Whether the metric and kind of the case may still be right."""
        return self.matches(case) or (case.kind, case.kpi) in self.plausible

    def began_with(self, case: "Case") -> bool:
        """Whether it may have begun when its owner was told that the case did: the intervals overlap."""
        own, told = (
            (low or week, high or week)
            for low, high, week in (
                (self.started_low, self.started_high, self.started_week),
                (case.started_low, case.started_high, case.started_week),
            )
        )
        return own[0] <= told[1] and told[0] <= own[1]


@dataclass(frozen=True)
class Case:
    """The only case that a subject ever has. Its days are judged days (`as_of`), also those of people's actions."""

    case_id: str
    level: str
    subject: str
    customer_id: str | None
    kpi: str | None
    kind: Kind
    owner_email: str
    owner_why: str
    state: State
    opened_on: date
    due_on: date
    last_seen_on: date
    last_judged_on: date
    started_week: date
    size: float
    size_low: float
    size_high: float
    value_at_stake: float | None
    reason: str
    closed_on: date | None = None
    verdict: Verdict | None = None
    snoozed_until: date | None = None
    held_because: str | None = None
    """Why the night could not judge it: a source on which it rests is late or quarantined."""
    quiet_nights: int = 0
    """Judged nights in a row on which it was not surfaced."""
    news: News | None = None
    started_low: date | None = None
    started_high: date | None = None
    """Mondays between which it began; None where that was not asked."""
    is_drift: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values; days as ISO 8601."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Case":
        """The case whose `to_json` this was; what a later version added takes its default."""
        arguments = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        for name, type_ in _TYPES.items():
            if arguments.get(name) is not None:
                arguments[name] = type_(arguments[name])
        return cls(**arguments)


_TYPES: dict[str, Any] = {
    "kind": Kind,
    "state": State,
    "verdict": Verdict,
    "news": News,
    **dict.fromkeys(
        (
            "opened_on",
            "due_on",
            "last_seen_on",
            "last_judged_on",
            "started_week",
            "started_low",
            "started_high",
            "closed_on",
            "snoozed_until",
        ),
        date.fromisoformat,
    ),
}


@dataclass(frozen=True)
class Event:
    """Something that happened to a case; ``after`` is the case as it then was.

    ``what``: opened, seen, quiet, worse, changed, reassigned, held, released, cleared, reopened, woken, told,
    untold (by a night); acknowledged, snoozed, closed, reopened (by a person).
    """

    what: str
    on: date
    after: Case
    note: str | None = None
    by: str | None = None
    """A person; None when a night did it."""
