"""How far each metric moved since a suspected start, how surely, and how far it moves when nothing is the matter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from voc.detection.inputs.kpi_scales import mean
from voc.detection.process.onsets import Onset

Floats = NDArray[np.float64]

READINGS_A_WEEK = {"daily": 1.0, "weekly": 1.0, "monthly": 12 / 52}
KPI_LAGS = 26
OWN_WEEKS = 12
"""A customer's scatter on one side of a start is thought to be its usual one as if seen in so many weeks."""
OUTLIER = 6.0
"""Squared differences beyond six standard deviations say nothing of a metric's memory."""


@dataclass(frozen=True)
class Memory:
    """Variances of a metric in a customer's own: of single readings, and of what forgets by ``persistence`` a week."""

    white: float
    slow: float
    persistence: float


@dataclass(frozen=True)
class KpiSteps:
    """Mean after minus mean before, up is good, at O starts, and its standard error, each (N, O); NaN where too
    little was measured."""

    size: Floats
    se: Floats


def learn_memory(x: Floats) -> Memory:
    """From the variogram of ``x`` (N, W), by non-negative least squares."""
    half, count = np.zeros(KPI_LAGS), np.zeros(KPI_LAGS)
    for lag in range(1, min(KPI_LAGS + 1, x.shape[1])):
        apart = x[:, lag:] - x[:, :-lag]
        there = np.isfinite(apart)
        half[lag - 1] = (np.clip(np.where(there, apart, 0.0), -OUTLIER, OUTLIER) ** 2).sum() / 2
        count[lag - 1] = there.sum()
    seen = np.flatnonzero(count > 100)
    if seen.size < 3:
        return Memory(1.0, 0.0, 0.5)
    fits = []
    for persistence in np.arange(0.3, 0.98, 0.04):
        design = np.stack([np.ones(seen.size), 1 - persistence ** (seen + 1)], axis=1)
        parts, loss = nnls(design, half[seen] / count[seen])
        fits.append((loss, persistence, parts))
    _, persistence, (white, slow) = min(fits, key=lambda fit: fit[0])
    return Memory(max(float(white), 0.05), float(slow), float(persistence))


def estimate_kpi_steps(
    x: Floats, memory: Memory, cadence: str, end: int, onsets: tuple[Onset, ...], lookback: int, weeks_before: int
) -> KpiSteps:
    """The contrast of generalised least squares for each start, over the readings that are there.

    x: comparable readings (N, W). Enough is half the readings due since the start and ``weeks_before`` weeks' worth
    before it. The standard error knows of a scatter that changed (Welch 1947), shrunken to the customer's usual one.
    """
    first = max(0, end - lookback)
    seen = x[:, first:end]
    length, due = seen.shape[1], READINGS_A_WEEK[cadence]
    size, se = np.full((2, len(x), len(onsets)), np.nan)
    there = np.isfinite(seen)
    value, total = np.where(there, seen, 0.0), memory.white + memory.slow
    lag = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    wander = memory.slow * memory.persistence**lag
    inverse = np.linalg.inv(wander + memory.white * np.eye(length))
    for o, onset in enumerate(onsets):
        if onset.weeks >= length:
            continue
        height = onset.height(np.arange(first, end), end)
        design = np.stack([np.ones(length), height], axis=1)
        contrast = np.linalg.solve(design.T @ inverse @ design, design.T @ inverse)[1]
        weights = np.maximum(contrast, 0.0), np.maximum(-contrast, 0.0)
        full = (weights[0] @ height) / weights[0].sum() - (weights[1] @ height) / weights[1].sum()
        after, before = (_contrast_side(value, there, weight, total) for weight in weights)
        slow = float(contrast @ wander @ contrast) / 2  # of each side
        variance = sum((memory.white * side.factor + slow) * side.scatter for side in (after, before))
        n_after = there[:, length - onset.weeks :].sum(1)
        enough = n_after >= max(1, np.floor(onset.weeks * due / 2))
        enough &= there.sum(1) - n_after >= np.floor(weeks_before * due)
        size[:, o] = np.where(enough, (after.centre - before.centre) / full, np.nan)
        se[:, o] = np.where(enough, np.sqrt(variance) / full, np.nan)
    return KpiSteps(size, se)


@dataclass(frozen=True)
class ContrastSide:
    """Weighted mean of one side of a contrast, its variance for readings of variance 1, and their scatter over the
    usual, each (N,)."""

    centre: Floats
    factor: Floats
    scatter: Floats


def _contrast_side(value: Floats, there: NDArray[np.bool_], weight: Floats, total: float) -> ContrastSide:
    part = weight > 0
    safe = np.maximum(there @ weight, 1e-12)
    centre, factor = (value @ weight) / safe, (there @ weight**2) / safe**2
    n = there[:, part].sum(1)
    around = (np.where(there[:, part], value[:, part] - centre[:, None], 0.0) ** 2).sum(1)
    return ContrastSide(centre, factor, (around + OWN_WEEKS * total) / (n + OWN_WEEKS) / total)


def kpi_means(raw: Floats, end: int, onset: int, lookback: int) -> tuple[Floats, Floats, Floats]:
    """Means of the readings in their own unit before and after a start and the standard error of their difference
    (Welch 1947; weeks that hang together widen it), each (N,); NaN where nothing was measured."""
    view = raw[:, max(0, end - lookback) : end]
    parts = view[:, :-onset], view[:, -onset:]
    before, after = (mean(part) for part in parts)
    variance = np.zeros(len(raw))
    for part, centre in zip(parts, (before, after), strict=True):
        n = np.isfinite(part).sum(1)
        squares = np.nansum((part - centre[:, None]) ** 2, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = variance + np.where(n > 1, squares / (n - 1) / n, np.nan)
    return before, after, np.sqrt(variance)
