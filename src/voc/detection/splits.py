"""Splits: a fall at one touchpoint only, which the average hides."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voc.detection import satisfaction, stories
from voc.detection.company import Company
from voc.detection.night import LOOKBACK
from voc.detection.observations import Observations
from voc.detection.sizes import FELL
from voc.detection.starts import STARTS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOT_SPLIT = -20.0
"""Log likelihood ratio for customers who are not heard at two touchpoints."""
RECENT = max(start.onset for start in STARTS)


def weigh(said: Observations, n: int, end: int, company: Company, least: int) -> tuple[Floats, Ints]:
    """Log likelihood ratio of a fall at one touchpoint only, (N, O), and the likeliest touchpoint, (N,), −1 without.

    Asked of touchpoints with ``least`` voices lately and before, where as many were heard lately at others; each is as
    likely as the next. What is said at the others holds the fall down: a fall everywhere explains both better.
    """
    total, best, where = np.zeros((n, len(STARTS))), np.full(n, -np.inf), np.full(n, -1, dtype=np.int64)
    seen = (said.week < end) & (said.week >= end - LOOKBACK)
    recent = seen & (said.week >= end - RECENT)
    n_recent, asked = _count(said, recent, n), np.zeros(n, dtype=np.int64)
    null = company.nulls.beyond
    for touchpoint in range(int(said.touchpoint.max(initial=-1)) + 1):
        at = said.touchpoint == touchpoint
        here = _count(said, recent & at, n)
        before = _count(said, seen & ~recent & at, n)
        rows = np.flatnonzero((here >= least) & (before >= least) & (n_recent - here >= least))
        if not rows.size:
            continue
        steps = satisfaction.steps(_only(said, rows, n), company.process, rows.size, end, STARTS, LOOKBACK, touchpoint)
        nothing = stories.log_t(steps.left, steps.se, null)
        fell = stories.sized(steps.left, steps.se, null, -1, FELL, nothing)
        fell = np.where((steps.after >= least) & (steps.before >= least), fell, NOT_SPLIT)
        total[rows] += np.exp(np.clip(fell, NOT_SPLIT, stories.CLIP))
        asked[rows] += 1
        clear = stories.log_mean(fell)
        better = clear > best[rows]
        best[rows[better]], where[rows[better]] = clear[better], touchpoint
    mean = total / np.maximum(asked, 1)[:, None]
    return np.log(np.maximum(mean, np.exp(NOT_SPLIT))), where


def _count(said: Observations, chosen: NDArray[np.bool_], n: int) -> Ints:
    return np.bincount(said.customer[chosen], minlength=n)


def _only(said: Observations, rows: Ints, n: int) -> Observations:
    """Voices of some customers, numbered anew."""
    number = np.full(n, -1, dtype=np.int64)
    number[rows] = np.arange(rows.size)
    of = said[number[said.customer] >= 0]
    return replace(of, customer=number[of.customer])
