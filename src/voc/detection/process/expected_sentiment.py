"""Coupling: what a customer's metrics lead one to expect of what it says, learned from the whole company."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from voc.detection.inputs.observations import Observations
from voc.detection.process.satisfaction_process import Process

Floats = NDArray[np.float64]

MEMORIES = (0.5, 0.85, 0.95)
"""A metric is felt as averages that halve in 1, 4 and 14 weeks: any lag of up to a season is a mixture of these."""
RIDGE = 1e3
"""Holds the slopes of a metric that says little at 0, as much as the voices of a thousand weeks would."""


@dataclass(frozen=True)
class Coupling:
    """``slopes``, K rows of one a memory: standard deviations of satisfaction for one of the metric's own."""

    slopes: tuple[tuple[float, ...], ...]

    def expected(self, k: int, x: Floats) -> Floats:
        """What metric ``k``, comparable readings (N, W), adds to the satisfaction expected, around the customer's own
        mean, shape (N, W)."""
        out = np.zeros(x.shape)
        for slope, memory in zip(self.slopes[k], MEMORIES, strict=True):
            if slope:
                out += slope * _felt(x, memory)
        return out


def learn_coupling(
    metrics: Sequence[Floats], observations: Observations, process: Process, n_customers: int
) -> Coupling:
    """Ridge regression (Hoerl and Kennard 1970) of voices on smoothed metrics, both around the customer's own mean.

    metrics: K comparable metrics, (N, W) each. Voices weigh by how surely they tell of satisfaction. Only what comes
    and goes within a customer is learned: that contented customers have better metrics says nothing of a change.
    """
    row, weight = observations.customer, 1 / (process.trust * observations.noise + process.wander + 1e-9)
    own = np.maximum(np.bincount(row, weight, minlength=n_customers), 1e-9)

    def within(x: Floats) -> Floats:
        return np.asarray(x - (np.bincount(row, weight * x, minlength=n_customers) / own)[row], dtype=float)

    felt = [within(_felt(x, memory)[row, observations.week]) for x in metrics for memory in MEMORIES]
    if not felt:
        return Coupling(())
    design = np.stack(felt, axis=1)
    weighted = design * weight[:, None]
    slopes = np.linalg.solve(weighted.T @ design + RIDGE * np.eye(len(felt)), weighted.T @ within(observations.y))
    return Coupling(tuple(tuple(float(s) for s in of) for of in slopes.reshape(len(metrics), -1)))


def _felt(x: Floats, memory: float) -> Floats:
    """Average of the readings so far that forgets by ``memory`` a week, around the customer's mean; where little was
    measured it stays near 0."""
    there = np.isfinite(x)
    total, n = (lfilter([1.0], [1.0, -memory], of, axis=-1) for of in (np.where(there, x, 0.0), there.astype(float)))
    total /= n + 1
    total -= total.mean(axis=1, keepdims=True)
    return np.asarray(total, dtype=float)
