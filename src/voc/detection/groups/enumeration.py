"""Enumeration: how many members of a group fell at least, without saying which."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

LEVEL = 0.05


def fell_at_least(z: NDArray[np.float64]) -> int:
    """With a probability of 95 % at least so many fell; z: standardised steps of m independent members.

    Closed testing by sums (Stouffer 1949) needs one look at each number k of members that did not fall: the worst case
    are the k whose steps are highest, and it is ruled out where even their sum is too low (Goeman and Solari 2011,
    Multiple testing for exploratory research).
    """
    highest = np.cumsum(np.sort(z)[::-1])
    k = np.arange(1, z.size + 1)
    possible = np.flatnonzero(highest >= norm.ppf(LEVEL) * np.sqrt(k))
    return int(z.size - (possible[-1] + 1 if possible.size else 0))
