"""Lags: how many weeks a metric follows sentiment, or sentiment a metric."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from voc.detection.rivals.corrections import BEYOND_CHANCE

Floats = NDArray[np.float64]

FURTHEST = 8
"""Longest lag in weeks: a slower link can be told from a season only in companies with many years."""
FALSE_LINK_RATE = 0.05
"""Probability that a metric without a link is taken for linked (Bonferroni over the lags)."""
KERNEL = 8
"""Lags of the long-run variance (Newey and West 1987)."""


@dataclass(frozen=True)
class Lags:
    """A metric's link in time, None where there is none beyond chance.

    ``follows``: weeks after which sentiment shows in the metric; ``leads``: weeks after which the metric shows in
    sentiment; each the shortest that agrees with the data. ``persistence``: by how much the variance of a mean over
    weeks exceeds that of independent readings.
    """

    follows: int | None
    leads: int | None
    persistence: float


def learn_lags(sentiment: Floats, z: Floats) -> Lags:
    """The lags of one metric, from covariances within customers.

    felt, z: sentiment and the metric beyond customer and company-wide week, (N, W); without a word 0, without
    a reading NaN. Customers are the independent units (Liang and Zeger 1986): each brings one product sum a lag.
    """
    a, b = sentiment, np.nan_to_num(z)
    weeks = z.shape[1]
    sums = np.zeros((2, min(FURTHEST + 1, max(weeks, 1)), len(z)))
    for lag in range(sums.shape[1]):
        sums[0, lag] = np.einsum("nw,nw->n", a[:, : weeks - lag], b[:, lag:])
        sums[1, lag] = np.einsum("nw,nw->n", a[:, lag:], b[:, : weeks - lag])
    return Lags(_shortest(sums[0]), _shortest(sums[1]), _persistence(b))


def _shortest(sums: Floats) -> int | None:
    """The shortest lag whose covariance is not surely below the largest; None if that one is not surely above 0."""
    total = sums.sum(axis=1)
    peak = int(total.argmax())
    if total[peak] <= norm.isf(FALSE_LINK_RATE / len(sums)) * np.sqrt((sums[peak] ** 2).sum()):
        return None
    below = sums[peak] - sums
    is_near = below.sum(axis=1) <= BEYOND_CHANCE * np.sqrt((below**2).sum(axis=1))
    return int(is_near.argmax())


def _persistence(b: Floats) -> float:
    weeks = b.shape[1]
    own = float((b**2).sum())
    if not own:
        return 1.0
    lagged = (
        2 * (1 - lag / (KERNEL + 1)) * float(np.einsum("nw,nw->", b[:, lag:], b[:, : weeks - lag])) / own
        for lag in range(1, min(KERNEL, weeks - 1) + 1)
    )
    return max(1.0, 1.0 + sum(lagged))
