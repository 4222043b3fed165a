"""Likelihoods: how well every hypothesis explains every customer, and where a contradiction would have begun."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import hypotheses, touchpoint_split
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import Contrasts, blocks
from voc.detection.hypotheses.hypotheses import IS_CONTRADICTION, OF_KIND
from voc.detection.inputs.observations import Observations

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Likelihoods:
    """What the data of N customers say of the hypotheses, whatever their priors.

    Attributes
    ----------
    log_ratios : ndarray of float, shape (N, S)
        Log likelihood ratio of each hypothesis against "nothing happened".
    onset_index : ndarray of int, shape (N, 4)
        Likeliest onset of each kind, as an index of ``ONSETS``.
    down, jump : ndarray of float, shape (N, 4, K)
        Log likelihood ratio that each metric fell, and that it jumped up, at that onset.
    split : ndarray of int, shape (N,)
        Likeliest touchpoint of a split, −1 without one.
    """

    log_ratios: Floats
    onset_index: Ints
    down: Floats
    jump: Floats
    split: Ints

    def posterior(self, priors: tuple[float, ...]) -> Floats:
        """Weight of each hypothesis, shape (N, S)."""
        return hypotheses.posterior(self.log_ratios, np.asarray(priors))

    def against_nothing(self, priors: tuple[float, ...]) -> Floats:
        """Likelihood of all other hypotheses, each times its prior, over that of "nothing happened", shape (N,)."""
        log = np.clip(self.log_ratios[:, 1:], -300, 50) + np.log(np.asarray(priors)[1:])
        return np.asarray(np.exp(np.clip(np.logaddexp.reduce(log, axis=1), -50, 50)), dtype=float)

    def log_odds(self, priors: tuple[float, ...]) -> Floats:
        """Natural log of the odds of a contradiction, shape (N,)."""
        return hypotheses.log_odds(self.log_ratios, np.asarray(priors))


def likelihoods_of(
    contrasts: Contrasts, observations: Observations, end: int, company: CompanyModel, least: int
) -> Likelihoods:
    """The likelihoods of the customers of ``contrasts`` as of week ``end`` (exclusive).

    An onset with fewer than ``least`` observations on either side is named only where there is no other.
    """
    n = len(contrasts.steps.size)
    split = touchpoint_split.split_log_ratios(observations, n, end, company, least)
    return likelihoods_with_split(contrasts, split, company, least)


def likelihoods_with_split(
    contrasts: Contrasts, split: tuple[Floats, Ints], company: CompanyModel, least: int
) -> Likelihoods:
    """As `likelihoods_of`, with what `touchpoint_split` says of the same customers."""
    n, (split_ratios, touchpoint) = len(contrasts.steps.size), split
    parts = [
        _block_likelihoods(contrasts.of(rows), split_ratios[rows], company, least)
        for rows in list(blocks(n)) or [slice(0, 0)]
    ]
    log_ratios, onset_index, down, jump = (np.concatenate([part[i] for part in parts]) for i in range(4))
    return Likelihoods(log_ratios, np.asarray(onset_index, np.int64), down, jump, touchpoint)


def _block_likelihoods(
    contrasts: Contrasts, split_ratios: Floats, company: CompanyModel, least: int
) -> tuple[Floats, Ints, Floats, Floats]:
    nulls, shape = company.nulls, contrasts.steps.size.shape
    sentiment = hypotheses.sentiment_ratios(contrasts.steps, nulls.sentiment, nulls.residual)
    kpis = hypotheses.kpi_ratios(contrasts.kpi_steps, nulls.kpis, shape)
    ratios = hypotheses.log_likelihood_ratios(sentiment, kpis, split_ratios)
    usable = contrasts.has_observations(least)
    usable |= ~usable.any(1, keepdims=True)
    onset_index = np.stack([_likeliest_onset(ratios[:, is_of_kind], usable) for is_of_kind in OF_KIND], axis=1)
    down, jump = (_ratios_at_onset(of_kpis, onset_index) for of_kpis in (kpis.down, kpis.jump))
    return hypotheses.log_mean(ratios), onset_index, down, jump


def _likeliest_onset(ratios: Floats, usable: NDArray[np.bool_]) -> Ints:
    """Index of the likeliest onset under one kind's hypotheses, (N, S', O) -> (N,)."""
    return np.asarray(np.where(usable, np.logaddexp.reduce(ratios, axis=1), -np.inf).argmax(1), dtype=np.int64)


def _ratios_at_onset(of_kpis: Floats, onset_index: Ints) -> Floats:
    """Each metric's ratio at the onset of each kind, (N, K, O) -> (N, 4, K)."""
    return np.moveaxis(np.take_along_axis(of_kpis, onset_index[:, None, :], axis=2), 2, 1)


def contradiction(posterior: Floats) -> tuple[Floats, Ints]:
    """Posterior probability of a contradiction, (N,), and the likeliest kind as an index of ``ALL_KINDS``."""
    of_kind = posterior @ OF_KIND.T
    return posterior @ IS_CONTRADICTION, of_kind.argmax(1).astype(np.int64)
