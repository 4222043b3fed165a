"""Generalised least squares of steps in a batch of customers, with all observations and without each of them.

Aitken (1936). If observations have the inverse covariance A, all but the i-th have A - a a' / A[i, i], where a is the
i-th column of A: the partitioned inverse (Sherman and Morrison 1950). So one inverse serves every onset, every
touchpoint and every omitted observation.
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
"""Information on a step, its inverse variance, below which no observation speaks of it."""


@dataclass(frozen=True)
class SentimentSteps:
    """Steps of N customers at O onsets, each (N, O), in standard deviations of satisfaction.

    ``size``: the step; ``residual``: the step beyond what the metrics lead one to expect; ``se``: standard error of
    both, inf without observations; ``after``, ``before``: numbers of observations.
    """

    size: Floats
    residual: Floats
    se: Floats
    after: Floats
    before: Floats

    def __getitem__(self, chosen: Any) -> "SentimentSteps":
        return SentimentSteps(*(part[chosen] for part in vars(self).values()))

    @classmethod
    def unobserved(cls, shape: tuple[int, ...]) -> "SentimentSteps":
        """Steps of customers without observations."""
        size, residual, after, before = np.zeros((4, *shape))
        return cls(size, residual, np.full(shape, np.inf), after, before)

    def put(self, rows: Ints, found: "SentimentSteps") -> None:
        """Overwrites the steps of some of the customers."""
        for column, part in zip(vars(self).values(), vars(found).values(), strict=True):
            column[rows] = part


@dataclass(frozen=True)
class Batch:
    """B customers with similar numbers of observations, m at most.

    ``rows``: of the customers (B,); ``observation``: positions of their observations (B, m); ``is_filled``: which of
    these places are used; ``inverse``: inverse covariance (B, m, m).
    """

    rows: Ints
    observation: Ints
    is_filled: NDArray[np.bool_]
    inverse: Floats

    def __getitem__(self, chosen: Ints) -> "Batch":
        return Batch(*(part[chosen] for part in vars(self).values()))


@dataclass(frozen=True)
class _Fit:
    """Intermediate results of a batch.

    ``weights``: of each observation in each step (B, m, O); ``information``: of each step (B, O); ``values``:
    observations and their residuals (B, 2, m); ``pulls``: weighted sums of both (B, 2, O); ``speaks``: observations at
    the touchpoint (B, m); ``since``: those after the onset (B, m, O).
    """

    weights: Floats
    information: Floats
    values: Floats
    pulls: Floats
    speaks: NDArray[np.bool_]
    since: NDArray[np.bool_]


def steps(
    batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int = -1
) -> SentimentSteps:
    """Steps of each customer of the batch, (B, O), as of week ``end`` (exclusive).

    touchpoint: the only one where satisfaction moved, −1 for all.
    """
    fit = _fit(batch, observations, end, onsets, touchpoint)
    after = fit.since.sum(1)
    return _steps(fit.information, fit.pulls, after, fit.speaks.sum(1)[:, None] - after)


def leave_one_out_steps(
    batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int = -1
) -> SentimentSteps:
    """Steps of each customer without each of its observations, (B, m, O)."""
    fit = _fit(batch, observations, end, onsets, touchpoint)
    share = fit.weights / np.diagonal(batch.inverse, axis1=1, axis2=2)[:, :, None]
    after = fit.since.sum(1)[:, None] - fit.since
    before = (fit.speaks.sum(1)[:, None] - fit.speaks)[:, :, None] - after
    pulls = fit.pulls[:, :, None] - (fit.values @ batch.inverse)[..., None] * share[:, None]
    return _steps(fit.information[:, None] - fit.weights * share, pulls, after, before)


def _fit(batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int) -> _Fit:
    week, speaks = observations.week[batch.observation], batch.is_filled
    if touchpoint >= 0:
        speaks = speaks & (observations.touchpoint[batch.observation] == touchpoint)
    heights = np.stack([onset.height(np.arange(end), end) for onset in onsets], axis=1)
    template = np.where(speaks[:, :, None], heights[week], 0.0)
    y, expected = (
        np.where(batch.is_filled, column[batch.observation], 0.0) for column in (observations.y, observations.expected)
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
