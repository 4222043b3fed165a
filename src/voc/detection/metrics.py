"""What the metrics did: comparable scales, unit changes, and how far each moved since a suspected start."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.panel import Panel
from voc.domain.kpi import Kpi, Unit

Floats = NDArray[np.float64]

MEAN_DEVIATION_TO_SIGMA = 1.2533  # mean absolute deviation of a normal sample -> standard deviation: sqrt(pi / 2)
MEDIAN_TO_MEAN = 1.2533  # standard error of a normal sample's median over that of its mean: sqrt(pi / 2)
LIMIT = 4.0
"""A reading counts at most four own standard deviations, so that one outlier is not a trend; the mean of limited
readings (Huber 1964), since medians of counts and of shares at 1 jump by whole steps."""
CALM_BLOCK = 26
"""Own volatility is measured within half years: a lasting shift then spoils one of them, not all."""
FACTORS: dict[Unit, tuple[float, ...]] = {
    "share": (100,),
    "pct": (100,),
    "count": (1000, 1e6),
    "money": (12, 100, 1000, 1e6),
    "days": (7, 24, 1440, 86400),
    "hours": (24, 60, 3600),
    "minutes": (60, 1440),
    "score": (10, 20, 100),
}
"""By what a reading jumps when its unit changes: percent, thousands, cents, years for months, hours, minutes, seconds,
points out of ten or a hundred. Only its own unit's: nothing else tells a change of unit from a real fivefold rise."""
NEAR = np.log(2)
"""How near to a factor the medians of four readings before and after a jump must come."""
READINGS_A_WEEK = {"daily": 1.0, "weekly": 1.0, "monthly": 12 / 52}


@dataclass(frozen=True)
class Scale:
    """How one metric is read: the ``form`` its values are compared in, and the least volatility a customer is given."""

    form: str
    offset: float
    floor: float


@dataclass(frozen=True)
class Measured:
    """Metrics made comparable, shape (N, K, W): up is good, in the customer's own standard deviations, the company's
    movement of the week removed; NaN where nothing was measured or the metric is no evidence."""

    values: Floats
    unit_changed: NDArray[np.bool_]


def learn_scales(panel: Panel) -> tuple[Scale, ...]:
    """The form and volatility of each metric over all customers."""
    scales = []
    for k, kpi in enumerate(panel.kpis):
        values = panel.kpi_values[:, k]
        form, offset = _form(kpi, values[np.isfinite(values)])
        shaped = _shaped(values, form, offset)
        own = _volatility(shaped)
        scales.append(Scale(form, offset, _floor(own[own > 1e-9], shaped)))
    return tuple(scales)


def measure(panel: Panel, scales: tuple[Scale, ...]) -> Measured:
    """The panel's metrics on comparable scales; a metric whose unit changed is no evidence for that customer."""
    values = np.full_like(panel.kpi_values, np.nan)
    changed = np.zeros(values.shape[:2], bool)
    for k, (kpi, scale) in enumerate(zip(panel.kpis, scales, strict=True)):
        raw = panel.kpi_values[:, k]
        changed[:, k] = _unit_changed(raw, np.log(FACTORS[kpi.unit]))
        shaped = np.where(changed[:, k, None], np.nan, _shaped(raw, scale.form, scale.offset) * kpi.sign)
        own = np.maximum(_volatility(shaped), scale.floor)
        z = (shaped - median(shaped, 1)[:, None]) / own[:, None]
        values[:, k] = np.clip(z - median(z, 0)[None], -LIMIT, LIMIT)
    return Measured(values, changed)


def moves(
    measured: Measured, kpis: tuple[Kpi, ...], end: int, onsets: tuple[int, ...], lookback: int, weeks_before: int
) -> Floats:
    """Mean of the readings after minus before each start, shape (N, K, O), in own standard deviations; NaN where too
    little was measured: half the readings due since the start and ``weeks_before`` weeks' worth before it."""
    x = measured.values[:, :, max(0, end - lookback) : end]
    due = np.array([READINGS_A_WEEK[kpi.cadence] for kpi in kpis])
    out = np.full((*x.shape[:2], len(onsets)), np.nan)
    for o, onset in enumerate(onsets):
        if x.shape[2] <= onset:
            continue
        after, before = x[:, :, -onset:], x[:, :, :-onset]
        enough = (np.isfinite(after).sum(2) >= np.maximum(1, np.floor(onset * due / 2))) & (
            np.isfinite(before).sum(2) >= np.floor(weeks_before * due)
        )
        out[:, :, o] = np.where(enough, mean(after) - mean(before), np.nan)
    return out


def level(panel: Panel, end: int, onset: int) -> Floats:
    """Median of each metric since a start in its own unit, shape (N, K)."""
    return median(panel.kpi_values[:, :, max(0, end - onset) : end], 2)


def around(
    panel: Panel, customer: NDArray[np.int64], kpi: NDArray[np.int64], onset: NDArray[np.int64], lookback: int
) -> tuple[Floats, Floats, Floats]:
    """Medians of one metric before and after a start in its own unit, and the standard error of their difference.

    Each (F,); NaN where ``kpi`` is −1 or too little was measured. The error is that of medians of independent normal
    readings (Kenney and Keeping 1962), their spread that around the two medians; weeks that hang together widen it.
    """
    values = panel.kpi_values[customer, np.maximum(kpi, 0), -lookback:]
    since = np.arange(values.shape[1]) >= values.shape[1] - onset[:, None]
    named = (kpi >= 0)[:, None]
    parts = [np.where(named & part, values, np.nan) for part in (~since, since)]
    before, after = (median(part, 1) for part in parts)
    n_before, n_after = (np.isfinite(part).sum(1) for part in parts)
    around = np.concatenate([parts[0] - before[:, None], parts[1] - after[:, None]], axis=1)
    spread = MEAN_DEVIATION_TO_SIGMA * mean(np.abs(around))
    n = np.where(np.minimum(n_before, n_after) > 0, n_before * n_after / np.maximum(n_before + n_after, 1), np.nan)
    return before, after, MEDIAN_TO_MEAN * spread / np.sqrt(n)


def _form(kpi: Kpi, seen: Floats) -> tuple[str, float]:
    """Logarithm for amounts, arcsine for shares (0 and 1 are ordinary); scores and what breaks these rules stay."""
    if not seen.size:
        return "plain", 0.0
    top = {"share": 1.0, "pct": 100.0}.get(kpi.unit)
    if top is not None:
        # a few readings beyond the ends are faults, many are a share of something else
        return ("arcsine", top) if np.mean((seen < 0) | (seen > top)) < 0.01 else ("plain", 0.0)
    if kpi.unit == "score" or seen.min() < 0:
        return "plain", 0.0
    positive = seen[seen > 0]
    if not positive.size:
        return "plain", 0.0
    return "log", float(np.quantile(positive, 0.05)) / 2 if seen.min() == 0 else 0.0


def _shaped(values: Floats, form: str, offset: float) -> Floats:
    if form == "arcsine":
        return np.asarray(np.arcsin(np.sqrt(np.clip(values / offset, 0, 1))), dtype=float)
    if form == "log":
        above = values + offset
        return np.log(above, out=np.full_like(values, np.nan), where=above > 0)
    return values


def _floor(own: Floats, shaped: Floats) -> float:
    """The calmest tenth of customers; where most weeks are alike for everybody, the plain standard deviation."""
    if own.size:
        return float(np.quantile(own, 0.1))
    around = shaped - median(shaped, 1)[:, None]
    seen = around[np.isfinite(around)]
    return float(seen.std()) or 1.0 if seen.size else 1.0


def _volatility(x: Floats) -> Floats:
    """Own standard deviation, shape (N,), 0 unmeasured: the median over half years of the mean deviation within each.

    Not the median deviation: it is 0 for a metric that is 0 or 1 most weeks, and makes marvels of its ordinary weeks.
    """
    n, w = x.shape
    block = min(CALM_BLOCK, w) or 1
    blocks = x[:, w % block :].reshape(n, w // block, block)
    blocks = np.where(np.isfinite(blocks).sum(2, keepdims=True) >= 3, blocks, np.nan)
    return np.nan_to_num(MEAN_DEVIATION_TO_SIGMA * median(mean(np.abs(blocks - median(blocks, 2)[:, :, None])), 1))


def _unit_changed(raw: Floats, factors: Floats) -> NDArray[np.bool_]:
    """Customers, shape (N,), whose readings once jumped by a known factor from one to the next and stayed there."""
    row, week = np.nonzero(np.isfinite(raw) & (raw > 0))
    log = np.log(raw[row, week])
    jump = np.diff(log, prepend=log[:1])
    at = np.flatnonzero(np.abs(jump) > factors.min() / 2)
    at = at[(at >= 4) & (at + 4 <= len(log))]
    at = at[(row[at - 4] == row[at]) & (row[at + 3] == row[at])]
    past, next_ = log[at[:, None] + np.arange(-4, 0)], log[at[:, None] + np.arange(4)]
    size = np.abs(np.median(next_, 1) - np.median(past, 1))
    near = (np.abs(size[:, None] - factors) < NEAR).any(1)
    steady = np.maximum(np.ptp(past, 1), np.ptp(next_, 1)) < size / 2
    out = np.zeros(len(raw), bool)
    out[row[at[near & steady]]] = True
    return out


def mean(x: Floats) -> Floats:
    """Mean of what is there along the last axis, NaN where nothing is."""
    there = np.isfinite(x)
    n = there.sum(axis=-1)
    total = np.where(there, x, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0), dtype=float)


def median(x: Floats, axis: int) -> Floats:
    """Median of what is there along one axis, NaN where nothing is; one sort, which is faster than `nanmedian`."""
    if not x.shape[axis]:
        return np.full(x.shape[:axis] + x.shape[axis + 1 :], np.nan)
    ordered = np.sort(x, axis=axis)
    n = np.isfinite(x).sum(axis=axis, keepdims=True)
    low, high = np.maximum((n - 1) // 2, 0), np.minimum(n // 2, x.shape[axis] - 1)
    middle = (np.take_along_axis(ordered, low, axis) + np.take_along_axis(ordered, high, axis)) / 2
    return np.asarray(np.where(n > 0, middle, np.nan).squeeze(axis), dtype=float)
