"""Touchpoint split: a fall at one touchpoint only, which the average hides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import hypotheses
from voc.detection.hypotheses.company_model import CompanyModel
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
"""Choice: log likelihood ratio of customers for whom no split can be tested. At one in five hundred million (e⁻²⁰) the
hypothesis gets no weight."""
RECENT_WEEKS = max(onset.weeks for onset in ONSETS)


@dataclass(frozen=True)
class ObservationCounts:
    """Observations of N customers at T touchpoints, the last column those at none, each (N, T + 1).

    ``recent``: since the earliest onset; ``before``: before it.
    """

    recent: Ints
    before: Ints

    def testable(self, least: int) -> NDArray[np.bool_]:
        """Touchpoints with ``least`` observations recently and before, and as many recently at others, (N, T)."""
        others = self.recent.sum(1, keepdims=True) - self.recent
        testable = (self.recent >= least) & (self.before >= least) & (others >= least)
        return np.asarray(testable[:, :-1], dtype=bool)

    def without(self, rows: Ints, touchpoint: Ints, is_recent: NDArray[np.bool_]) -> "ObservationCounts":
        """Counts of copies of ``rows``, each without one observation.

        touchpoint, is_recent: of the omitted observations; −1 is none.
        """
        copies, copy = ObservationCounts(self.recent[rows], self.before[rows]), np.arange(rows.size)
        copies.recent[copy, touchpoint] -= is_recent
        copies.before[copy, touchpoint] -= ~is_recent
        return copies


def split_log_ratios(
    observations: Observations, n: int, end: int, company: CompanyModel, least: int
) -> tuple[Floats, Ints]:
    """Log likelihood ratio of a fall at one touchpoint only, (N, O), and the likeliest touchpoint, (N,), −1 without.

    All testable touchpoints are equally likely. Observations at the others speak against a split: a fall everywhere
    explains both better.
    """
    testable = count_observations(observations, n, end).testable(least)
    return combine_touchpoints(_steps(observations, testable, end, company), n, company.nulls.residual, least)


def count_observations(observations: Observations, n: int, end: int) -> ObservationCounts:
    """The observations of each touchpoint within the weeks that are looked at before ``end``."""
    n_touchpoints = int(observations.touchpoint.max(initial=-1)) + 1
    touchpoint = np.where(observations.touchpoint < 0, n_touchpoints, observations.touchpoint)
    cell, size = observations.customer * (n_touchpoints + 1) + touchpoint, n * (n_touchpoints + 1)
    in_view = (observations.week < end) & (observations.week >= end - LOOKBACK)
    is_recent = observations.week >= end - RECENT_WEEKS
    counts = (
        np.bincount(cell[chosen], minlength=size).reshape(n, -1)
        for chosen in (in_view & is_recent, in_view & ~is_recent)
    )
    return ObservationCounts(*counts)


def combine_touchpoints(
    steps_at: Iterable[tuple[int, Ints, SentimentSteps]], n: int, null: Null, least: int
) -> tuple[Floats, Ints]:
    """As `split_log_ratios`, from steps at single touchpoints.

    steps_at: a touchpoint, some of the N customers, and their steps at it; each pair of customer and touchpoint once.
    """
    total, best, likeliest = np.zeros((n, len(ONSETS))), np.full(n, -np.inf), np.full(n, -1, dtype=np.int64)
    n_tested = np.zeros(n, dtype=np.int64)
    for touchpoint, rows, steps in steps_at:
        nothing = hypotheses.log_t(steps.residual, steps.se, null)
        fell = hypotheses.effect_log_ratio(steps.residual, steps.se, null, -1, SENTIMENT_FALL, nothing)
        fell = np.where((steps.after >= least) & (steps.before >= least), fell, NOT_SPLIT)
        total[rows] += np.exp(np.clip(fell, NOT_SPLIT, hypotheses.MAX_LOG_RATIO))
        n_tested[rows] += 1
        over_onsets = hypotheses.log_mean(fell)
        is_better = over_onsets > best[rows]
        best[rows[is_better]], likeliest[rows[is_better]] = over_onsets[is_better], touchpoint
    mean = total / np.maximum(n_tested, 1)[:, None]
    return np.log(np.maximum(mean, np.exp(NOT_SPLIT))), likeliest


def _steps(
    observations: Observations, testable: NDArray[np.bool_], end: int, company: CompanyModel
) -> Iterator[tuple[int, Ints, SentimentSteps]]:
    """One inverse of a customer's covariance serves all its touchpoints."""
    rows = np.flatnonzero(testable.any(1))
    own = observations_of(observations, rows, len(testable))
    for batch in satisfaction_process.batches(own, company.process, rows.size, end, LOOKBACK, by_touchpoint=True):
        testable_here = testable[rows[batch.rows]]
        for touchpoint in np.flatnonzero(testable_here.any(0)):
            tested = np.flatnonzero(testable_here[:, touchpoint])
            steps = gls.steps(batch, end, ONSETS, int(touchpoint))
            yield int(touchpoint), rows[batch.rows[tested]], steps[tested]


def observations_of(observations: Observations, rows: Ints, n: int) -> Observations:
    """Observations of some of the N customers, who are numbered anew in the order of ``rows``."""
    number = np.full(n, -1, dtype=np.int64)
    number[rows] = np.arange(rows.size)
    own = observations[number[observations.customer] >= 0]
    return replace(own, customer=number[own.customer])
