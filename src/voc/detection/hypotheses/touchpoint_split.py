"""Splits: a fall at one touchpoint only, which the average hides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import hypotheses
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK
from voc.detection.hypotheses.hypotheses import Null
from voc.detection.inputs.observations import Observations
from voc.detection.process import gls, satisfaction_process
from voc.detection.process.effect_sizes import SENTIMENT_FALL
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.onsets import ONSETS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOT_SPLIT = -20.0
"""Log likelihood ratio for customers who are not heard at two touchpoints."""
RECENT_WEEKS = max(onset.weeks for onset in ONSETS)


@dataclass(frozen=True)
class ObservationCounts:
    """Voices of N customers at T touchpoints, and last at none, each (N, T + 1): ``lately``, since the earliest start,
    and ``before`` it."""

    lately: Ints
    before: Ints

    def testable(self, least: int) -> NDArray[np.bool_]:
        """Touchpoints with ``least`` voices lately and before, where as many were heard lately at others, (N, T)."""
        others = self.lately.sum(1, keepdims=True) - self.lately
        testable = (self.lately >= least) & (self.before >= least) & (others >= least)
        return np.asarray(testable[:, :-1], dtype=bool)

    def without(self, rows: Ints, touchpoint: Ints, lately: NDArray[np.bool_]) -> "ObservationCounts":
        """Of copies of ``rows``, each without a voice: at which touchpoint, −1 for none, and whether it was lately."""
        copies, at = ObservationCounts(self.lately[rows], self.before[rows]), np.arange(rows.size)
        copies.lately[at, touchpoint] -= lately
        copies.before[at, touchpoint] -= ~lately
        return copies


def split_log_ratios(observations: Observations, n: int, end: int, company: Company, least: int) -> tuple[Floats, Ints]:
    """Log likelihood ratio of a fall at one touchpoint only, (N, O), and the likeliest touchpoint, (N,), −1 without.

    Each touchpoint that is asked of is as likely as the next. What is said at the others holds the fall down: a fall
    everywhere explains both better.
    """
    return combine_touchpoints(
        _steps(observations, count_observations(observations, n, end).testable(least), end, company),
        n,
        company.nulls.residual,
        least,
    )


def count_observations(observations: Observations, n: int, end: int) -> ObservationCounts:
    """How much was heard where within the weeks looked at before ``end``."""
    touchpoints = int(observations.touchpoint.max(initial=-1)) + 1
    place = observations.customer * (touchpoints + 1) + np.where(
        observations.touchpoint < 0, touchpoints, observations.touchpoint
    )
    contrasts, lately = (
        (observations.week < end) & (observations.week >= end - LOOKBACK),
        observations.week >= end - RECENT_WEEKS,
    )
    size = n * (touchpoints + 1)
    counts = (np.bincount(place[of], minlength=size).reshape(n, -1) for of in (contrasts & lately, contrasts & ~lately))
    return ObservationCounts(*counts)


def combine_touchpoints(
    found: Iterable[tuple[int, Ints, SentimentSteps]], n: int, null: Null, least: int
) -> tuple[Floats, Ints]:
    """As `weigh`, from ``found``: a touchpoint, some of the N customers, and their steps at it, each pair once."""
    total, best, where = np.zeros((n, len(ONSETS))), np.full(n, -np.inf), np.full(n, -1, dtype=np.int64)
    testable = np.zeros(n, dtype=np.int64)
    for touchpoint, rows, steps in found:
        nothing = hypotheses.log_t(steps.residual, steps.se, null)
        fell = hypotheses.effect_log_ratio(steps.residual, steps.se, null, -1, SENTIMENT_FALL, nothing)
        fell = np.where((steps.after >= least) & (steps.before >= least), fell, NOT_SPLIT)
        total[rows] += np.exp(np.clip(fell, NOT_SPLIT, hypotheses.MAX_LOG_RATIO))
        testable[rows] += 1
        clear = hypotheses.log_mean(fell)
        better = clear > best[rows]
        best[rows[better]], where[rows[better]] = clear[better], touchpoint
    mean = total / np.maximum(testable, 1)[:, None]
    return np.log(np.maximum(mean, np.exp(NOT_SPLIT))), where


def _steps(
    observations: Observations, testable: NDArray[np.bool_], end: int, company: Company
) -> Iterator[tuple[int, Ints, SentimentSteps]]:
    """One inverse of a customer's covariance serves all its touchpoints."""
    rows = np.flatnonzero(testable.any(1))
    of = _of_rows(observations, rows, len(testable))
    for batch in satisfaction_process.batches(of, company.process, rows.size, end, LOOKBACK):
        of_batch = testable[rows[batch.rows]]
        for touchpoint in np.flatnonzero(of_batch.any(0)):
            part = batch[np.flatnonzero(of_batch[:, touchpoint])]
            yield int(touchpoint), rows[part.rows], gls.steps(part, of, end, ONSETS, int(touchpoint))


def _of_rows(observations: Observations, rows: Ints, n: int) -> Observations:
    """Voices of some customers, numbered anew."""
    number = np.full(n, -1, dtype=np.int64)
    number[rows] = np.arange(rows.size)
    of = observations[number[observations.customer] >= 0]
    return replace(of, customer=number[of.customer])
