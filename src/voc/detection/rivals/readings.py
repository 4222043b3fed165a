"""Readings of metrics made comparable: one scale a metric and own volatility."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voc.domain.kpi import Kpi

Floats = NDArray[np.float64]

LIMIT = 4.0
"""A reading counts at most four own standard deviations (Huber 1964), so that one outlier is no trend."""
TO_SIGMA = 1.2533  # mean absolute deviation of a normal sample -> standard deviation: sqrt(pi / 2)
HALF_YEAR = 26
CALMEST = 0.1
"""Nobody is thought calmer than the calmest tenth of customers: a metric that stood still has not shown its spread."""
FAULTS = 0.01
"""Shares beyond 0 and 1 up to this part are faults of readings, more are another kind of number."""


@dataclass(frozen=True)
class Scale:
    """How a metric is compared: its form, an offset (top of a share, what is added below a logarithm), and the least
    standard deviation a customer is given."""

    form: Literal["arcsine", "log", "plain"]
    offset: float
    floor: float


def learn_scale(kpi: Kpi, values: Floats) -> Scale:
    """Arcsine for shares, whose spread shrinks towards 0 and 1 (Anscombe 1948), logarithm for amounts, else as it is.

    values: shape (N, W), NaN where nothing was measured.
    """
    seen = values[np.isfinite(values)]
    top = {"share": 1.0, "pct": 100.0}.get(kpi.unit)
    form: Literal["arcsine", "log", "plain"] = "plain"
    offset = 0.0
    if top is not None and seen.size and np.mean((seen < 0) | (seen > top)) < FAULTS:
        form, offset = "arcsine", top
    elif top is None and kpi.unit != "score" and seen.size and seen.min() >= 0 and seen.max() > 0:
        form, offset = "log", float(np.quantile(seen[seen > 0], 0.05)) / 2 if seen.min() == 0 else 0.0
    own = spread(shaped(kpi, Scale(form, offset, 0.0), values))
    own = own[own > 0]
    return Scale(form, offset, float(np.quantile(own, CALMEST)) if own.size else 1.0)


def shaped(kpi: Kpi, scale: Scale, values: Floats) -> Floats:
    """The readings in the metric's form, up is good."""
    if scale.form == "arcsine":
        return np.asarray(kpi.sign * np.arcsin(np.sqrt(np.clip(values / scale.offset, 0, 1))), dtype=float)
    if scale.form == "log":
        above = values + scale.offset
        return kpi.sign * np.log(above, out=np.full(values.shape, np.nan), where=above > 0)
    return kpi.sign * values


def spread(x: Floats) -> Floats:
    """Standard deviation of each row, shape (N,), 0 unmeasured.

    The median over half years of the mean deviation within each, so that a lasting shift spoils one of them, not all.
    """
    n, weeks = x.shape
    block = min(HALF_YEAR, weeks) or 1
    blocks = x[:, weeks % block :].reshape(n, weeks // block, block)
    return np.nan_to_num(TO_SIGMA * median(mean(np.abs(blocks - mean(blocks)[:, :, None]))))


def standard(kpi: Kpi, scale: Scale, values: Floats) -> tuple[Floats, Floats]:
    """Readings in own standard deviations about the own mean, (N, W), and those standard deviations, (N,)."""
    x = shaped(kpi, scale, values)
    own = np.maximum(spread(x), scale.floor)
    return (x - mean(x)[:, None]) / own[:, None], own


def median(x: Floats) -> Floats:
    """Median of what is there along the last axis, NaN where nothing is."""
    if not x.shape[-1]:
        return np.full(x.shape[:-1], np.nan)
    ordered = np.sort(x, axis=-1)
    n = np.isfinite(x).sum(axis=-1, keepdims=True)
    sides = (np.maximum((n - 1) // 2, 0), np.minimum(n // 2, x.shape[-1] - 1))
    low, high = (np.take_along_axis(ordered, side, -1)[..., 0] for side in sides)
    return np.asarray(np.where(n[..., 0] > 0, (low + high) / 2, np.nan), dtype=float)


def mean(x: Floats) -> Floats:
    """Mean of what is there along the last axis, NaN where nothing is."""
    there = np.isfinite(x)
    n = there.sum(axis=-1)
    total = np.where(there, x, 0.0).sum(axis=-1)
    return np.asarray(np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0), dtype=float)
