"""Expected sentiment: what a customer's metrics lead one to expect of its satisfaction, learned from all customers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from voc.detection.inputs.observations import Observations
from voc.detection.process.satisfaction_process import Process

Floats = NDArray[np.float64]

MEMORIES = (0.5, 0.85, 0.95)
"""Weekly factors of the averages through which a metric is felt. They halve in 1, 4 and 14 weeks: any lag of up to a
season is a mixture of these."""
RIDGE = 1e3
"""Choice: holds the slopes of a metric that says little at 0, as the observations of a thousand weeks would."""


@dataclass(frozen=True)
class Coupling:
    """``slopes``: of each metric one for each of ``MEMORIES``, in standard deviations of satisfaction for one of the
    metric's own."""

    slopes: tuple[tuple[float, ...], ...]

    def expected(self, k: int, x: Floats) -> Floats:
        """What metric ``k``, with comparable readings ``x`` (N, W), adds to the expected satisfaction, (N, W), around
        the customer's own mean."""
        expected = np.zeros(x.shape)
        for slope, memory in zip(self.slopes[k], MEMORIES, strict=True):
            if slope:
                expected += slope * _felt(x, memory)
        return expected


def learn_coupling(
    metrics: Sequence[Floats], observations: Observations, process: Process, n_customers: int
) -> Coupling:
    """Ridge regression (Hoerl and Kennard 1970) of observations on smoothed metrics, around the customer's own means.

    metrics: K comparable metrics, (N, W) each. Observations are weighted by their precision. Only variation within
    customers is used: that contented customers have better metrics says nothing of a change.
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
    return Coupling(tuple(tuple(map(float, of_metric)) for of_metric in slopes.reshape(len(metrics), -1)))


def _felt(x: Floats, memory: float) -> Floats:
    """Exponentially weighted average of the readings so far, with factor ``memory`` a week, around the customer's mean;
    near 0 where little was measured."""
    is_finite = np.isfinite(x)
    sums = (np.where(is_finite, x, 0.0), is_finite.astype(float))
    total, n = (lfilter([1.0], [1.0, -memory], terms, axis=-1) for terms in sums)
    total /= n + 1
    total -= total.mean(axis=1, keepdims=True)
    return np.asarray(total, dtype=float)
