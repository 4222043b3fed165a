"""A case as a mail or the report shows it: its words, its numbers, and the two trends on one axis of weeks."""

from dataclasses import dataclass
from datetime import date

from voc.domain.cases.case import State, Verdict
from voc.domain.cases.trust import Trust
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Trends:
    """Complete weeks, oldest first, all of one length; None where nothing was said or measured.

    sentiment in [−1, 1] with its 95 % interval; kpi in the metric's own unit; imputed values are drawn, never evidence.
    """

    weeks: tuple[date, ...]
    sentiment: Values
    sentiment_low: Values
    sentiment_high: Values
    n_feedback: tuple[int, ...]
    kpi: Values
    is_imputed: tuple[bool, ...]


@dataclass(frozen=True)
class CaseView:
    """Everything that is shown of one case, as of a published night. Nothing in it is a customer's own words."""

    case_id: str
    as_of: date
    level: str
    subject: str
    name: str
    segment: str | None
    region: str | None
    plan: str | None
    kind: Kind
    kpi: Kpi | None
    state: State
    owner_email: str
    owner_why: str
    opened_on: date
    due_on: date
    last_seen_on: date
    closed_on: date | None
    verdict: Verdict | None
    held_because: str | None
    started_week: date
    started_low: date | None
    started_high: date | None
    is_drift: bool
    reason: str
    value_at_stake: float | None
    currency: str
    presumed_wrong: str | None
    # of tonight's test of its subject, if it is of the same time, else None; those of the metric and the agreeing
    # metrics only where the test is of the same metric and kind
    n_items: int | None
    """Those of one person on one touchpoint in one week counted once, as in the test."""
    n_items_before: int | None
    sentiment_change: float | None
    sentiment_change_low: float | None
    sentiment_change_high: float | None
    kpi_change: float | None
    kpi_change_low: float | None
    kpi_change_high: float | None
    q_value: float | None
    agreeing_kpis: tuple[str, ...]
    """Labels of metrics that agree with the feedback."""
    trust: Trust | None
    trends: Trends
    tonight: str | None = None
    """The event by which tonight changed it; None where nothing changed."""
    n_restated: int = 0
    """Readings of its metric that differ from those of an earlier file."""
    sentiment_before: float | None = None
    sentiment_after: float | None = None
    kpi_before: float | None = None
    kpi_after: float | None = None
    """The levels that tonight's test compared; None where it was not tested tonight."""
