"""Start interval: between which weeks something began, tried by week, and whether it came at once or gradually."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.process.onsets import Onset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EARLIEST, LATEST = 52, 2
"""Weeks before the end within which a start is looked for: a year, as no case lives longer unseen."""
RAMPS = (1, 3, 6, 12)
"""Choice: weeks until a step has its full height. A start that came gradually is told too late by a step."""
STARTS = tuple(Onset(weeks, ramp) for ramp in RAMPS for weeks in range(max(LATEST, ramp), EARLIEST + 1))
START_WEEKS = np.array([start.weeks for start in STARTS])
IS_GRADUAL = np.array([start.ramp > 1 for start in STARTS])
LOG_PRIOR = np.log(np.where(IS_GRADUAL, 0.5 / np.count_nonzero(IS_GRADUAL), 0.5 / np.count_nonzero(~IS_GRADUAL)))
"""Choice: before anything is seen, at once is as likely as gradually, and each start of either as likely as another."""
MASS = 0.95
"""Posterior probability of the interval that is told."""
GRADUALLY = 0.75
"""Choice: three to one, from which on a start is told as gradual."""


@dataclass(frozen=True)
class Starts:
    """When F entries began, in complete weeks before the end, each (F,).

    ``likeliest``, an index of ``STARTS``; the ``first`` and ``last`` week of the interval (``first`` is the larger
    number); ``is_gradual``.
    """

    likeliest: Ints
    first: Ints
    last: Ints
    is_gradual: NDArray[np.bool_]


def interval(log_likelihood: Floats, is_usable: NDArray[np.bool_]) -> Starts:
    """The shortest run of weeks that holds the start with a probability of ``MASS``.

    log_likelihood: of each of ``STARTS``, (F, O); is_usable: of which the likeliest is chosen if there are any.
    """
    log_weight = log_likelihood + LOG_PRIOR
    weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    weeks, is_week = np.arange(LATEST, EARLIEST + 1), START_WEEKS[:, None] == np.arange(LATEST, EARLIEST + 1)
    by_week = weight @ is_week
    last, length = np.zeros((2, len(weight)), np.int64)
    for i, cumulated in enumerate(np.cumsum(by_week, axis=1)):
        below = np.r_[0.0, cumulated]
        stop = np.searchsorted(below, below[:-1] + MASS * below[-1])
        lengths = np.where(stop < below.size, stop - np.arange(weeks.size), weeks.size + 1)
        last[i], length[i] = lengths.argmin(), lengths.min()
    usable = is_usable | ~is_usable.any(1, keepdims=True)
    week = weeks[np.where((usable @ is_week) > 0, by_week, -1.0).argmax(1)]
    likeliest = np.where(usable & (week[:, None] == START_WEEKS), weight, -1.0).argmax(1)
    first, last = np.maximum(weeks[last + length - 1], week), np.minimum(weeks[last], week)
    return Starts(likeliest, first, last, weight @ IS_GRADUAL > GRADUALLY)
