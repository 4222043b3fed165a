"""Metrics made comparable: units undone, one scale, the company's and groups' movement of the week taken out."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs import kpi_scales
from voc.detection.inputs.kpi_scales import CALMEST, READING_LIMIT, STILL, Scale, median
from voc.detection.panel import Panel
from voc.domain.kpi import Kpi, Unit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNIT_FACTORS: dict[Unit, tuple[float, ...]] = {
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
JUMP_READINGS = 5
"""Readings before and after a jump whose medians are compared, of which one at each end may be an outlier."""
FACTOR_TOLERANCE = np.log(2)
"""How near to a factor they must come."""
LEAST_READINGS = 3
"""Readings of half a year from which its scatter is told."""
LEAST_GROUP_READINGS = 40
"""Readings of a week from which a group's median is taken: its error is then a fifth of a customer's own spread."""


def learn_scales(panel: Panel) -> tuple[Scale, ...]:
    """The form and volatility of each metric over all customers."""
    out = []
    for k, kpi in enumerate(panel.kpis):
        values = undo_units(panel.kpi_values[:, k], kpi)[0]
        scale = kpi_scales.form_of(kpi, values)
        x = kpi_scales.shaped(kpi, scale, values)
        out.append(replace(scale, floor=_floor(kpi_scales.spread(x, _middle), x)))
    return tuple(out)


def comparable(panel: Panel, k: int, scale: Scale) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Metric ``k``, shape (N, W): up is good, in the customer's own standard deviations, units undone, what the company
    and then each group had in common taken out; that common part, same shape; and whose unit changed, shape (N,).

    NaN where nothing was measured.
    """
    kpi = panel.kpis[k]
    raw, changed = undo_units(panel.kpi_values[:, k], kpi)
    x = kpi_scales.shaped(kpi, scale, raw)
    own = np.maximum(kpi_scales.spread(x, _middle), scale.floor)
    z = (x - median(x)[:, None]) / own[:, None]
    common = np.broadcast_to(np.nan_to_num(median(z, 0)), z.shape).copy()
    for code in panel.group:
        for group in range(int(code.max(initial=-1)) + 1):
            if (rows := np.flatnonzero(code == group)).size >= LEAST_GROUP_READINGS:
                common[rows] += np.nan_to_num(median(z[rows] - common[rows], 0))
    return np.clip(z - common, -READING_LIMIT, READING_LIMIT), common, changed


def shaped(panel: Panel, k: int, scale: Scale) -> Floats:
    """Metric ``k``, shape (N, W), in the form its values are compared in: up is good, units undone."""
    return kpi_scales.shaped(panel.kpis[k], scale, undo_units(panel.kpi_values[:, k], panel.kpis[k])[0])


def undo_units(raw: Floats, kpi: Kpi) -> tuple[Floats, NDArray[np.bool_]]:
    """``raw`` (N, W) in the unit of each customer's first readings, and whose unit changed, shape (N,)."""
    row, week, size = unit_jumps(raw, kpi)
    if not row.size:
        return raw, np.zeros(len(raw), bool)
    factor = np.zeros(raw.shape)
    np.add.at(factor, (row, week), size)
    changed = np.zeros(len(raw), bool)
    changed[row] = True
    return np.where(changed[:, None], raw * np.exp(-np.cumsum(factor, axis=1)), raw), changed


def unit_jumps(raw: Floats, kpi: Kpi, side: int = JUMP_READINGS, outliers: int = 1) -> tuple[Ints, Ints, Floats]:
    """Row, week and signed log factor of every jump by a known factor from one reading of ``raw`` (N, W) to the next
    that stayed.

    side: readings before and after a jump whose medians are compared. All of a side lie together, but for as many as
    ``outliers`` at the top and at the bottom.
    """
    factors = np.log(UNIT_FACTORS[kpi.unit])
    row, week = np.nonzero(np.isfinite(raw) & (raw > 0))
    log = np.log(raw[row, week])
    jump = np.diff(log, prepend=log[:1])
    at = np.flatnonzero(np.abs(jump) > factors.min() / 2)
    at = at[(at >= side) & (at + side <= len(log))]
    at = at[(row[at - side] == row[at]) & (row[at + side - 1] == row[at])]
    past, next_ = np.sort(log[at[:, None] + np.arange(-side, 0)], 1), np.sort(log[at[:, None] + np.arange(side)], 1)
    moved = np.median(next_, 1) - np.median(past, 1)
    size = np.abs(moved)
    nearest = factors[np.abs(size[:, None] - factors).argmin(1)] if at.size else size
    of_both = (np.ptp(of[:, outliers : side - outliers], axis=1) for of in (past, next_))
    steady = np.maximum(*of_both) < size / 2
    known = np.flatnonzero(steady & (np.abs(size - nearest) < FACTOR_TOLERANCE))
    # readings near to one change, as of the week it fell into, look like changes too: the largest jump is the change
    apart = (np.diff(at[known], prepend=-side) >= side) | (np.diff(row[at[known]], prepend=-1) != 0)
    order = np.lexsort((-np.abs(jump[at[known]]), np.cumsum(apart)))
    known = known[order[apart]]
    return row[at[known]], week[at[known]], np.sign(moved[known]) * nearest[known]


def _floor(own: Floats, x: Floats) -> float:
    """The calmest tenth of customers; where most weeks are alike for everybody, the plain standard deviation."""
    own = own[own > STILL]
    if own.size:
        return float(np.quantile(own, CALMEST))
    around = x - median(x)[:, None]
    seen = around[np.isfinite(around)]
    return float(seen.std()) or 1.0 if seen.size else 1.0


def _middle(x: Floats) -> Floats:
    """Median along the last axis, which an outlier does not move; NaN of too few readings to tell a scatter."""
    return np.where(np.isfinite(x).sum(-1) >= LEAST_READINGS, median(x), np.nan)
