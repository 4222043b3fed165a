"""KPI steps: how far each metric moved at a suspected onset, how surely, and how its readings are correlated."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from voc.detection.inputs.kpi_scales import mean
from voc.detection.process.onsets import Onset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

READINGS_A_WEEK = {"daily": 1.0, "weekly": 1.0, "monthly": 12 / 52}
"""By cadence; the panel has at most one reading a week."""
KPI_LAGS = 26
"""Lags in weeks of the variogram: half a year tells memory from the scatter of single readings."""
OWN_WEEKS = 12
"""Choice: weeks of the usual scatter that each side of an onset is given as pseudo-observations."""
TINY = 1e-12
"""Sums of weights below it are none."""
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
    """Mean after minus mean before each of O onsets, up is good, each (N, O), in own standard deviations; NaN where too
    little was measured.

    ``se``: its standard error with the metric's slow drift; ``noise``: with the scatter of single readings alone.
    """

    size: Floats
    se: Floats
    noise: Floats

    def __getitem__(self, rows: Any) -> "KpiSteps":
        return KpiSteps(*(part[rows] for part in vars(self).values()))


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
    before it. Each side has a scatter of its own (Welch 1947), shrunken to the usual one. Of a metric that is measured
    less than weekly, the weeks with a reading make a contrast of their own: the contrast of all weeks, cut down to a
    few of them, jumps from onset to onset.
    """
    weeks, due = np.arange(max(0, end - lookback), min(end, x.shape[1])), READINGS_A_WEEK[cadence]
    in_view = x[:, weeks]
    size, se, noise = np.full((3, len(x), len(onsets)), np.nan)
    if not in_view.size:
        return KpiSteps(size, se, noise)
    patterns = np.ones((1, weeks.size), bool)
    of_row: Ints | slice = slice(None)
    if due < 1:
        patterns, of_row = np.unique(np.isfinite(in_view), axis=0, return_inverse=True)
    position = np.argsort(~patterns, axis=1, kind="stable")[:, : max(1, int(patterns.sum(1).max()))]
    is_read, week = np.take_along_axis(patterns, position, axis=1), weeks[position]
    value = np.take_along_axis(in_view, position[of_row], axis=1)
    is_finite, total = np.isfinite(value), memory.white + memory.slow
    value[~is_finite] = 0.0
    is_pair = is_read[:, :, None] & is_read[:, None]
    wander = is_pair * memory.slow * memory.persistence ** np.abs(week[:, :, None] - week[:, None])
    inverse = np.linalg.inv(wander + np.where(is_read, memory.white, 1.0)[:, :, None] * np.eye(week.shape[1]))
    for o, onset in enumerate(onsets):
        height, is_after = onset.height(week, end), week >= end - onset.weeks
        contrast = _contrast(inverse, is_read, height, is_after)
        weights = np.maximum(contrast, 0.0), np.maximum(-contrast, 0.0)
        full = sum(
            sign * (weight * height).sum(1) / np.maximum(weight.sum(1), TINY)
            for sign, weight in zip((1, -1), weights, strict=True)
        )
        after, before = (_contrast_side(value, is_finite, weight[of_row], total) for weight in weights)
        slow = np.einsum("pr,prs,ps->p", contrast, wander, contrast)[of_row] / 2  # of each side
        of_noise = sum(memory.white * side.factor * side.scatter for side in (after, before))
        variance = of_noise + sum(slow * side.scatter for side in (after, before))
        n_after = _sums(is_finite, is_after.astype(float)[of_row])
        n_before = is_finite.sum(1) - n_after
        enough = (n_after >= max(1, np.floor(onset.weeks * due / 2))) & (n_before >= np.floor(weeks_before * due))
        step = np.where(enough & (full[of_row] > 0), full[of_row], np.nan)
        size[:, o] = (after.centre - before.centre) / step
        se[:, o], noise[:, o] = np.sqrt(variance) / step, np.sqrt(of_noise) / step
    return KpiSteps(size, se, noise)


def _contrast(inverse: Floats, is_read: NDArray[np.bool_], height: Floats, is_after: NDArray[np.bool_]) -> Floats:
    """Weights of P patterns of readings with which a step of ``height`` is estimated beside a level, (P, R).

    inverse: of the readings' covariance, (P, R, R). 0 where all readings are on one side of the onset.
    """
    has_sides = np.asarray((is_read & is_after).any(1) & (is_read & ~is_after).any(1))
    design = np.stack([is_read, is_read * height], axis=2).astype(float)
    weighted = np.swapaxes(design, 1, 2) @ inverse
    gram = np.where(has_sides[:, None, None], weighted @ design, np.eye(2))
    return np.asarray(np.linalg.solve(gram, weighted)[:, 1] * has_sides[:, None])


@dataclass(frozen=True)
class ContrastSide:
    """One side of a contrast, each (N,): weighted mean (``centre``), its variance for readings of variance 1
    (``factor``), and the readings' scatter over the usual one."""

    centre: Floats
    factor: Floats
    scatter: Floats


def _contrast_side(value: Floats, is_finite: NDArray[np.bool_], weight: Floats, total: float) -> ContrastSide:
    """value: readings (N, R), 0 where there is none; weight: each one's, (N, R) or for all alike (1, R)."""
    safe = np.maximum(_sums(is_finite, weight), TINY)
    centre, factor = _sums(value, weight) / safe, _sums(is_finite, weight**2) / safe**2
    columns = np.flatnonzero((weight > 0).any(0))
    is_used = is_finite[:, columns] & (weight[:, columns] > 0)
    around = (np.where(is_used, value[:, columns] - centre[:, None], 0.0) ** 2).sum(1)
    return ContrastSide(centre, factor, (around + OWN_WEEKS * total) / (is_used.sum(1) + OWN_WEEKS) / total)


def _sums(x: NDArray[Any], weight: Floats) -> Floats:
    """Weighted sum of each row of ``x``; one weighting for all is a product of matrices, which is faster."""
    return np.asarray(x @ weight[0] if len(weight) == 1 else (x * weight).sum(1), dtype=float)


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
