"""How clearly a group's metric jumped in each week."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import norm, t

from voc.detection.inputs.kpi_scales import READING_LIMIT, median

Floats = NDArray[np.float64]

SPAN = 8
"""Weeks on each side that a step is measured over: two readings of a monthly metric."""
FALSE_SHIFT_RATE = 0.05
"""Probability that any week of any group of a metric without a shift is taken for one (Bonferroni over both)."""
SHARP = 0.5
"""Share of a step that one week must bring: a change in how something is counted starts on a day, and of what happens
gradually over more than two weeks no week brings half."""


def clearness(member: csr_array, z: Floats) -> Floats:
    """How many times the limit of chance each group's step in each week is, shape (groups, W); 0 unless it is sharp.

    Against the robust spread of the group's own steps at all weeks, which holds its shocks too, on as many degrees of
    freedom as there are separate spans of weeks.
    """
    is_finite = np.isfinite(z)
    n = member @ is_finite.astype(float)
    total = member @ np.where(is_finite, np.clip(z, -READING_LIMIT, READING_LIMIT), 0.0)
    series = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
    size, clarity = _sizes(series)
    freedom = max(series.shape[1] / SPAN - 1, 1)
    chance = t.isf(FALSE_SHIFT_RATE / 2 / max(size.size, 1), freedom) * median(np.abs(clarity)) / norm.isf(0.25)
    ratio = np.abs(clarity) / np.maximum(chance, 1e-9)[:, None]
    is_sharp = _jumps(series) * np.sign(size) >= SHARP * np.abs(size)
    return np.asarray(np.where(is_sharp, np.nan_to_num(ratio), 0.0), dtype=float)


def _sizes(series: Floats) -> tuple[Floats, Floats]:
    """For each week the mean of the span from it minus that of the span before, and the same by its precision."""
    is_finite = np.isfinite(series)
    sums = np.cumsum(np.pad(np.where(is_finite, series, 0.0), ((0, 0), (1, 0))), axis=1)
    counts = np.cumsum(np.pad(is_finite.astype(float), ((0, 0), (1, 0))), axis=1)
    weeks = series.shape[1]
    week = np.arange(weeks)
    low, high = np.maximum(week - SPAN, 0), np.minimum(week + SPAN, weeks)
    a, b = counts[:, high] - counts[:, week], counts[:, week] - counts[:, low]
    is_known = (a > 0) & (b > 0) & (np.minimum(high - week, week - low) >= SPAN / 2)
    n_a, n_b = np.where(is_known, a, 1), np.where(is_known, b, 1)
    size = (sums[:, high] - sums[:, week]) / n_a - (sums[:, week] - sums[:, low]) / n_b
    size = np.where(is_known, size, np.nan)
    return size, size * np.sqrt(n_a * n_b / (n_a + n_b))


def _jumps(series: Floats) -> Floats:
    """For each week its first reading from then on minus the last before, NaN without one of them."""
    weeks = series.shape[1]
    week = np.arange(weeks)
    is_finite = np.isfinite(series)
    last = np.maximum.accumulate(np.where(is_finite, week, -1), axis=1)
    next_ = np.minimum.accumulate(np.where(is_finite, week, weeks)[:, ::-1], axis=1)[:, ::-1]
    last = np.pad(last, ((0, 0), (1, 0)), constant_values=-1)[:, :weeks]
    padded = np.pad(series, ((0, 0), (0, 1)), constant_values=np.nan)
    return np.asarray(np.take_along_axis(padded, next_, 1) - np.take_along_axis(padded, last, 1), dtype=float)
