"""Weighing: every story's weight for every customer, and where a contradiction would have begun."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import hypotheses, touchpoint_split
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import Contrasts, blocks
from voc.detection.hypotheses.hypotheses import IS_CONTRADICTION, OF_KIND
from voc.detection.inputs.observations import Observations

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Likelihoods:
    """N customers: log likelihood ratio ``total`` of each story (N, S); of each kind the likeliest ``start`` (index of
    ``STARTS``), where metrics moved ``down`` and jumped ``up`` at it, (N, 4, K); and ``split``, the touchpoint that a
    split would be at, −1 without one."""

    log_ratios: Floats
    onset_index: Ints
    down: Floats
    jump: Floats
    split: Ints

    def posterior(self, priors: tuple[float, ...]) -> Floats:
        return hypotheses.posterior(self.log_ratios, np.asarray(priors))

    def against_nothing(self, priors: tuple[float, ...]) -> Floats:
        """Likelihood of any other story, each weighing its share, over that of "nothing happened", (N,)."""
        log = np.clip(self.log_ratios[:, 1:], -300, 50) + np.log(np.asarray(priors)[1:])
        return np.asarray(np.exp(np.clip(np.logaddexp.reduce(log, axis=1), -50, 50)), dtype=float)

    def log_odds(self, priors: tuple[float, ...]) -> Floats:
        return hypotheses.log_odds(self.log_ratios, np.asarray(priors))


def likelihoods_of(
    contrasts: Contrasts, observations: Observations, end: int, company: Company, least: int
) -> Likelihoods:
    """Weighs the customers of ``seen``, whose voices ``said`` are, as of week ``end``.

    A start with fewer than ``least`` voices on either side is named only where there is no other.
    """
    return likelihoods_with_split(
        contrasts,
        touchpoint_split.split_log_ratios(observations, len(contrasts.steps.size), end, company, least),
        company,
        least,
    )


def likelihoods_with_split(
    contrasts: Contrasts, split_ratios: tuple[Floats, Ints], company: Company, least: int
) -> Likelihoods:
    """As `weigh`; ``fall_at_one``: what `splits` says of the same customers."""
    n, (split, where) = len(contrasts.steps.size), split_ratios
    rows = list(blocks(n)) or [slice(0, 0)]
    parts = [_block_likelihoods(contrasts.of(of), split[of], company, least) for of in rows]
    log_ratios, onset_index = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    down, jump = (np.concatenate([part[i] for part in parts]) for i in (2, 3))
    return Likelihoods(log_ratios, np.asarray(onset_index, np.int64), down, jump, where)


def _block_likelihoods(
    contrasts: Contrasts, split: Floats, company: Company, least: int
) -> tuple[Floats, Ints, Floats, Floats]:
    nulls, shape = company.nulls, contrasts.steps.size.shape
    kpi_ratios = hypotheses.kpi_ratios(contrasts.kpi_steps, nulls.kpis, shape)
    ratios = hypotheses.log_likelihood_ratios(
        hypotheses.sentiment_ratios(contrasts.steps, nulls.sentiment, nulls.residual), kpi_ratios, split
    )
    usable = contrasts.has_observations(least)
    usable |= ~usable.any(1, keepdims=True)
    onset_index = np.stack([_likeliest_onset(ratios[:, of], usable) for of in OF_KIND], axis=1)
    down, jump = (_kpi_ratios_at(part, onset_index) for part in (kpi_ratios.down, kpi_ratios.jump))
    return hypotheses.log_mean(ratios), onset_index, down, jump


def _likeliest_onset(ratios: Floats, usable: NDArray[np.bool_]) -> Ints:
    """The likeliest start of one kind's stories, (N, S', O) -> (N,)."""
    return np.asarray(np.where(usable, np.logaddexp.reduce(ratios, axis=1), -np.inf).argmax(1), dtype=np.int64)


def _kpi_ratios_at(kpi_ratios: Floats, onset_index: Ints) -> Floats:
    """Each metric's ratio at the start of each kind, (N, K, O) -> (N, 4, K)."""
    return np.moveaxis(np.take_along_axis(kpi_ratios, onset_index[:, None, :], axis=2), 2, 1)


def contradiction(posterior: Floats) -> tuple[Floats, Ints]:
    """Weight of the kinds together, (N,), and the likeliest of them as an index of ``KINDS``."""
    of_kind = posterior @ OF_KIND.T
    return posterior @ IS_CONTRADICTION, of_kind.argmax(1).astype(np.int64)
