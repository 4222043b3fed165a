"""Generalised least squares of steps in a batch of customers, and what is left of each without any one of its voices.

Aitken (1936). Of voices with inverse covariance A, those but the i-th have A - a a' / A[i, i], where a is its i-th
column: the partitioned inverse (Sherman and Morrison 1950). So one inverse serves every start, every touchpoint and
every voice that is left out.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs.observations import Observations
from voc.detection.process.onsets import Onset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_INFORMATION = 1e-9
"""Information on a step, its inverse variance, below which nothing was said of it."""


@dataclass(frozen=True)
class SentimentSteps:
    """Steps at O starts by generalised least squares, each (N, O): ``size`` of what was said, ``left`` of it beyond
    what the metrics led one to expect, their standard error
    ``se`` (inf where nothing was said), and voices ``after`` and ``before``."""

    size: Floats
    residual: Floats
    se: Floats
    after: Floats
    before: Floats

    def __getitem__(self, chosen: Any) -> "SentimentSteps":
        return SentimentSteps(*(part[chosen] for part in vars(self).values()))

    @classmethod
    def unobserved(cls, shape: tuple[int, ...]) -> "SentimentSteps":
        """Of customers who said nothing."""
        size, residual, after, before = np.zeros((4, *shape))
        return cls(size, residual, np.full(shape, np.inf), after, before)

    def put(self, rows: Ints, found: "SentimentSteps") -> None:
        """Writes the steps of some of the customers over these."""
        for whole, part in zip(vars(self).values(), vars(found).values(), strict=True):
            whole[rows] = part


@dataclass(frozen=True)
class Batch:
    """Customers with like many voices: rows (B,), voices as positions (B, m), which are there, and the inverse of
    their covariance (B, m, m)."""

    rows: Ints
    observation: Ints
    there: NDArray[np.bool_]
    inverse: Floats

    def __getitem__(self, chosen: Ints) -> "Batch":
        return Batch(*(part[chosen] for part in vars(self).values()))


@dataclass(frozen=True)
class _Fit:
    """Weights of the voices in each step (B, m, O), its information (B, O), values said and left of it (B, 2, m), how
    they pull at it (B, 2, O), which voices speak of it at all (B, m), and which since it began (B, m, O)."""

    weights: Floats
    information: Floats
    values: Floats
    pulls: Floats
    speaks: NDArray[np.bool_]
    since: NDArray[np.bool_]


def steps(
    batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int = -1
) -> SentimentSteps:
    """Of each customer of the batch, (B, O), as of week ``end`` (exclusive).

    touchpoint: the only one where satisfaction moved, −1 for all.
    """
    fit = _fit(batch, observations, end, onsets, touchpoint)
    after = fit.since.sum(1)
    return _steps(fit.information, fit.pulls, after, fit.speaks.sum(1)[:, None] - after)


def leave_one_out_steps(
    batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int = -1
) -> SentimentSteps:
    """The same of each customer without each of its voices, (B, m, O)."""
    fit = _fit(batch, observations, end, onsets, touchpoint)
    share = fit.weights / np.diagonal(batch.inverse, axis1=1, axis2=2)[:, :, None]
    after = fit.since.sum(1)[:, None] - fit.since
    before = (fit.speaks.sum(1)[:, None] - fit.speaks)[:, :, None] - after
    pulls = fit.pulls[:, :, None] - (fit.values @ batch.inverse)[..., None] * share[:, None]
    return _steps(fit.information[:, None] - fit.weights * share, pulls, after, before)


def _fit(batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int) -> _Fit:
    week, speaks = observations.week[batch.observation], batch.there
    if touchpoint >= 0:
        speaks = speaks & (observations.touchpoint[batch.observation] == touchpoint)
    heights = np.stack([onset.height(np.arange(end), end) for onset in onsets], axis=1)
    template = np.where(speaks[:, :, None], heights[week], 0.0)
    y, expected = (
        np.where(batch.there, column[batch.observation], 0.0) for column in (observations.y, observations.expected)
    )
    values = np.stack([y, y - expected], axis=1)
    weights = batch.inverse @ template
    information = np.einsum("bmo,bmo->bo", weights, template)
    since = (week[:, :, None] >= end - np.array([onset.weeks for onset in onsets])) & speaks[:, :, None]
    return _Fit(weights, information, values, values @ weights, speaks, since)


def _steps(information: Floats, pulls: Floats, after: Ints, before: Ints) -> SentimentSteps:
    is_informed = information > LEAST_INFORMATION
    size, residual = (
        np.divide(pulls[:, i], information, out=np.zeros_like(information), where=is_informed)
        for i in range(pulls.shape[1])
    )
    se = np.where(is_informed, 1 / np.sqrt(np.maximum(information, LEAST_INFORMATION)), np.inf)
    return SentimentSteps(size, residual, se, after.astype(float), before.astype(float))
