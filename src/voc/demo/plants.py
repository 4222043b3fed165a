"""What is planted: contradictions, and decoys that only look like one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.demo.customers import LEGACY_PLAN, MONDAYS, WEEKS, present
from voc.domain.kinds import Kind, Metric

# Sizes are larger than typical, so that a demo shows something; docs/demo.md says so.
FALL, FALL_SPREAD = 3.5, 0.4
"""How far what a customer says falls, mean and sd over customers, in population sd of satisfaction."""
DROP, DROP_SPREAD = 4.5, 0.6
"""How far a KPI moves, mean and sd over customers, in the customer's own weekly sd."""
MIN_ITEMS = 4
"""Feedback items with a reading before and after the start that make a planted case answerable."""

QUIET = 0.3
"""Share of customers too quiet to plant a contradiction on."""
LOW = -0.5
"""Nor on who is less satisfied than this, in population sd: they have little left to fall."""

BUSINESS = ("small business", "mid-market", "enterprise")
KPI_SEGMENTS: dict[str, tuple[str, ...]] = {
    "on_time_rate": BUSINESS,
    "uptime_pct": ("enterprise",),
    "first_reply_hours": ("home", *BUSINESS),
    "usage_gb": ("home", *BUSINESS),
    "invoice_disputes": BUSINESS,
    "monthly_spend": ("home", *BUSINESS),
}
"""The KPIs and whose are measured: nobody visits a home every week, and only dedicated lines are watched by the day."""
MOVABLE = ("on_time_rate", "first_reply_hours", "usage_gb")
"""KPIs that a silent risk may worsen: weekly ones with spread enough for an own weekly sd to mean something."""
UNIT_FACTOR = 60
"""Hours that suddenly arrive as minutes."""

COUNTS: dict[str, int] = {
    Kind.WATERMELON: 14,
    Kind.SILENT_RISK: 10,
    Kind.GAMED_METRIC: 3,
    "agreed_decline": 20,
    "agreed_rise": 10,
    "lone_angry_comment": 15,
    "thin_feedback": 10,
    "recovered": 10,
}
"""Customers a kind; all different. `kpi_unit_change` takes the legacy plan, `seasonal_dip` the company."""
NOT_PLANTED = {
    Kind.SPLIT_BY_TOUCHPOINT: "so rare that a company of 600 would have one whom nobody could tell from chance",
}
"""Kinds of contradiction that the demo does without, and why."""
CONTRADICTIONS = frozenset(kind for kind in Kind if kind in COUNTS)
LOOKS_WELL = frozenset(kind for kind in CONTRADICTIONS if kind.claim.metric is not Metric.WORSENED)
"""Kinds whose metrics look well from outside."""


@dataclass(frozen=True)
class Plant:
    """One planted event. ``customer`` is a row of the customers, None for the whole company; weeks are indices.

    ``sentiment_shift``: of satisfaction as spoken, in population sd. ``kpi_shifts``: per KPI in own weekly sd,
    up is good.
    """

    kind: str
    customer: int | None
    start: int
    end: int = WEEKS
    sentiment_shift: float = 0.0
    kpi_shifts: tuple[tuple[str, float], ...] = ()

    @property
    def kpis(self) -> str:
        """Names of the KPIs that moved by design, joined by '|'."""
        return "|".join(kpi for kpi, _ in self.kpi_shifts)


def plants(
    rng: np.random.Generator, frame: pd.DataFrame, rates: NDArray[np.float64], level: NDArray[np.float64]
) -> list[Plant]:
    """Every planted event. A kind spreads evenly from those who say least to most, so some cases are not answerable;
    contradictions leave out the quietest, of whom nothing could be known, and who is low already.

    rates: items a week. level: usual satisfaction in population sd. Both of shape (N,), as the rows of ``frame``.
    """
    segment = frame["segment"].to_numpy()
    legacy = frame["plan"].to_numpy() == LEGACY_PLAN
    free = np.flatnonzero(present(frame).all(axis=1) & (rates > 0) & ~legacy)
    free = free[np.argsort(rates[free], kind="stable")]
    planted = []
    for kind, count in COUNTS.items():
        audible = free[int(QUIET * len(free)) :]
        among = audible[level[audible] > LOW] if kind in CONTRADICTIONS else free
        drawn = [int(rng.choice(alike)) for alike in np.array_split(among, count)]
        planted += [_plant(rng, kind, who, segment[who]) for who in drawn]
        free = free[~np.isin(free, drawn)]
    switched = int(WEEKS - rng.integers(8, 17))
    planted += [
        Plant("kpi_unit_change", int(who), switched, kpi_shifts=(("first_reply_hours", 0.0),))
        for who in np.flatnonzero(legacy)
    ]
    dip = Plant("seasonal_dip", None, int(np.flatnonzero(in_dip(MONDAYS))[-4]), kpi_shifts=(("usage_gb", 0.0),))
    return [*planted, dip]


def in_dip(mondays: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Weeks of the yearly dip in usage: those whose Monday lies in February, when half the country skis."""
    months: NDArray[np.bool_] = mondays.astype("datetime64[M]").astype(int) % 12 == 1
    return months


def _plant(rng: np.random.Generator, kind: str, who: int, segment: str) -> Plant:
    start = int(WEEKS - rng.integers(6, 21))
    fall, drop = rng.normal(FALL, FALL_SPREAD), rng.normal(DROP, DROP_SPREAD)
    has = [kpi for kpi, segments in KPI_SEGMENTS.items() if segment in segments]
    kpis = [str(kpi) for kpi in rng.permutation([kpi for kpi in MOVABLE if kpi in has])]
    match kind:
        case Kind.WATERMELON:
            return Plant(kind, who, start, sentiment_shift=-fall)
        case Kind.SILENT_RISK:
            return Plant(kind, who, start, kpi_shifts=tuple((kpi, -drop) for kpi in kpis[: rng.integers(1, 3)]))
        case Kind.GAMED_METRIC:  # an auto-responder answers at once and helps nobody
            return Plant(kind, who, start, sentiment_shift=-fall, kpi_shifts=(("first_reply_hours", drop),))
        case "agreed_decline":  # one KPI tells it plainly, the others as unevenly as they do in life
            others = [(kpi, -drop * rng.uniform(0.1, 1)) for kpi in has if kpi != kpis[0]]
            return Plant(kind, who, start, sentiment_shift=-fall, kpi_shifts=((kpis[0], -drop), *others))
        case "agreed_rise":
            return Plant(kind, who, start, sentiment_shift=fall / 2, kpi_shifts=tuple((kpi, drop / 2) for kpi in has))
        case "lone_angry_comment":
            return Plant(kind, who, int(WEEKS - rng.integers(1, 4)))
        case "thin_feedback":
            return Plant(kind, who, start, sentiment_shift=-fall)
        case "recovered":
            start = int(WEEKS - rng.integers(32, 45))
            return Plant(kind, who, start, end=start + int(rng.integers(8, 15)), sentiment_shift=-fall)
    raise ValueError(f"nothing says how to plant {kind}")
