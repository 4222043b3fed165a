"""KPI normalisation: changes of unit undone, one scale, the company's and groups' movement of each week taken out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs import kpi_scales
from voc.detection.inputs.kpi_scales import FLOOR_QUANTILE, READING_LIMIT, STILL, Scale, median
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
"""Factors by which a reading jumps when its unit changes: percent, thousands, cents, years for months, hours, minutes,
seconds, points out of ten or a hundred. Only those of the metric's own unit count: nothing else tells a change of unit
from a real fivefold rise."""
YOUNG = 26
"""Choice: weeks since its first reading in which a metric may grow a thousandfold by itself."""
MOVED_TOO = np.log(2.5)
"""Choice: another metric that is two and a half times as large or small in the same weeks moved too."""
EVENT_WEEKS = 9
"""Weeks before and after a jump whose medians tell whether another metric moved: two readings of a monthly one."""
LEAST_TOGETHER, TOGETHER = 2, 0.05
"""Choice: other customers, and the part of all that are measured, that jump by the same factor within a week where
the unit changed for many."""
JUMP_READINGS = 5
"""Choice: readings before and after a jump whose medians are compared; the extremes of each side may be outliers."""
FACTOR_TOLERANCE = np.log(2)
"""Choice: largest distance between the logarithms of a jump and of a known factor."""
LEAST_READINGS = 3
"""Readings of half a year without which its scatter is not estimated."""
LEAST_GROUP_READINGS = 40
"""Members that a group needs for its median of a week to be taken out: the median's error is then a fifth of a
customer's own spread."""


@dataclass(frozen=True)
class Readings:
    """The panel's metrics, each customer's in the unit of its first readings; made once and handed down.

    Attributes
    ----------
    values : tuple of ndarray of float, shape (N, W), length K
        The panel's own arrays for metrics of which no unit changed, so at most one copy of the panel's values.
    unit_changed : ndarray of bool, shape (N, K)
        Whether the unit of the customer's metric changed, which was undone.
    launched : ndarray of bool, shape (N, K)
        Whether the metric jumped as by another unit, and was left alone as it may well have happened.
    """

    values: tuple[Floats, ...]
    unit_changed: NDArray[np.bool_]
    launched: NDArray[np.bool_]


def correct_units(panel: Panel) -> Readings:
    """The readings of the panel with changes of unit undone."""
    unit_changed, launched = np.zeros((2, *panel.kpi_values.shape[:2]), bool)
    values = []
    for k, kpi in enumerate(panel.kpis):
        row, week, size = unit_jumps(panel.kpi_values[:, k], kpi)
        is_unit = is_change_of_unit(panel, k, row, week, size)
        launched[row[~is_unit], k] = True
        corrected, unit_changed[:, k] = undo_units(panel.kpi_values[:, k], row[is_unit], week[is_unit], size[is_unit])
        values.append(corrected)
    return Readings(tuple(values), unit_changed, launched)


def is_change_of_unit(panel: Panel, k: int, row: Ints, week: Ints, size: Floats) -> NDArray[np.bool_]:
    """Which of the jumps of metric ``k``, as of `unit_jumps`, are of its unit and not of what it measures, (J,).

    A new unit comes for many customers in one week. A jump of a single one is no new unit in the first half year of
    its readings, when what is launched grows a thousandfold, nor when another of its metrics moved as well, which no
    unit can do.
    """
    kinds = np.unique(np.round(size, 6), return_inverse=True)[1]  # factors and their direction
    n = np.zeros((int(kinds.max(initial=0)) + 1, len(panel.weeks) + 2))
    np.add.at(n, (kinds, week + 1), 1)
    together = sum(n[kinds, week + 1 + apart] for apart in (-1, 0, 1))
    measured = np.isfinite(panel.kpi_values[:, k])
    is_shared = np.asarray(together) - 1 >= np.maximum(LEAST_TOGETHER, TOGETHER * np.count_nonzero(measured.any(1)))
    is_young = week - measured[row].argmax(1) < YOUNG
    others_moved = np.zeros(row.size, bool)
    near = np.arange(-EVENT_WEEKS, EVENT_WEEKS)
    at = np.clip(week[:, None] + near, 0, len(panel.weeks) - 1)
    outside = week[:, None] + near != at
    for other in range(len(panel.kpis)):
        if other != k:
            values = np.where(outside, np.nan, panel.kpi_values[row[:, None], other, at])
            log = np.log(np.where(values > 0, values, np.nan))
            step = median(log[:, EVENT_WEEKS:]) - median(log[:, :EVENT_WEEKS])
            others_moved |= np.abs(np.nan_to_num(step)) > MOVED_TOO
    return np.asarray(is_shared | ~(is_young | others_moved))


def learn_scales(panel: Panel, readings: Readings) -> tuple[Scale, ...]:
    """The form and volatility of each metric over all customers."""
    scales = []
    for kpi, values in zip(panel.kpis, readings.values, strict=True):
        scale = kpi_scales.form_of(kpi, values)
        x = kpi_scales.shaped(kpi, scale, values)
        scales.append(replace(scale, floor=_floor(kpi_scales.spread(x, _middle), x)))
    return tuple(scales)


def comparable(panel: Panel, readings: Readings, k: int, scale: Scale) -> tuple[Floats, Floats]:
    """Metric ``k`` made comparable between customers, and the movement they have in common, each (N, W).

    The first counts up as good, in the customer's own standard deviations, less the common movement of the company and
    then of each group. NaN where nothing was measured. The second is finite everywhere.
    """
    x = kpi_scales.shaped(panel.kpis[k], scale, readings.values[k])
    own = np.maximum(kpi_scales.spread(x, _middle), scale.floor)
    z = (x - median(x)[:, None]) / own[:, None]
    common = np.broadcast_to(np.nan_to_num(median(z, 0)), z.shape).copy()
    for code in panel.group:
        for group in range(int(code.max(initial=-1)) + 1):
            if (rows := np.flatnonzero(code == group)).size >= LEAST_GROUP_READINGS:
                common[rows] += np.nan_to_num(median(z[rows] - common[rows], 0))
    return np.clip(z - common, -READING_LIMIT, READING_LIMIT), common


def undo_units(raw: Floats, row: Ints, week: Ints, size: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """``raw`` (N, W) in the unit of each customer's first readings, and whose unit changed, shape (N,).

    row, week, size: jumps as of `unit_jumps`.
    """
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

    side: readings before and after a jump whose medians are compared. The readings of a side must lie together, except
    for as many as ``outliers`` at the top and at the bottom.
    """
    factors = np.log(UNIT_FACTORS[kpi.unit])
    row, week = np.nonzero(np.isfinite(raw) & (raw > 0))
    log = np.log(raw[row, week])
    jump = np.diff(log, prepend=log[:1])
    first = np.flatnonzero(np.abs(jump) > factors.min() / 2)  # readings that may be the first in a new unit
    first = first[(first >= side) & (first + side <= len(log))]
    first = first[(row[first - side] == row[first]) & (row[first + side - 1] == row[first])]
    before = np.sort(log[first[:, None] + np.arange(-side, 0)], 1)
    after = np.sort(log[first[:, None] + np.arange(side)], 1)
    moved = np.median(after, 1) - np.median(before, 1)
    size = np.abs(moved)
    nearest = factors[np.abs(size[:, None] - factors).argmin(1)] if first.size else size
    ranges = (np.ptp(readings[:, outliers : side - outliers], axis=1) for readings in (before, after))
    steady = np.maximum(*ranges) < size / 2
    matching = np.flatnonzero(steady & (np.abs(size - nearest) < FACTOR_TOLERANCE))
    # readings near to one change, as of the week it fell into, look like changes too: the largest jump is the change
    apart = (np.diff(first[matching], prepend=-side) >= side) | (np.diff(row[first[matching]], prepend=-1) != 0)
    order = np.lexsort((-np.abs(jump[first[matching]]), np.cumsum(apart)))
    matching = matching[order[apart]]
    return row[first[matching]], week[first[matching]], np.sign(moved[matching]) * nearest[matching]


def _floor(own: Floats, x: Floats) -> float:
    """A low quantile of customers' spreads; the plain standard deviation where most weeks are alike for everybody."""
    own = own[own > STILL]
    if own.size:
        return float(np.quantile(own, FLOOR_QUANTILE))
    around = x - median(x)[:, None]
    measured = around[np.isfinite(around)]
    return float(measured.std()) or 1.0 if measured.size else 1.0


def _middle(x: Floats) -> Floats:
    """Median along the last axis, which an outlier does not move; NaN of too few readings to estimate a scatter."""
    return np.where(np.isfinite(x).sum(-1) >= LEAST_READINGS, median(x), np.nan)
