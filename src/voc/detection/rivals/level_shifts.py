"""Level shifts: weeks in which a metric jumped for a whole group, or the whole company, and stayed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from voc.detection.inputs.kpi_scales import READING_LIMIT, TO_SIGMA, mean
from voc.detection.rivals.clearness import SPAN, clearness
from voc.detection.rivals.corrections import BEYOND_CHANCE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALIKE = 1 / 2
"""Choice: members shift alike when the spread of their own sizes is surely less than this part of the shift. A new way
of counting moves all readings alike; a real event hits unevenly."""
EFFICIENCY = 0.88  # of the mean absolute deviation for a normal sample's spread (Huber 1964)


@dataclass(frozen=True)
class LevelShift:
    """A jump of metric ``kpi`` in ``week`` for group ``group`` of level ``level`` (−1, −1: the whole company).

    ``size``: up is good, in the metric's form or, where ``is_own``, in each member's own standard deviations, whichever
    varies less between members. ``is_alike``: whether all members moved by nearly the same.
    """

    kpi: int
    level: int
    group: int
    week: int
    size: float
    is_own: bool
    is_alike: bool


def learn_level_shifts(kpi: int, group: Ints, z: Floats, own_sd: Floats) -> list[LevelShift]:
    """Level shifts of one metric, those of groups against the company and then the company's own, the clearest first.

    group: code of each customer's group a level, (L, N), −1 without one. z, own: standardised readings (N, W), not
    limited, and standard deviations (N,). Changes ``z``: each shift of a group is taken out before the next is looked
    for, so that a plan's shift is not found again in the region that has most of that plan, nor upside down in the
    other plans.
    """
    groups = _clear_shifts(kpi, z, own_sd, group, is_company=False)
    return groups + _clear_shifts(kpi, z.copy(), own_sd, np.zeros((1, len(z)), np.int64), is_company=True)


def weekly(z: Floats) -> Floats:
    """Mean over customers, 0 in weeks without a reading, shape (W,)."""
    return np.nan_to_num(mean(np.clip(z, -READING_LIMIT, READING_LIMIT).T))


def _clear_shifts(kpi: int, z: Floats, own_sd: Floats, group: Ints, is_company: bool) -> list[LevelShift]:
    """The shifts of each row of ``group``, (L, N) with −1 for none, as long as one is clear; taken out of ``z``."""
    sizes = group.max(axis=1, initial=-1) + 1
    first = np.cumsum(sizes) - sizes
    level, who = np.nonzero(group >= 0)
    shape = (int(sizes.sum()), len(z))
    member = csr_array((np.ones(who.size), (first[level] + group[level, who], who)), shape=shape)
    shifts: list[LevelShift] = []
    is_open = np.ones((shape[0], z.shape[1]))
    for _ in range(shape[0]):
        base = np.zeros(z.shape[1]) if is_company else weekly(z)
        clear = is_open * clearness(member, z - base)
        if clear.max(initial=0.0) <= 1:
            break
        row, week = (int(i) for i in np.unravel_index(clear.argmax(), clear.shape))
        rows = member[[row]].indices
        is_open[row, max(week - SPAN, 0) : week + SPAN] = 0  # what is left of a shift is no other one
        others = np.ones(len(z), bool)
        others[rows] = False
        if others.any():  # a large group moves the company's mean, and would hide part of its own shift in it
            base = weekly(z[others])
        size, is_own, is_alike = _size_of(z[rows] - base, own_sd[rows], week)
        where = int(np.searchsorted(first, row, side="right")) - 1
        which = (-1, -1) if is_company else (where, row - int(first[where]))
        shifts.append(LevelShift(kpi, *which, week, size, is_own, is_alike))
        z[rows, week:] -= size if is_own else (size / own_sd[rows])[:, None]
    return shifts


def _size_of(z: Floats, own_sd: Floats, week: int) -> tuple[float, bool, bool]:
    """Size of a shift, whether it is in own standard deviations, and whether all members moved by nearly the same."""
    # how far members' own sizes differ: the spread of their shifts beyond that of a span earlier (or later), when
    # nothing happened, with its upper one-sided 95 % limit
    known_for = min(SPAN, z.shape[1] - week)
    now, then = (_step_at(z, start, known_for) for start in (week, week - SPAN if week >= 2 * SPAN else week + SPAN))
    is_known = np.isfinite(now) & np.isfinite(then)
    best = (np.inf, float(np.median(now[np.isfinite(now)])), True)
    for is_own in (False, True):
        unit = 1.0 if is_own else own_sd[is_known]
        shifts, null_shifts = now[is_known] * unit, then[is_known] * unit
        if shifts.size < 2 or not (size := float(np.median(shifts))):
            continue
        spread, null_spread = ((TO_SIGMA * np.abs(x - np.median(x)).mean()) ** 2 for x in (shifts, null_shifts))
        error = (spread + null_spread) * np.sqrt(2 / (EFFICIENCY * shifts.size))
        best = min(best, ((spread - null_spread + BEYOND_CHANCE * error) / size**2, size, is_own))
    return best[1], best[2], bool(best[0] <= ALIKE**2)


def _step_at(z: Floats, week: int, known_for: int) -> Floats:
    """Each row's mean of the weeks from ``week`` minus that of the span before."""
    return mean(z[:, week : week + known_for]) - mean(z[:, max(week - SPAN, 0) : week])
