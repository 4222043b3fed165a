"""Weekly series of a group's sentiment and metrics, and how far they moved beyond their null scatter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.groups.null_scatter import Scatter, pooled_with, scatter_of
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.detection.process.kpi_steps import Memory, estimate_kpi_steps
from voc.detection.process.onsets import BASELINE_WEEKS
from voc.detection.process.start_interval import STARTS, Starts, interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RUNNING_WEEKS = 26
"""Newest weeks that say nothing of what is usual: whatever is still going on may have begun in them."""
LEAST_BESIDE = 4
"""Choice: groups of a level whose median move is known well enough."""
TO_SIGMA_OF_MEDIAN = 1.4826
"""Standard deviation of normal values over the median of their absolute ones."""
LEAST_BEFORE = 12
"""Baseline weeks with a value, without which their scatter and its memory are not known."""


@dataclass(frozen=True)
class WeightedValues:
    """P observations or readings of a group's members, arrays (P,).

    ``value``, the ``variance`` of its noise, its ``week`` and its ``member``, a row of the panel's customers or of the
    readings.
    """

    value: Floats
    variance: Floats
    week: Ints
    member: Ints

    def __getitem__(self, chosen: Any) -> "WeightedValues":
        return WeightedValues(*(part[chosen] for part in vars(self).values()))

    def beyond(self, series: "WeeklySeries") -> "WeightedValues":
        """The values less the weekly means of a ``series``, without weeks that have none."""
        value = self.value - series.value[self.week]
        return replace(self, value=value)[np.isfinite(value)]

    def weekly(self, n_weeks: int) -> "WeeklySeries":
        """Precision-weighted mean of each week."""
        weights = np.bincount(self.week, 1 / self.variance, minlength=n_weeks)
        total = np.bincount(self.week, self.value / self.variance, minlength=n_weeks)
        is_known = weights > 0
        mean = np.divide(total, weights, out=np.full(n_weeks, np.nan), where=is_known)
        return WeeklySeries(mean, np.divide(1.0, weights, out=np.full(n_weeks, np.inf), where=is_known))


@dataclass(frozen=True)
class WeeklySeries:
    """``value`` of each week and the variance of its ``noise``, inf in weeks without a value, each (W,)."""

    value: Floats
    noise: Floats


@dataclass(frozen=True)
class WeeklyContrast:
    """Mean of a weekly series after an onset minus its mean before.

    Attributes
    ----------
    change : float
    noise : float
        Variance of ``change`` from how much members differ.
    before : float
        The mean before.
    weeks : tuple of int
        Weeks with a value after and before.
    scatter : Scatter or None
        Null scatter of the weeks; None where history is too short.
    restless : float
        How much more the level's groups move at this onset than their own weeks tell, at least 1.
    """

    change: float = 0.0
    noise: float = np.inf
    before: float = np.nan
    weeks: tuple[int, int] = (0, 0)
    scatter: Scatter | None = None
    restless: float = 1.0

    @cached_property
    def _null(self) -> tuple[float, float]:
        return self.scatter.variance(*self.weeks) if self.scatter else (np.inf, 0.0)

    @property
    def null_variance(self) -> float:
        """Variance of the difference of two such means when nothing happens, shared by all members."""
        return self._null[0]

    @property
    def freedom(self) -> float:
        """Degrees of freedom, 0 where history is too short.

        Of ``noise`` and ``null_variance`` only the second is estimated (Satterthwaite 1946).
        """
        null_variance, freedom = self._null
        if not freedom:
            return 0.0
        ratio = (self.noise + null_variance) / max(null_variance, 1e-12 * self.noise + 1e-300)
        return float(min(freedom * ratio**2, 1e3))

    @property
    def se(self) -> float:
        return float(np.sqrt(self.noise + self.null_variance))

    @property
    def z(self) -> float:
        return self.change / self.se if self.freedom else 0.0

    @property
    def z_beside(self) -> float:
        """The same, measured by how the level's groups move at this onset."""
        return self.z / self.restless


def weekly_contrasts(values: WeightedValues, n_weeks: int, onset_weeks: Ints) -> tuple[WeeklyContrast, ...]:
    """One for each of ``onset_weeks``, weeks before the end."""
    series = values.weekly(n_weeks)
    return tuple(_contrast(values, series, int(weeks)) for weeks in onset_weeks)


def beside_each_other(of_groups: Sequence[tuple[WeeklyContrast, ...]]) -> list[tuple[WeeklyContrast, ...]]:
    """The contrasts of each group of a level, measured by how the level's groups move just now.

    Where metrics wander for months, a year of a group's own weeks cannot tell it, but that others move as far at the
    same time can. A median (Hampel 1974) is not moved by the few to which something happened.
    """
    z = np.array([[contrast.z for contrast in contrasts] for contrasts in of_groups])
    if len(z) < LEAST_BESIDE:
        return list(of_groups)
    around = np.abs(z - np.median(z, axis=0))  # where one falls, all others rise beside the company
    restless = np.maximum(TO_SIGMA_OF_MEDIAN * np.median(around, axis=0), 1.0)
    return [
        tuple(replace(contrast, restless=float(by)) for contrast, by in zip(contrasts, restless, strict=True))
        for contrasts in of_groups
    ]


def start_of(series: WeeklySeries, sign: int) -> Starts:
    """When a weekly series moved by ``sign``, as it scatters before anything still running began; shapes (1,).

    Of each possible start the likelihood of the step that suits it best counts.
    """
    end = len(series.value)
    usual = np.flatnonzero(np.isfinite(series.noise[: max(0, end - RUNNING_WEEKS)]))[-BASELINE_WEEKS:]
    known = series.noise[np.isfinite(series.noise)]
    scatter = scatter_of(series.value, series.noise, usual, float(np.mean(series.value[usual]))) if usual.size else None
    spread, memory = scatter.spread_and_memory if scatter else (0.0, 0.0)
    moves = Memory(max(float(known.mean()), 1e-9) if known.size else 1.0, spread, memory)
    steps = estimate_kpi_steps(series.value[None], moves, "weekly", end, STARTS, LOOKBACK, LEAST_BEFORE)
    z = np.nan_to_num(sign * steps.size / steps.se)
    return interval(np.maximum(z, 0.0) ** 2 / 2, np.isfinite(steps.size))


def pool_scatter(of_groups: Sequence[tuple[WeeklyContrast, ...]]) -> list[tuple[WeeklyContrast, ...]]:
    """The contrasts of each group of a level, their null scatter pooled with that of the level's other groups."""
    pooled = []
    for i, contrasts in enumerate(of_groups):
        others = [[group[o].scatter for j, group in enumerate(of_groups) if j != i] for o in range(len(contrasts))]
        pooled.append(
            tuple(
                replace(
                    contrast,
                    scatter=contrast.scatter and pooled_with(contrast.scatter, [other for other in scatters if other]),
                )
                for contrast, scatters in zip(contrasts, others, strict=True)
            )
        )
    return pooled


def _contrast(values: WeightedValues, series: WeeklySeries, onset_weeks: int) -> WeeklyContrast:
    """The newest ``onset_weeks`` weeks against the year before, from which the null scatter is estimated too.

    The weeks of one member are correlated, so noise is how much members differ (Liang and Zeger 1986), if that is more
    than the noise of single values.
    """
    end = len(series.value)
    is_known = np.isfinite(series.noise)
    start = max(0, end - onset_weeks)
    after, before = np.arange(start, end), np.arange(max(0, end - onset_weeks - BASELINE_WEEKS), start)
    after, before = after[is_known[after]], before[is_known[before]]
    if before.size < LEAST_BEFORE or not after.size:
        return WeeklyContrast()
    (mean, mean_noise), (now, now_noise) = (_mean(series, weeks) for weeks in (before, after))
    noise = max(mean_noise + now_noise, _variance_between_members(values, end, onset_weeks, mean, now))
    scatter = scatter_of(series.value, series.noise, before, mean)
    return WeeklyContrast(now - mean, noise, mean, (after.size, before.size), scatter)


def _variance_between_members(values: WeightedValues, end: int, onset_weeks: int, mean: float, now: float) -> float:
    """Variance of the difference of the two means, ``now`` and ``mean``, from how members differ from them."""
    weight, total = 1 / values.variance, np.zeros(int(values.member.max(initial=-1)) + 1)
    since, first = end - onset_weeks, max(0, end - onset_weeks - BASELINE_WEEKS)
    for side, centre, sign in (
        (values.week >= since, now, 1.0),
        ((values.week < since) & (values.week >= first), mean, -1.0),
    ):
        pull = weight[side] * (values.value[side] - centre)
        total += sign * np.bincount(values.member[side], pull, minlength=total.size) / weight[side].sum()
    members = max(int(np.count_nonzero(total)), 2)
    return float((total**2).sum()) * members / (members - 1)


def _mean(series: WeeklySeries, weeks: Ints) -> tuple[float, float]:
    """Precision-weighted mean of some weeks and the variance of its noise."""
    information = 1 / np.maximum(series.noise[weeks], 1e-12)
    return float(information @ series.value[weeks] / information.sum()), float(1 / information.sum())


def residuals_around_own_level(
    observations: Observations, company: CompanyModel, n_customers: int, end: int
) -> tuple[Floats, Floats]:
    """Observations beyond what the metrics explain, around their customer's own level, and the variance of each.

    The level is the best linear prediction (Henderson 1975) from what the customer said before anything still running
    began. Of a customer who had said nothing by then it is the company's.
    """
    process = company.process
    weight = 1 / (process.trust * observations.noise + process.week + process.wander)
    residual = observations.y - observations.expected
    past = weight * (observations.week < end - RUNNING_WEEKS)
    weights = np.bincount(observations.customer, past, minlength=n_customers) + 1 / process.level
    level = np.bincount(observations.customer, past * residual, minlength=n_customers) / weights
    return residual - level[observations.customer], 1 / weight + (1 / weights)[observations.customer]


def values_of_readings(x: Floats) -> WeightedValues:
    """Readings ``x`` (n, W) of n members; the variance of all is their scatter."""
    member, week = np.nonzero(np.isfinite(x))
    value = x[member, week]
    variance = max(float(value.var()), 1e-12) if value.size else 1.0
    return WeightedValues(value, np.full(value.size, variance), week, member)


def around_own_level(panel: Panel, x: Floats) -> Floats:
    """Readings ``x`` (N, W), comparable in form, around the customer's own level before anything still running began.

    The level of a customer who was measured rarely is shrunken to the company's (Henderson 1975).
    """
    past = x[:, : max(1, len(panel.weeks) - RUNNING_WEEKS)]
    is_finite = np.isfinite(past)
    n = is_finite.sum(1)
    total = np.where(is_finite, past, 0.0).sum(1)
    mean = np.divide(total, n, out=np.zeros(len(n)), where=n > 0)
    around = np.where(is_finite, past - mean[:, None], 0.0)
    within = (around**2).sum() / max(int((n - 1).clip(0).sum()), 1)
    grand = total.sum() / max(int(n.sum()), 1)
    several = n > 1
    between = float(np.var(mean[several]) - within * np.mean(1 / n[several])) if several.any() else 0.0
    own = np.divide(n, n + within / max(between, 1e-9 * max(within, 1e-9)), out=np.zeros(len(n)), where=n > 0)
    return np.asarray(x - (grand + own * (mean - grand))[:, None], dtype=float)
