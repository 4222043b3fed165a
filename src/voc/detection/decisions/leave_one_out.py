"""Leaving out: what is left of a contradiction without any one of the items it rests on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import posterior, touchpoint_split
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts
from voc.detection.inputs.observations import Observations
from voc.detection.process import gls, satisfaction_process
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.onsets import ONSETS
from voc.detection.process.satisfaction_process import MAX_OBSERVATIONS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AT_ONCE = 3_000_000
"""Squared numbers of voices of customers worked with at a time: as many voices as all their copies have."""


@dataclass(frozen=True)
class LeaveOneOut:
    """Scores (log10 odds) of one customer without each of its voices, and the panel's items these stand for."""

    score: Floats
    item: Ints


@dataclass(frozen=True)
class Copies:
    """Customers, each of which is its ``owner`` but for one voice, ``lacks``, a position in ``said`` (C,)."""

    observations: Observations
    owner: Ints
    omitted: Ints


def leave_one_out_scores(
    observations: Observations, contrasts: Contrasts, rows: Ints, end: int, company: Company, least: int
) -> list[LeaveOneOut]:
    """For each customer of ``rows`` its score without each voice of the window, in their order."""
    first = np.searchsorted(observations.customer, rows, side="left")
    stop = np.searchsorted(observations.customer, rows, side="right")
    out: list[LeaveOneOut] = []
    waiting: list[int] = []
    size = 0
    for i in range(rows.size):
        waiting.append(i)
        size += int(stop[i] - first[i]) ** 2
        if size > AT_ONCE or i == rows.size - 1:
            positions = np.concatenate([np.arange(first[j], stop[j]) for j in waiting])
            owner = np.repeat(np.arange(len(waiting)), (stop - first)[waiting])
            out += _batch_scores(
                replace(observations[positions], customer=owner), contrasts.of(rows[waiting]), end, company, least
            )
            waiting, size = [], 0
    return out


def _batch_scores(
    observations: Observations, contrasts: Contrasts, end: int, company: Company, least: int
) -> list[LeaveOneOut]:
    """Of every customer there is."""
    in_view = np.flatnonzero((observations.week < end) & (observations.week >= end - LOOKBACK))
    newer = np.searchsorted(observations.customer[in_view], observations.customer[in_view], side="right") - np.arange(
        in_view.size
    )
    omitted = in_view[newer <= MAX_OBSERVATIONS]
    copies = Copies(observations, observations.customer[omitted], omitted)
    score = _scores(copies, contrasts, end, company, least)
    other = np.flatnonzero(satisfaction_process.make_strangers(observations, end)[omitted])
    if other.size:
        score[other] = _refitted_scores(
            Copies(observations, copies.owner[other], omitted[other]), contrasts, end, company, least
        )
    parts = np.searchsorted(copies.owner, np.arange(1, len(contrasts.steps.size)))
    return [
        LeaveOneOut(*of) for of in zip(np.split(score, parts), np.split(observations.item[omitted], parts), strict=True)
    ]


def _scores(copies: Copies, contrasts: Contrasts, end: int, company: Company, least: int) -> Floats:
    """From one inverse a customer; of copies whose other voices covary as they did."""
    observations, n, n_copies = copies.observations, len(contrasts.steps.size), copies.owner.size
    number = np.full(observations.week.size, -1)
    number[copies.omitted] = np.arange(n_copies)
    lately = observations.week[copies.omitted] >= end - touchpoint_split.RECENT_WEEKS
    counts = touchpoint_split.count_observations(observations, n, end).without(
        copies.owner, observations.touchpoint[copies.omitted], lately
    )
    testable = counts.testable(least)
    steps, falls = SentimentSteps.unobserved((n_copies, len(ONSETS))), []
    # without one of the newest voices the next older one is weighed too
    for batch in satisfaction_process.batches(observations, company.process, n, end, LOOKBACK, MAX_OBSERVATIONS + 1):
        copy = np.where(batch.there, number[batch.observation], -1)
        steps.put(copy[copy >= 0], gls.leave_one_out_steps(batch, observations, end, ONSETS)[copy >= 0])
        for touchpoint in range(testable.shape[1]):
            of = (copy >= 0) & testable[copy, touchpoint]
            if of.any():
                at = gls.leave_one_out_steps(batch, observations, end, ONSETS, touchpoint)[of]
                falls.append((touchpoint, copy[of], at))
    split = touchpoint_split.combine_touchpoints(falls, n_copies, company.nulls.residual, least)
    likelihoods = posterior.likelihoods_with_split(
        Contrasts(steps, contrasts.of(copies.owner).kpi_steps), split, company, least
    )
    return np.asarray(likelihoods.log_odds(company.priors) / np.log(10), dtype=float)


def _refitted_scores(copies: Copies, contrasts: Contrasts, end: int, company: Company, least: int) -> Floats:
    """As customers of their own, which takes an inverse each."""
    observations = copies.observations
    kept = [np.flatnonzero(observations.customer == i) for i in copies.owner]
    kept = [of[of != omitted] for of, omitted in zip(kept, copies.omitted, strict=True)]
    customer = np.repeat(np.arange(len(kept)), [of.size for of in kept])
    own = replace(observations[np.concatenate(kept)], customer=customer)
    steps = satisfaction_process.steps(own, company.process, len(kept), end, ONSETS, LOOKBACK)
    likelihoods = posterior.likelihoods_of(
        Contrasts(steps, contrasts.of(copies.owner).kpi_steps), own, end, company, least
    )
    return np.asarray(likelihoods.log_odds(company.priors) / np.log(10), dtype=float)
