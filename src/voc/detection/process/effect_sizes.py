"""Effect sizes: how large the steps of a hypothesis are assumed to be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LARGEST = 60.0
"""Standard deviations up to which sizes are told apart. Where customers hardly differ from each other, an ordinary
event is five of them."""
RATIO = 1.25
"""Ratio of neighbouring sizes at which a likelihood is summed: nearer ones hardly differ."""


@dataclass(frozen=True)
class EffectSize:
    """Distribution of a step under a hypothesis: Cauchy around ``mean`` with ``spread``, at least ``least``.

    Its tail is heavier than that of any null that can be learned, so a larger step is never weaker evidence. Under a
    normal distribution a fall of 12 standard deviations was less believed than one of 2 (O'Hagan 1979, On outlier
    rejection phenomena in Bayes inference: of two distributions the one with the lighter tail wins a conflict).
    """

    mean: float
    spread: float
    least: float

    def points(self) -> tuple[Floats, Floats, Floats]:
        """Steps, a geometric grid; their weights, which sum to 1; and how far each reaches to its neighbours, as the
        scale of a bell around it. At three fifths of their distance the bells add up without ripples."""
        edges = np.geomspace(self.least, LARGEST, round(np.log(LARGEST / self.least) / np.log(RATIO)) + 1)
        weights = np.diff(np.arctan((edges - self.mean) / self.spread))
        return (edges[:-1] + edges[1:]) / 2, weights / weights.sum(), 0.6 * np.diff(edges)


SENTIMENT_FALL = EffectSize(1.4, 0.7, 0.5)
"""Choice: a change of sentiment in standard deviations of satisfaction. Nobody would call less than half of one a
change, and a hypothesis that allows for less cannot be told from one in which nothing changed."""
KPI_MOVE = EffectSize(2.0, 0.9, 0.6)
"""Choice: a metric that moved, in the customer's own standard deviations; at least a third of the mean, as for
sentiment."""
KPI_JUMP = EffectSize(3.2, 1.2, 1.5)
"""Choice: a metric that jumped up implausibly, in the same unit."""
