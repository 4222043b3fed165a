"""How a group's weekly means scatter when calm, and what its level's other groups tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_MEMORY = 0.95
LEAST_OTHERS = 2
"""Other groups of a level without which a group is left to its own past."""
ROUNDS = 5
"""Until memory, and what a mean of weeks takes away from it, agree to a hundredth."""


@dataclass(frozen=True)
class Scatter:
    """Of ``weeks`` calm weeks around their mean: mean of ``squares`` beyond noise and of ``products`` of neighbours.

    ``worth``: how many histories as long as its own tell of it.
    """

    squares: float
    products: float
    weeks: int
    worth: float = 1.0

    def variance(self, *sizes: int) -> tuple[float, float]:
        """Variance of the difference of means of so many weeks, and its degrees of freedom.

        Weeks hang together: a mean of n of them is as sure as one of n (1 - r) / (1 + r) that do not, r being what one
        week has of the one before (Bayley and Hammersley 1946); and they stay near their own mean, which hides a part
        of how they scatter and of r (Marriott and Pope 1954).
        """
        spread, memory = max(self.squares, 0.0), 0.0
        for _ in range(ROUNDS if spread else 0):
            spread = self.squares / (1 - 1 / max(_alone(self.weeks, memory), 2.0))
            memory = float(np.clip((self.products + spread - self.squares) / spread, 0.0, MOST_MEMORY))
        variance = sum(min(spread, spread / _alone(n, memory)) for n in sizes)
        return variance, self.worth * max(_alone(self.weeks, memory) - 1, 1.0)


def scatter_of(value: Floats, noise: Floats, weeks: Ints, mean: float) -> Scatter:
    """Of the ``weeks``, ascending, of a series with variances of its noise."""
    around = value[weeks] - mean
    next_ = np.flatnonzero(np.diff(weeks) == 1)
    products = float(np.mean(around[next_] * around[next_ + 1])) if next_.size else 0.0
    return Scatter(float(np.mean(around**2 - noise[weeks])), products, weeks.size)


def beside(own: Scatter, others: Sequence[Scatter]) -> Scatter:
    """The scatter of a group, of which its level's ``others`` tell as much as its own past: a year that happened to be
    calm is no proof (shrinkage of variances: Smyth 2004)."""
    if len(others) < LEAST_OTHERS:
        return own
    weeks = np.array([of.weeks for of in others])
    squares, products = (
        float(np.average(of, weights=weeks)) for of in ([of.squares for of in others], [of.products for of in others])
    )
    return Scatter((own.squares + squares) / 2, (own.products + products) / 2, own.weeks, worth=2.0)


def _alone(n: int, memory: float) -> float:
    """As many independent weeks as ``n`` that hang together are worth."""
    return n * (1 - memory) / (1 + memory)
