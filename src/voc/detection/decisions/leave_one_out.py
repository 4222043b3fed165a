"""Leave one out: the score of a contradiction without any one of the items it rests on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import posterior, touchpoint_split
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts
from voc.detection.inputs.observations import Observations
from voc.detection.process import gls, satisfaction_process
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.onsets import ONSETS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_SQUARES = 3_000_000
"""Sum of squared numbers of observations of the customers worked with at a time, which is how many observations all
their copies have; it bounds memory."""


@dataclass(frozen=True)
class LeaveOneOut:
    """Scores (log10 odds) of one customer without each of its observations, and the panel's items that these hold."""

    score: Floats
    item: Ints


@dataclass(frozen=True)
class Copies:
    """C copies of customers. Each is its ``owner`` (C,) without one observation, ``omitted`` (C,), a position in
    ``observations``."""

    observations: Observations
    owner: Ints
    omitted: Ints


def leave_one_out_scores(
    observations: Observations, contrasts: Contrasts, rows: Ints, end: int, company: CompanyModel, least: int
) -> list[LeaveOneOut]:
    """For each customer of ``rows`` its score without each observation of the window, in their order."""
    first = np.searchsorted(observations.customer, rows, side="left")
    stop = np.searchsorted(observations.customer, rows, side="right")
    scores: list[LeaveOneOut] = []
    waiting: list[int] = []
    size = 0
    for i in range(rows.size):
        waiting.append(i)
        size += int(stop[i] - first[i]) ** 2
        if size > MAX_SQUARES or i == rows.size - 1:
            positions = np.concatenate([np.arange(first[j], stop[j]) for j in waiting])
            owner = np.repeat(np.arange(len(waiting)), (stop - first)[waiting])
            own = replace(observations[positions], customer=owner)
            scores += _scores_of_all(own, contrasts.of(rows[waiting]), end, company, least)
            waiting, size = [], 0
    return scores


def _scores_of_all(
    observations: Observations, contrasts: Contrasts, end: int, company: CompanyModel, least: int
) -> list[LeaveOneOut]:
    """The same for all customers of ``contrasts``."""
    in_view = np.flatnonzero((observations.week < end) & (observations.week >= end - LOOKBACK))
    copies = Copies(observations, observations.customer[in_view], in_view)
    score = _scores(copies, contrasts, end, company, least)
    changed = np.flatnonzero(satisfaction_process.changes_strangers(observations, end)[in_view])
    at_once = max(1, MAX_SQUARES // max(1, observations.week.size))
    for start in range(0, changed.size, at_once):
        some = changed[start : start + at_once]
        refitted = Copies(observations, copies.owner[some], in_view[some])
        score[some] = _refitted_scores(refitted, contrasts, end, company, least)
    ends = np.searchsorted(copies.owner, np.arange(1, len(contrasts.steps.size)))
    items = np.split(observations.item[in_view], ends)
    return [LeaveOneOut(*columns) for columns in zip(np.split(score, ends), items, strict=True)]


def _scores(copies: Copies, contrasts: Contrasts, end: int, company: CompanyModel, least: int) -> Floats:
    """Scores from one inverse a customer, of copies whose remaining observations have unchanged covariances."""
    observations, n, n_copies = copies.observations, len(contrasts.steps.size), copies.owner.size
    number = np.full(observations.week.size, -1)
    number[copies.omitted] = np.arange(n_copies)
    is_recent = observations.week[copies.omitted] >= end - touchpoint_split.RECENT_WEEKS
    counts = touchpoint_split.count_observations(observations, n, end)
    testable = counts.without(copies.owner, observations.touchpoint[copies.omitted], is_recent).testable(least)
    steps, at_touchpoints = SentimentSteps.unobserved((n_copies, len(ONSETS))), []
    for batch in satisfaction_process.batches(observations, company.process, n, end, LOOKBACK):
        copy = number[batch.members.position]
        steps.put(copy, gls.leave_one_out_steps(batch, observations, end, ONSETS))
    for batch in satisfaction_process.batches(observations, company.process, n, end, LOOKBACK, by_touchpoint=True):
        copy = number[batch.members.position]
        for touchpoint in range(testable.shape[1]):
            is_tested = testable[copy, touchpoint]
            if is_tested.any():
                found = gls.leave_one_out_steps(batch, observations, end, ONSETS, touchpoint)[is_tested]
                at_touchpoints.append((touchpoint, copy[is_tested], found))
    split = touchpoint_split.combine_touchpoints(at_touchpoints, n_copies, company.nulls.residual, least)
    of_copies = Contrasts(steps, contrasts.of(copies.owner).kpi_steps)
    likelihoods = posterior.likelihoods_with_split(of_copies, split, company, least)
    return np.asarray(likelihoods.log_odds(company.priors) / np.log(10), dtype=float)


def _refitted_scores(copies: Copies, contrasts: Contrasts, end: int, company: CompanyModel, least: int) -> Floats:
    """Scores of copies judged as customers of their own, with an inverse each."""
    observations = copies.observations
    kept = [np.flatnonzero(observations.customer == owner) for owner in copies.owner]
    kept = [positions[positions != omitted] for positions, omitted in zip(kept, copies.omitted, strict=True)]
    customer = np.repeat(np.arange(len(kept)), [positions.size for positions in kept])
    own = replace(observations[np.concatenate(kept)], customer=customer)
    steps = satisfaction_process.steps(own, company.process, len(kept), end, ONSETS, LOOKBACK)
    of_copies = Contrasts(steps, contrasts.of(copies.owner).kpi_steps)
    likelihoods = posterior.likelihoods_of(of_copies, own, end, company, least)
    return np.asarray(likelihoods.log_odds(company.priors) / np.log(10), dtype=float)
