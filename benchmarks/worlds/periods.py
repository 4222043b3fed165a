"""Months and quarters of a calendar of weeks, and what is read only at their ends."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from worlds.world import Floats, Ints

Mondays = NDArray[np.datetime64]
Period = Callable[[Mondays], Ints]


def months(calendar: Mondays) -> Ints:
    """A number for each week's month, (W,)."""
    return calendar.astype("M8[M]").astype(np.int64)


def quarters(calendar: Mondays) -> Ints:
    """A number for each week's quarter, (W,)."""
    return months(calendar) // 3


def ends(calendar: Mondays, period: Period) -> NDArray[np.bool_]:
    """Whether each week is the last of its period, (W,)."""
    return period(calendar) != period(calendar + 7)


def complete(calendar: Mondays, period: Period, first: Ints) -> NDArray[np.bool_]:
    """Whether each week ends a period that a customer who came in week ``first`` (N,) was there for, (N, W)."""
    number = period(calendar)
    begun = np.searchsorted(number, number)
    return ends(calendar, period) & (begun >= first[:, None])


def mean(x: Floats, calendar: Mondays, period: Period) -> Floats:
    """Mean of ``x`` (N, W) over each week's period, (N, W)."""
    _, start, index, count = np.unique(period(calendar), return_index=True, return_inverse=True, return_counts=True)
    return (np.add.reduceat(x, start, axis=1) / count)[:, index]


def spread(x: Floats, calendar: Mondays, period: Period) -> Floats:
    """Standard deviation of the means of ``x`` (N, W) over the periods that end, (N,)."""
    return mean(x, calendar, period)[:, ends(calendar, period)].std(1)
