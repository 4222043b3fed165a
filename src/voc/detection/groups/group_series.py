"""Weekly series of a group's mood and metrics, and how far they moved beyond what they do in calm weeks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.groups.null_scatter import Scatter, beside, scatter_of
from voc.detection.hypotheses.company_model import Company
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RUNNING = 26
"""Newest weeks that tell nothing of what is usual: what is still going on may have begun in them."""
YEAR = 52
"""Weeks before a start that it is compared with."""
LEAST_BEFORE = 12
"""Weeks of them with a value, without which their scatter and its memory are not known."""


@dataclass(frozen=True)
class Pieces:
    """P voices or readings of a group's members: ``value``, the ``variance`` of its noise, ``week`` and ``member``."""

    value: Floats
    variance: Floats
    week: Ints
    member: Ints

    def __getitem__(self, chosen: Any) -> "Pieces":
        return Pieces(*(part[chosen] for part in vars(self).values()))

    def beyond(self, series: "Series") -> "Pieces":
        """Without what everybody's did in the week."""
        value = self.value - series.value[self.week]
        return replace(self, value=value)[np.isfinite(value)]

    def weekly(self, n_weeks: int) -> "Series":
        """A mean a week, surer pieces weighing more."""
        weights = np.bincount(self.week, 1 / self.variance, minlength=n_weeks)
        total = np.bincount(self.week, self.value / self.variance, minlength=n_weeks)
        known = weights > 0
        mean = np.divide(total, weights, out=np.full(n_weeks, np.nan), where=known)
        return Series(mean, np.divide(1.0, weights, out=np.full(n_weeks, np.inf), where=known))


@dataclass(frozen=True)
class Series:
    """``value`` of each week with the variance of its ``noise``, inf in weeks without any, each (W,)."""

    value: Floats
    noise: Floats


@dataclass(frozen=True)
class Contrast:
    """Mean after minus mean before a start, the variance of its ``noise`` from how members differ, of ``weeks`` after
    and before, and how calm weeks ``scatter``, None where history is too short."""

    change: float = 0.0
    noise: float = np.inf
    before: float = np.nan
    weeks: tuple[int, int] = (0, 0)
    scatter: Scatter | None = None

    @cached_property
    def _calm(self) -> tuple[float, float]:
        return self.scatter.variance(*self.weeks) if self.scatter else (np.inf, 0.0)

    @property
    def calm(self) -> float:
        """The variance that two such means of calm weeks differ by for everybody in the group."""
        return self._calm[0]

    @property
    def freedom(self) -> float:
        """Degrees of freedom, 0 where history is too short; of noise and calm only the second is estimated
        (Satterthwaite 1946)."""
        calm, freedom = self._calm
        if not freedom:
            return 0.0
        return float(min(freedom * ((self.noise + calm) / max(calm, 1e-12 * self.noise + 1e-300)) ** 2, 1e3))

    @property
    def se(self) -> float:
        return float(np.sqrt(self.noise + self.calm))

    @property
    def z(self) -> float:
        return self.change / self.se if self.freedom else 0.0


def contrasts(pieces: Pieces, n_weeks: int, onsets: Ints) -> tuple[Contrast, ...]:
    """One for each of ``onsets``, weeks before the end."""
    series = pieces.weekly(n_weeks)
    return tuple(_contrast(pieces, series, int(onset)) for onset in onsets)


def beside_others(of_groups: Sequence[tuple[Contrast, ...]]) -> list[tuple[Contrast, ...]]:
    """The same contrasts of each group of a level, where the level's other groups tell how calm weeks scatter."""
    out = []
    for i, of in enumerate(of_groups):
        others = [[group[o].scatter for j, group in enumerate(of_groups) if j != i] for o in range(len(of))]
        out.append(
            tuple(
                replace(one, scatter=one.scatter and beside(one.scatter, [other for other in told if other]))
                for one, told in zip(of, others, strict=True)
            )
        )
    return out


def _contrast(pieces: Pieces, series: Series, onset: int) -> Contrast:
    """The newest ``onset`` weeks against the year before, of which it is also learned how weeks scatter when calm.

    What one member says or does in several weeks hangs together, so noise is how much members differ (Liang and Zeger
    1986), if more than single pieces' own.
    """
    end = len(series.value)
    known = np.isfinite(series.noise)
    after, before = np.arange(max(0, end - onset), end), np.arange(max(0, end - onset - YEAR), max(0, end - onset))
    after, before = after[known[after]], before[known[before]]
    if before.size < LEAST_BEFORE or not after.size:
        return Contrast()
    (mean, mean_noise), (now, now_noise) = (_mean(series, weeks) for weeks in (before, after))
    noise = max(mean_noise + now_noise, _by_member(pieces, end, onset, mean, now))
    scatter = scatter_of(series.value, series.noise, before, mean)
    return Contrast(now - mean, noise, mean, (after.size, before.size), scatter)


def _by_member(pieces: Pieces, end: int, onset: int, mean: float, now: float) -> float:
    """Variance of the difference of two means, by how members differ from both."""
    weight, total = 1 / pieces.variance, np.zeros(int(pieces.member.max(initial=-1)) + 1)
    since, first = end - onset, max(0, end - onset - YEAR)
    for side, centre, sign in (
        (pieces.week >= since, now, 1.0),
        ((pieces.week < since) & (pieces.week >= first), mean, -1.0),
    ):
        pull = weight[side] * (pieces.value[side] - centre)
        total += sign * np.bincount(pieces.member[side], pull, minlength=total.size) / weight[side].sum()
    members = max(int(np.count_nonzero(total)), 2)
    return float((total**2).sum()) * members / (members - 1)


def _mean(series: Series, weeks: Ints) -> tuple[float, float]:
    """Mean of some weeks, surer ones weighing more, and the variance of its noise."""
    information = 1 / np.maximum(series.noise[weeks], 1e-12)
    return float(information @ series.value[weeks] / information.sum()), float(1 / information.sum())


def weight_of(observations: Observations, company: Company) -> Floats:
    """How surely each voice tells of its customer's satisfaction, as inverse variance."""
    process = company.process
    return np.asarray(1 / (process.trust * observations.noise + process.week + process.wander), dtype=float)


def around_own(observations: Observations, company: Company, n_customers: int, end: int) -> tuple[Floats, Floats]:
    """Voices beyond what the metrics explain around their customer's own level, and the variance of each.

    The level is the best linear prediction from what the customer said before anything still running began; of one who
    had said nothing it is the company's (Henderson 1975).
    """
    weight, left = weight_of(observations, company), observations.y - observations.expected
    past = weight * (observations.week < end - RUNNING)
    weights = np.bincount(observations.customer, past, minlength=n_customers) + 1 / company.process.level
    level = np.bincount(observations.customer, past * left, minlength=n_customers) / weights
    return left - level[observations.customer], 1 / weight + (1 / weights)[observations.customer]


def of_readings(x: Floats) -> Pieces:
    """Readings ``x`` (n, W) of n members; their noise is how they scatter."""
    member, week = np.nonzero(np.isfinite(x))
    value = x[member, week]
    variance = max(float(value.var()), 1e-12) if value.size else 1.0
    return Pieces(value, np.full(value.size, variance), week, member)


def centred(panel: Panel, shaped: Floats) -> Floats:
    """Readings (N, W), comparable in form, around the customer's own level before anything still running began; that of
    one measured rarely is drawn to the company's as far as customers resemble each other (Henderson 1975)."""
    past = shaped[:, : max(1, len(panel.weeks) - RUNNING)]
    there = np.isfinite(past)
    n = there.sum(1)
    total = np.where(there, past, 0.0).sum(1)
    mean = np.divide(total, n, out=np.zeros(len(n)), where=n > 0)
    around = np.where(there, past - mean[:, None], 0.0)
    within = (around**2).sum() / max(int((n - 1).clip(0).sum()), 1)
    grand = total.sum() / max(int(n.sum()), 1)
    several = n > 1
    between = float(np.var(mean[several]) - within * np.mean(1 / n[several])) if several.any() else 0.0
    own = np.divide(n, n + within / max(between, 1e-9 * max(within, 1e-9)), out=np.zeros(len(n)), where=n > 0)
    return np.asarray(shaped - (grand + own * (mean - grand))[:, None], dtype=float)
