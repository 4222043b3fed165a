"""Effect sizes: how large the steps of a hypothesis are assumed to be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EffectSize:
    """Distribution of a step under a hypothesis: normal around ``mean`` with ``spread``, at least ``least``."""

    mean: float
    spread: float
    least: float

    def points(self) -> tuple[Floats, Floats]:
        """``N_POINTS`` steps and their weights, which sum to 1."""
        steps = np.linspace(self.least, self.mean + 2.5 * self.spread, N_POINTS)
        weights = np.exp(-(((steps - self.mean) / self.spread) ** 2) / 2)
        return steps, weights / weights.sum()


SENTIMENT_FALL = EffectSize(1.4, 0.7, 0.5)
"""Choice: a change of sentiment in standard deviations of satisfaction. Nobody would call less than half of one a
change, and a hypothesis that allows for less cannot be told from one in which nothing changed."""
KPI_MOVE = EffectSize(2.0, 0.9, 0.6)
"""Choice: a metric that moved, in the customer's own standard deviations; at least a third of the mean, as for
sentiment."""
KPI_JUMP = EffectSize(3.2, 1.2, 1.5)
"""Choice: a metric that jumped up implausibly, in the same unit."""
N_POINTS = 9
"""Points at which a likelihood is summed over effect sizes."""
