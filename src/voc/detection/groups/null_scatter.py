"""Null scatter: how a group's weekly means scatter when nothing happens, pooled over the groups of its level."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_MEMORY = 0.95
"""Largest correlation of neighbouring weeks: a larger one cannot be told from a trend within a year."""
LEAST_OTHERS = 2
"""A group of a level with fewer other groups is judged by its own past alone."""
SCATTER_ROUNDS = 5
"""Iterations until memory, and what a mean of weeks takes away from it, agree to a hundredth."""


@dataclass(frozen=True)
class Scatter:
    """Scatter of ``weeks`` baseline weeks around their mean.

    Attributes
    ----------
    squares : float
        Mean square beyond noise.
    products : float
        Mean product of neighbouring weeks.
    weeks : int
    worth : float
        How many histories of this length the estimate rests on.
    """

    squares: float
    products: float
    weeks: int
    worth: float = 1.0

    @property
    def spread_and_memory(self) -> tuple[float, float]:
        """Variance of the weeks beyond noise, and the correlation of neighbours.

        Weeks stay near their own mean, which hides a part of both (Marriott and Pope 1954).
        """
        spread, memory = max(self.squares, 0.0), 0.0
        for _ in range(SCATTER_ROUNDS if spread else 0):
            spread = self.squares / (1 - 1 / max(_independent_weeks(self.weeks, memory), 2.0))
            memory = float(np.clip((self.products + spread - self.squares) / spread, 0.0, MOST_MEMORY))
        return spread, memory

    def variance(self, *sizes: int) -> tuple[float, float]:
        """Variance of the difference of two means, of ``sizes`` weeks each, and its degrees of freedom.

        Weeks are correlated: a mean of n of them is as sure as one of n (1 - r) / (1 + r) independent weeks, r being
        the correlation of neighbours (Bayley and Hammersley 1946).
        """
        spread, memory = self.spread_and_memory
        variance = sum(min(spread, spread / _independent_weeks(n, memory)) for n in sizes)
        return variance, self.worth * max(_independent_weeks(self.weeks, memory) - 1, 1.0)


def scatter_of(value: Floats, noise: Floats, weeks: Ints, mean: float) -> Scatter:
    """Scatter of some ``weeks``, ascending, of a series ``value`` (W,) with variances ``noise`` (W,)."""
    around = value[weeks] - mean
    next_ = np.flatnonzero(np.diff(weeks) == 1)
    products = float(np.mean(around[next_] * around[next_ + 1])) if next_.size else 0.0
    return Scatter(float(np.mean(around**2 - noise[weeks])), products, weeks.size)


def pooled_with(own: Scatter, others: Sequence[Scatter]) -> Scatter:
    """A group's scatter, half of it estimated from the ``others`` of its level.

    A year without scatter may be luck (shrinkage of variances: Smyth 2004).
    """
    if len(others) < LEAST_OTHERS:
        return own
    weeks = np.array([other.weeks for other in others])
    squares, products = (
        float(np.average(values, weights=weeks))
        for values in ([other.squares for other in others], [other.products for other in others])
    )
    return Scatter((own.squares + squares) / 2, (own.products + products) / 2, own.weeks, worth=2.0)


def _independent_weeks(n: int, memory: float) -> float:
    """How many independent weeks ``n`` correlated ones are worth."""
    return n * (1 - memory) / (1 + memory)
