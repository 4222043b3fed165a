"""Metrics made comparable: units undone, one scale, the company's and groups' movement of the week taken out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.panel import Panel
from voc.domain.kpi import Kpi, Unit

Floats = NDArray[np.float64]

MEAN_DEVIATION_TO_SIGMA = 1.2533  # mean absolute deviation of a normal sample -> standard deviation: sqrt(pi / 2)
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
SIDE = 5
"""Readings before and after a jump whose medians are compared."""
NEAR = np.log(2)
"""How near to a factor they must come."""
PEERS = 40
"""Readings of a week from which a group's median is taken: its error is then a fifth of a customer's own spread."""


@dataclass(frozen=True)
class Scale:
    """How one metric is read: the ``form`` its values are compared in, and the least volatility a customer is given."""

    form: str
    offset: float
    floor: float


def learn_scales(panel: Panel) -> tuple[Scale, ...]:
    """The form and volatility of each metric over all customers."""
    scales = []
    for k, kpi in enumerate(panel.kpis):
        values = undo_units(panel.kpi_values[:, k], kpi)[0]
        form, offset = _form(kpi, values[np.isfinite(values)])
        x = _shaped(values, form, offset)
        own = _volatility(x)
        scales.append(Scale(form, offset, _floor(own[own > 1e-9], x)))
    return tuple(scales)


def comparable(panel: Panel, k: int, scale: Scale) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Metric ``k``, shape (N, W): up is good, in the customer's own standard deviations, units undone, what the company
    and then each group had in common taken out; that common part, same shape; and whose unit changed, shape (N,).

    NaN where nothing was measured.
    """
    kpi = panel.kpis[k]
    raw, changed = undo_units(panel.kpi_values[:, k], kpi)
    x = _shaped(raw, scale.form, scale.offset) * kpi.sign
    own = np.maximum(_volatility(x), scale.floor)
    z = (x - median(x, 1)[:, None]) / own[:, None]
    common = np.broadcast_to(np.nan_to_num(median(z, 0)), z.shape).copy()
    for code in panel.group:
        for group in range(int(code.max(initial=-1)) + 1):
            if (rows := np.flatnonzero(code == group)).size >= PEERS:
                common[rows] += np.nan_to_num(median(z[rows] - common[rows], 0))
    return np.clip(z - common, -LIMIT, LIMIT), common, changed


def shaped(panel: Panel, k: int, scale: Scale) -> Floats:
    """Metric ``k``, shape (N, W), in the form its values are compared in: up is good, units undone."""
    raw = undo_units(panel.kpi_values[:, k], panel.kpis[k])[0]
    return np.asarray(_shaped(raw, scale.form, scale.offset) * panel.kpis[k].sign, dtype=float)


def undo_units(raw: Floats, kpi: Kpi) -> tuple[Floats, NDArray[np.bool_]]:
    """``raw`` (N, W) in the unit of each customer's first readings, and whose unit changed, shape (N,)."""
    row, week, size = _unit_jumps(raw, np.log(FACTORS[kpi.unit]))
    if not row.size:
        return raw, np.zeros(len(raw), bool)
    factor = np.zeros(raw.shape)
    np.add.at(factor, (row, week), size)
    changed = np.zeros(len(raw), bool)
    changed[row] = True
    return np.where(changed[:, None], raw * np.exp(-np.cumsum(factor, axis=1)), raw), changed


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


def _floor(own: Floats, x: Floats) -> float:
    """The calmest tenth of customers; where most weeks are alike for everybody, the plain standard deviation."""
    if own.size:
        return float(np.quantile(own, 0.1))
    around = x - median(x, 1)[:, None]
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


def _unit_jumps(raw: Floats, factors: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Customer, week and signed log factor of every jump by a known factor from one reading to the next that stayed."""
    row, week = np.nonzero(np.isfinite(raw) & (raw > 0))
    log = np.log(raw[row, week])
    jump = np.diff(log, prepend=log[:1])
    at = np.flatnonzero(np.abs(jump) > factors.min() / 2)
    at = at[(at >= SIDE) & (at + SIDE <= len(log))]
    at = at[(row[at - SIDE] == row[at]) & (row[at + SIDE - 1] == row[at])]
    past, next_ = np.sort(log[at[:, None] + np.arange(-SIDE, 0)], 1), np.sort(log[at[:, None] + np.arange(SIDE)], 1)
    moved = np.median(next_, 1) - np.median(past, 1)
    size = np.abs(moved)
    nearest = factors[np.abs(size[:, None] - factors).argmin(1)] if at.size else size
    # the lowest and the highest reading of a side may be outliers
    steady = np.maximum(np.ptp(past[:, 1:-1], 1), np.ptp(next_[:, 1:-1], 1)) < size / 2
    known = np.flatnonzero(steady & (np.abs(size - nearest) < NEAR))
    # readings near to one change, as of the week it fell into, look like changes too: the largest jump is the change
    apart = (np.diff(at[known], prepend=-SIDE) >= SIDE) | (np.diff(row[at[known]], prepend=-1) != 0)
    order = np.lexsort((-np.abs(jump[at[known]]), np.cumsum(apart)))
    known = known[order[apart]]
    return row[at[known]], week[at[known]], np.sign(moved[known]) * nearest[known]


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
