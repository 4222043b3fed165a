"""Leaving out: what is left of a contradiction without any one of the items it rests on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import posterior, touchpoint_split
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK, Seen
from voc.detection.inputs.observations import Observations
from voc.detection.process import gls, satisfaction_process
from voc.detection.process.gls import Steps
from voc.detection.process.onsets import STARTS
from voc.detection.process.satisfaction_process import MAX_VOICES

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

    said: Observations
    owner: Ints
    omitted: Ints


def leave_one_out_scores(
    said: Observations, seen: Seen, rows: Ints, end: int, company: Company, least: int
) -> list[LeaveOneOut]:
    """For each customer of ``rows`` its score without each voice of the window, in their order."""
    first = np.searchsorted(said.customer, rows, side="left")
    stop = np.searchsorted(said.customer, rows, side="right")
    out: list[LeaveOneOut] = []
    waiting: list[int] = []
    size = 0
    for i in range(rows.size):
        waiting.append(i)
        size += int(stop[i] - first[i]) ** 2
        if size > AT_ONCE or i == rows.size - 1:
            voices = np.concatenate([np.arange(first[j], stop[j]) for j in waiting])
            owner = np.repeat(np.arange(len(waiting)), (stop - first)[waiting])
            out += _batch_scores(replace(said[voices], customer=owner), seen.of(rows[waiting]), end, company, least)
            waiting, size = [], 0
    return out


def _batch_scores(said: Observations, seen: Seen, end: int, company: Company, least: int) -> list[LeaveOneOut]:
    """Of every customer there is."""
    in_view = np.flatnonzero((said.week < end) & (said.week >= end - LOOKBACK))
    newer = np.searchsorted(said.customer[in_view], said.customer[in_view], side="right") - np.arange(in_view.size)
    omitted = in_view[newer <= MAX_VOICES]
    copies = Copies(said, said.customer[omitted], omitted)
    score = _scores(copies, seen, end, company, least)
    other = np.flatnonzero(satisfaction_process.make_strangers(said, end)[omitted])
    if other.size:
        score[other] = _refitted_scores(Copies(said, copies.owner[other], omitted[other]), seen, end, company, least)
    parts = np.searchsorted(copies.owner, np.arange(1, len(seen.steps.size)))
    return [LeaveOneOut(*of) for of in zip(np.split(score, parts), np.split(said.item[omitted], parts), strict=True)]


def _scores(copies: Copies, seen: Seen, end: int, company: Company, least: int) -> Floats:
    """From one inverse a customer; of copies whose other voices covary as they did."""
    said, n, n_copies = copies.said, len(seen.steps.size), copies.owner.size
    number = np.full(said.week.size, -1)
    number[copies.omitted] = np.arange(n_copies)
    lately = said.week[copies.omitted] >= end - touchpoint_split.RECENT_WEEKS
    counts = touchpoint_split.count_observations(said, n, end).without(
        copies.owner, said.touchpoint[copies.omitted], lately
    )
    testable = counts.testable(least)
    steps, falls = Steps.unheard((n_copies, len(STARTS))), []
    # without one of the newest voices the next older one is weighed too
    for batch in satisfaction_process.batches(said, company.process, n, end, LOOKBACK, MAX_VOICES + 1):
        copy = np.where(batch.there, number[batch.voice], -1)
        steps.put(copy[copy >= 0], gls.leave_one_out_steps(batch, said, end, STARTS)[copy >= 0])
        for touchpoint in range(testable.shape[1]):
            of = (copy >= 0) & testable[copy, touchpoint]
            if of.any():
                at = gls.leave_one_out_steps(batch, said, end, STARTS, touchpoint)[of]
                falls.append((touchpoint, copy[of], at))
    split = touchpoint_split.combine_touchpoints(falls, n_copies, company.nulls.beyond, least)
    likelihoods = posterior.likelihoods_with_split(Seen(steps, seen.of(copies.owner).moves), split, company, least)
    return np.asarray(likelihoods.log_odds(company.priors) / np.log(10), dtype=float)


def _refitted_scores(copies: Copies, seen: Seen, end: int, company: Company, least: int) -> Floats:
    """As customers of their own, which takes an inverse each."""
    said = copies.said
    kept = [np.flatnonzero(said.customer == i) for i in copies.owner]
    kept = [of[of != omitted] for of, omitted in zip(kept, copies.omitted, strict=True)]
    customer = np.repeat(np.arange(len(kept)), [of.size for of in kept])
    own = replace(said[np.concatenate(kept)], customer=customer)
    steps = satisfaction_process.steps(own, company.process, len(kept), end, STARTS, LOOKBACK)
    likelihoods = posterior.likelihoods_of(Seen(steps, seen.of(copies.owner).moves), own, end, company, least)
    return np.asarray(likelihoods.log_odds(company.priors) / np.log(10), dtype=float)
