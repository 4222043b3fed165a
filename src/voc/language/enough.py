"""How many labels are enough to learn from."""

import numpy as np
from numpy.typing import NDArray

LEAST_LABELS, LEAST_OF_EACH = 50, 10
"""Below 50 labels, or 10 warm or cold ones, nothing learned beat the lexicon in every channel."""


def can_learn(label: NDArray[np.float64]) -> bool:
    """Whether there are labels enough; ``label`` in [0, 1], NaN where there is none."""
    enough = np.isfinite(label).sum() >= LEAST_LABELS
    return bool(enough and min((label > 0.5).sum(), (label < 0.5).sum()) >= LEAST_OF_EACH)
