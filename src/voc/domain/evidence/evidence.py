"""Why a contradiction is believed or not: its evidence as data, nothing in it a customer's own words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voc.domain.cases.case import Case
from voc.domain.cases.case_view import Values
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi


@dataclass(frozen=True)
class Series:
    """A value a week, oldest first, with its 95 % interval; weeks without a value are left out."""

    weeks: tuple[date, ...] = ()
    value: tuple[float, ...] = ()
    low: Values = ()
    high: Values = ()


@dataclass(frozen=True)
class WeighedHypothesis:
    """A hypothesis of how it came about, with its posterior weight in [0, 1]."""

    name: str
    weight: float


@dataclass(frozen=True)
class Rival:
    """Something simpler that could explain it, and whether it does."""

    name: str
    statistic: float | None
    verdict: Plausibility
    sentence: str


@dataclass(frozen=True)
class LeftOut:
    """The score, and its range when any one message (of a group: any one customer) is left out."""

    score: float
    low: float
    high: float


@dataclass(frozen=True)
class Item:
    """A message by its id, and how much it moves the score; positive is towards the contradiction."""

    feedback_id: str
    moved: float


@dataclass(frozen=True)
class Member:
    """A customer of a group, and its share of the group's evidence."""

    customer_id: str
    name: str
    share: float


@dataclass(frozen=True)
class Theme:
    """A sentence on a theme that grew, with typical messages of it; or the sentence that none grew."""

    sentence: str
    items: tuple[str, ...] = ()
    """Ids of feedback."""


@dataclass(frozen=True)
class Evidence:
    """What was tested of a subject, a metric and a kind, and what speaks for and against it, as of a published night.

    said: sentiment in [−1, 1] of the weeks with messages, without what all customers had in common. expected: the same
    as predicted from the metrics and its own past. metric: measured weeks in its own unit. All three are empty where it
    was neither surfaced nor explained.
    """

    contradiction_id: str
    level: str
    subject: str
    name: str
    kind: Kind
    kpi: Kpi | None
    started_week: date
    started_low: date | None
    started_high: date | None
    as_of: date
    reason: str
    n_items: int | None
    n_items_before: int | None
    sentiment_change: float | None
    sentiment_change_low: float | None
    sentiment_change_high: float | None
    """With its 95 % interval."""
    q_value: float | None
    is_surfaced: bool
    explained_by: str | None
    """The rival that explains it; None where none does."""
    kpi_before: float | None
    kpi_after: float | None
    said: Series
    expected: Series
    metric: Series
    left_out: LeftOut | None
    stories: tuple[WeighedHypothesis, ...]
    """The likeliest first."""
    rivals: tuple[Rival, ...]
    """Those that explain it first, those that are ruled out last."""
    items: tuple[Item, ...]
    members: tuple[Member, ...]
    themes: tuple[Theme, ...]
    """Those that grew most first; one where none grew, none where nothing was read."""

    @property
    def is_of_a_group(self) -> bool:
        """Whether it rests on several customers."""
        return self.level != "customer"

    @property
    def is_found(self) -> bool:
        """Whether there is evidence: it is surfaced, or explained otherwise."""
        return self.is_surfaced or self.explained_by is not None

    @property
    def weeks(self) -> tuple[date, ...]:
        """Every Monday from the first week of a series to the last."""
        dated = sorted({*self.said.weeks, *self.expected.weeks, *self.metric.weeks})
        n = (dated[-1] - dated[0]).days // 7 + 1 if dated else 0
        return tuple(dated[0] + timedelta(weeks=i) for i in range(n))


@dataclass(frozen=True)
class Coverage:
    """Whether a customer could be judged, and if not, why not."""

    state: str
    why: str
    n_items_recent: int
    n_items_before: int
    last_feedback_at: datetime | None
    """UTC."""


@dataclass(frozen=True)
class Unheard:
    """A customer whose metric worsened while nobody heard from it; listed, not tested."""

    customer_id: str
    name: str
    kpi: Kpi
    started_week: date
    kpi_before: float
    kpi_after: float
    n_items_before: int
    last_feedback_at: datetime | None
    last_invited_at: datetime | None
    """Both UTC."""
    was_asked: bool
    """Whether it was invited after its last message."""
    monthly_revenue: float | None
    owner_email: str | None


@dataclass(frozen=True)
class Explained:
    """Everything a night knows of one subject."""

    level: str
    subject: str
    name: str
    as_of: date
    case: Case | None
    evidence: Evidence | None
    """Of the contradiction asked for; None where nothing was tested."""
    others: tuple[Evidence, ...]
    """What else was surfaced or explained of the subject."""
    n_tested: int
    coverage: Coverage | None
    """None above customer level."""
    fell_silent: Unheard | None
    nobody_asked: Unheard | None
