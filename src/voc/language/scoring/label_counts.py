"""The least number of labels to learn a scorer from."""

import numpy as np
from numpy.typing import NDArray

MIDDLE = 0.1
"""Labels this near to 0.5 are neither warm nor cold: 3 of 5, 4 to 6 of 0 to 10."""
LEAST_LABELS, LEAST_OF_EACH = 50, 10
"""Below 50 labels, or 10 warm or cold ones, nothing learned beat the lexicon in every channel."""


def can_learn(label: NDArray[np.float64]) -> bool:
    """Whether there are labels enough; ``label`` in [0, 1], NaN where there is none."""
    polar = label[is_polar(label)]
    enough = np.isfinite(label).sum() >= LEAST_LABELS
    return bool(enough and min((polar > 0.5).sum(), (polar < 0.5).sum()) >= LEAST_OF_EACH)


def is_polar(label: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each label is warm or cold; where there is none it is neither."""
    return np.abs(label - 0.5) > MIDDLE + 1e-9
