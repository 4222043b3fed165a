"""KPI scales: the form in which a metric's readings are compared, and how much a customer's own readings scatter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voc.domain.kpi import Kpi

Floats = NDArray[np.float64]
Centre = Callable[[Floats], Floats]
"""From readings (..., W) to the middle of each row, (...)."""

READING_LIMIT = 4.0
"""A reading counts at most four own standard deviations, so that one outlier is not a trend. Means of limited readings
are used (Huber 1964), since medians of counts and of shares at 1 jump by whole steps."""
TO_SIGMA = 1.2533  # mean absolute deviation of a normal sample -> standard deviation: sqrt(pi / 2)
HALF_YEAR = 26
"""Weeks within which own scatter is measured: a lasting shift then spoils one of them, not all."""
FLOOR_QUANTILE = 0.1
"""Quantile of customers' spreads that is the least any customer is given: a metric that stood still has not shown its
spread."""
STILL = 1e-9
"""A spread below it is rounding: the metric stood still."""
FAULTS = 0.01
"""Part of the readings of a share that may lie beyond 0 and 1 as faults; with more it is another kind of number."""


@dataclass(frozen=True)
class Scale:
    """How a metric is compared: its form, an offset (top of a share, what is added below a logarithm), and the least
    standard deviation a customer is given."""

    form: Literal["arcsine", "log", "plain"]
    offset: float = 0.0
    floor: float = 0.0


def form_of(kpi: Kpi, values: Floats) -> Scale:
    """Arcsine for shares, whose spread shrinks towards 0 and 1 (Anscombe 1948), logarithm for amounts. Scores, and
    metrics that break these rules, stay as they are. The scale has no floor yet.

    values: shape (N, W), NaN where nothing was measured.
    """
    measured = values[np.isfinite(values)]
    top = {"share": 1.0, "pct": 100.0}.get(kpi.unit)
    if top is not None and measured.size and np.mean((measured < 0) | (measured > top)) < FAULTS:
        return Scale("arcsine", top)
    if top is None and kpi.unit != "score" and measured.size and measured.min() >= 0 and measured.max() > 0:
        return Scale("log", float(np.quantile(measured[measured > 0], 0.05)) / 2 if measured.min() == 0 else 0.0)
    return Scale("plain")


def shaped(kpi: Kpi, scale: Scale, values: Floats) -> Floats:
    """The readings in the metric's form, up is good."""
    if scale.form == "arcsine":
        return np.asarray(kpi.sign * np.arcsin(np.sqrt(np.clip(values / scale.offset, 0, 1))), dtype=float)
    if scale.form == "log":
        above = values + scale.offset
        return kpi.sign * np.log(above, out=np.full(values.shape, np.nan), where=above > 0)
    return kpi.sign * values


def spread(x: Floats, centre: Centre) -> Floats:
    """Standard deviation of each row about its ``centre``, shape (N,), 0 unmeasured: the median over half years of the
    mean deviation within each.

    The median deviation would be 0 for a metric that is 0 or 1 in most weeks: its ordinary weeks would look extreme.
    """
    n, weeks = x.shape
    block = min(HALF_YEAR, weeks) or 1
    blocks = x[:, weeks % block :].reshape(n, weeks // block, block)
    return np.nan_to_num(TO_SIGMA * median(mean(np.abs(blocks - centre(blocks)[:, :, None]))))


def mean(x: Floats) -> Floats:
    """Mean of the finite values along the last axis, NaN where there are none."""
    is_finite = np.isfinite(x)
    n = is_finite.sum(axis=-1)
    total = np.where(is_finite, x, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0), dtype=float)


def median(x: Floats, axis: int = -1) -> Floats:
    """Median of the finite values along one axis, NaN without any; one sort, which is faster than `nanmedian`."""
    if not x.shape[axis]:
        return np.full(np.delete(x.shape, axis), np.nan)
    ordered = np.sort(x, axis=axis)
    n = np.isfinite(x).sum(axis=axis, keepdims=True)
    low, high = np.maximum((n - 1) // 2, 0), np.minimum(n // 2, x.shape[axis] - 1)
    middle = (np.take_along_axis(ordered, low, axis) + np.take_along_axis(ordered, high, axis)) / 2
    return np.asarray(np.where(n > 0, middle, np.nan).squeeze(axis), dtype=float)
