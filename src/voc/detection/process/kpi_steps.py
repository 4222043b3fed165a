"""KPI steps: how far each metric moved at a suspected onset, how surely, and how its readings are correlated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from voc.detection.inputs.kpi_scales import mean
from voc.detection.process.onsets import Onset

Floats = NDArray[np.float64]

READINGS_A_WEEK = {"daily": 1.0, "weekly": 1.0, "monthly": 12 / 52}
"""By cadence; the panel has at most one reading a week."""
KPI_LAGS = 26
"""Lags in weeks of the variogram: half a year tells memory from the scatter of single readings."""
OWN_WEEKS = 12
"""Choice: weeks of the usual scatter that each side of an onset is given as pseudo-observations."""
OUTLIER = 6.0
"""Choice: differences beyond so many standard deviations say nothing of a metric's memory."""


@dataclass(frozen=True)
class Memory:
    """Variances of a metric as parts of a customer's own: ``white``, of single readings, and ``slow``, of a drift with
    autocorrelation ``persistence`` a week."""

    white: float
    slow: float
    persistence: float


@dataclass(frozen=True)
class KpiSteps:
    """Mean after minus mean before each of O onsets, up is good, and its standard error, each (N, O), in own standard
    deviations; NaN where too little was measured."""

    size: Floats
    se: Floats


def learn_memory(x: Floats) -> Memory:
    """The memory of a metric from the variogram of its comparable readings (N, W), by non-negative least squares."""
    half, count = np.zeros(KPI_LAGS), np.zeros(KPI_LAGS)
    for lag in range(1, min(KPI_LAGS + 1, x.shape[1])):
        apart = x[:, lag:] - x[:, :-lag]
        is_finite = np.isfinite(apart)
        half[lag - 1] = (np.clip(np.where(is_finite, apart, 0.0), -OUTLIER, OUTLIER) ** 2).sum() / 2
        count[lag - 1] = is_finite.sum()
    usable = np.flatnonzero(count > 100)
    if usable.size < 3:
        return Memory(1.0, 0.0, 0.5)
    fits = []
    for persistence in np.arange(0.3, 0.98, 0.04):
        design = np.stack([np.ones(usable.size), 1 - persistence ** (usable + 1)], axis=1)
        parts, loss = nnls(design, half[usable] / count[usable])
        fits.append((loss, persistence, parts))
    _, persistence, (white, slow) = min(fits, key=lambda fit: fit[0])
    return Memory(max(float(white), 0.05), float(slow), float(persistence))


def estimate_kpi_steps(
    x: Floats, memory: Memory, cadence: str, end: int, onsets: tuple[Onset, ...], lookback: int, weeks_before: int
) -> KpiSteps:
    """The contrast of generalised least squares for each onset, over the readings that are there, (N, O).

    x: comparable readings (N, W). Enough is half the readings due since the onset and ``weeks_before`` weeks' worth
    before it. Each side has a scatter of its own (Welch 1947), shrunken to the usual one.
    """
    first = max(0, end - lookback)
    in_view = x[:, first:end]
    length, due = in_view.shape[1], READINGS_A_WEEK[cadence]
    size, se = np.full((2, len(x), len(onsets)), np.nan)
    is_finite = np.isfinite(in_view)
    value, total = np.where(is_finite, in_view, 0.0), memory.white + memory.slow
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
        after, before = (_contrast_side(value, is_finite, weight, total) for weight in weights)
        slow = float(contrast @ wander @ contrast) / 2  # of each side
        variance = sum((memory.white * side.factor + slow) * side.scatter for side in (after, before))
        n_after = is_finite[:, length - onset.weeks :].sum(1)
        enough = n_after >= max(1, np.floor(onset.weeks * due / 2))
        enough &= is_finite.sum(1) - n_after >= np.floor(weeks_before * due)
        size[:, o] = np.where(enough, (after.centre - before.centre) / full, np.nan)
        se[:, o] = np.where(enough, np.sqrt(variance) / full, np.nan)
    return KpiSteps(size, se)


@dataclass(frozen=True)
class ContrastSide:
    """One side of a contrast, each (N,): weighted mean (``centre``), its variance for readings of variance 1
    (``factor``), and the readings' scatter over the usual one."""

    centre: Floats
    factor: Floats
    scatter: Floats


def _contrast_side(value: Floats, is_finite: NDArray[np.bool_], weight: Floats, total: float) -> ContrastSide:
    is_used = weight > 0
    safe = np.maximum(is_finite @ weight, 1e-12)
    centre, factor = (value @ weight) / safe, (is_finite @ weight**2) / safe**2
    n = is_finite[:, is_used].sum(1)
    around = (np.where(is_finite[:, is_used], value[:, is_used] - centre[:, None], 0.0) ** 2).sum(1)
    return ContrastSide(centre, factor, (around + OWN_WEEKS * total) / (n + OWN_WEEKS) / total)


def kpi_means(raw: Floats, end: int, onset: int, lookback: int) -> tuple[Floats, Floats, Floats]:
    """Means of readings in their own unit before and after an onset, ``onset`` weeks before ``end``, and the standard
    error of their difference (Welch 1947), each (N,); NaN where nothing was measured.

    The standard error takes weeks as independent, and is too small where they are correlated.
    """
    view = raw[:, max(0, end - lookback) : end]
    sides = view[:, :-onset], view[:, -onset:]
    before, after = (mean(side) for side in sides)
    variance = np.zeros(len(raw))
    for side, centre in zip(sides, (before, after), strict=True):
        n = np.isfinite(side).sum(1)
        squares = np.nansum((side - centre[:, None]) ** 2, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = variance + np.where(n > 1, squares / (n - 1) / n, np.nan)
    return before, after, np.sqrt(variance)
