"""Sizes: how large the steps of a story are thought to be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EffectSize:
    """How large a step of a story is thought to be: normal around ``mean`` with ``spread``, at least ``least``."""

    mean: float
    spread: float
    least: float

    def points(self) -> tuple[Floats, Floats]:
        """``SIZES`` steps and their weights, which sum to 1."""
        at = np.linspace(self.least, self.mean + 2.5 * self.spread, N_POINTS)
        weights = np.exp(-(((at - self.mean) / self.spread) ** 2) / 2)
        return at, weights / weights.sum()


SENTIMENT_FALL = EffectSize(1.4, 0.7, 0.5)
"""A mood that changed, in standard deviations of satisfaction. Less than half of one is no change that anybody would
speak of, and a story that allows for less cannot be told from one in which nothing changed."""
KPI_MOVE = EffectSize(2.0, 0.9, 0.6)
"""A metric that moved, in the customer's own standard deviations; at least a third of what is usual, as for moods."""
KPI_JUMP = EffectSize(3.2, 1.2, 1.5)
"""A metric that jumped up implausibly."""
N_POINTS = 9
"""Points at which a size is summed over."""
