"""Satisfaction process: how satisfaction differs between customers and wanders, and how far it stepped at an onset."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from voc.detection.inputs.observations import Observations
from voc.detection.process import gls
from voc.detection.process.gls import Batch, SentimentSteps
from voc.detection.process.onsets import Onset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SENTIMENT_LAGS = 26
"""Half a year of lags tells a customer's slow wandering from the scatter of items."""
NEIGHBOUR_LAGS = slice(1, 7)
"""Choice: lags in weeks at which one respondent's items are compared with all of the same customer."""
STRANGER_WEEKS = 26
"""Choice: a person first heard within so many newest weeks, among others heard before, is a stranger."""
STRANGER = 1.0
"""Variance of a stranger's bias: it may be anybody, so that of satisfaction."""
BATCH_NUMBERS = 500_000
"""Numbers of the largest covariance batch: 4 MB, which a processor's cache holds; 32 MB take twice as long."""
BATCH_OBSERVATIONS = 200_000
"""Observations of the largest batch; a customer with more is one by itself."""


@dataclass(frozen=True)
class Process:
    """Covariance parameters of satisfaction, as parts of its variance.

    ``trust``: factor of the noise of items; ``week``: variance that the items of a customer's week share; ``person``:
    of a respondent's bias; ``wander``: of a slow drift with autocorrelation ``persistence`` a week; ``level``: between
    customers; ``touchpoint``: between a customer's touchpoints.
    """

    trust: float = 1.0
    week: float = 0.0
    person: float = 0.0
    wander: float = 0.25
    persistence: float = 0.9
    level: float = 0.75
    touchpoint: float = 0.0

    def get_state(self) -> dict[str, float]:
        return asdict(self)


def learn_process(observations: Observations, n_customers: int, n_weeks: int) -> Process:
    """The process of what the metrics do not explain, from the variogram of observations within customers.

    gamma(lag) = trust × noise + week [lag > 0] + wander (1 − persistence^lag), by non-negative least squares, lags
    weighted by their pairs (Cressie 1985). A customer weighs as its observations and not as their pairs, so that the
    most talkative do not dominate.
    """
    residual = replace(observations, y=observations.y - observations.expected)
    pairs = _pairs(observations.customer, residual, n_customers, n_weeks)
    is_known = pairs[0] > 0
    if is_known.sum() < 3:
        return Process()
    count, half, noise = (column[is_known] for column in pairs)
    lag, root = np.flatnonzero(is_known), np.sqrt(count)
    fits = []
    for persistence in np.arange(0.5, 0.99, 0.02):
        design = np.stack([noise / count, lag > 0, 1 - persistence**lag], axis=1)
        parts, loss = nnls(design * root[:, None], half / count * root)
        fits.append((loss, persistence, parts))
    _, persistence, (trust, week, wander) = min(fits, key=lambda fit: fit[0])
    trust, person = max(float(trust), 0.1), _person(observations, n_weeks)
    weight = 1 / observations.noise
    total = np.average(
        (residual.y - np.average(residual.y, weights=weight)) ** 2 - trust * observations.noise, weights=weight
    )
    level = max(0.05, float(total - week - wander))
    touchpoint = _touchpoint(observations, n_weeks)
    return Process(trust, max(0.0, float(week) - person), person, float(wander), float(persistence), level, touchpoint)


def steps(
    observations: Observations,
    process: Process,
    n_customers: int,
    end: int,
    onsets: tuple[Onset, ...],
    lookback: int,
    touchpoint: int = -1,
) -> SentimentSteps:
    """The steps of satisfaction at each of ``onsets`` before week ``end`` (exclusive), (N, O).

    Observations covary by the customer's level, its wandering, the week and the person. So recent ones count more, and
    a customer with few observations is assumed to be like the others. touchpoint: the only one where satisfaction
    moved, −1 for all.
    """
    found = SentimentSteps.unobserved((n_customers, len(onsets)))
    for batch in batches(observations, process, n_customers, end, lookback, by_touchpoint=touchpoint >= 0):
        found.put(batch.rows, gls.steps(batch, end, onsets, touchpoint))
    return found


def batches(
    observations: Observations,
    process: Process,
    n_customers: int,
    end: int,
    lookback: int,
    *,
    by_touchpoint: bool = False,
) -> Iterator[Batch]:
    """Customers with what they said in the ``lookback`` weeks before ``end``, similar numbers of weeks together.

    by_touchpoint: whether steps at single touchpoints will be asked for.
    """
    in_view = np.flatnonzero((observations.week < end) & (observations.week >= end - lookback))
    customer = observations.customer[in_view]
    bounds = np.searchsorted(customer, np.arange(n_customers + 1))
    n_observations, n_cells = np.diff(bounds), _count_cells(observations, in_view, n_customers, by_touchpoint)
    strange = _strangers(observations, end)
    covariance: Floats = process.level + process.wander * process.persistence ** np.arange(lookback + 1.0)
    covariance[0] += process.week
    rows = np.lexsort((n_observations, n_cells))
    rows = rows[n_cells[rows] > 0]
    while rows.size:
        # a batch is as wide as its talkative customers are few
        fits = (np.arange(1, rows.size + 1) * n_cells[rows] ** 2 <= BATCH_NUMBERS) & (
            np.cumsum(n_observations[rows]) <= BATCH_OBSERVATIONS
        )
        n = max(1, int(fits.argmin()) if not fits.all() else rows.size)
        chosen, rows = rows[:n], rows[n:]
        owner = np.repeat(np.arange(n), n_observations[chosen])
        first = np.cumsum(n_observations[chosen]) - n_observations[chosen]
        position = in_view[np.arange(owner.size) + (bounds[chosen] - first)[owner]]
        yield gls.make_batch(
            observations,
            chosen,
            owner,
            position,
            person_variance=process.person + STRANGER * strange[position],
            noise=process.trust * observations.noise[position],
            covariance=covariance,
            touchpoint_variance=process.touchpoint if by_touchpoint else None,
        )


def _count_cells(observations: Observations, in_view: Ints, n_customers: int, by_touchpoint: bool) -> Ints:
    """The distinct weeks, or weeks and touchpoints, of each customer."""
    customer, week = observations.customer[in_view], observations.week[in_view]
    n_kinds = int(observations.touchpoint.max(initial=-1)) + 2 if by_touchpoint else 1
    touchpoint = observations.touchpoint[in_view] + 1 if by_touchpoint else 0
    key = np.unique((customer * (int(week.max(initial=0)) + 1) + week) * n_kinds + touchpoint)
    return np.bincount(key // n_kinds // (int(week.max(initial=0)) + 1), minlength=n_customers)


def changes_strangers(observations: Observations, end: int) -> NDArray[np.bool_]:
    """Observations without which others of their customer would become a stranger's, or no longer be one's."""
    person, early = _people(observations), observations.week < end - STRANGER_WEEKS
    alone = (_count(person, early) == 1) & (_count(person, np.ones_like(early)) > 1) & (observations.respondent >= 0)
    return np.asarray(early & (alone | (_count(observations.customer, early) == 1)), dtype=bool)


def _strangers(observations: Observations, end: int) -> NDArray[np.bool_]:
    """Observations of named people first heard within the last half year at a customer where others spoke before."""
    early = observations.week < end - STRANGER_WEEKS
    new = (observations.respondent >= 0) & (_count(_people(observations), early) == 0)
    return np.asarray(new & (_count(observations.customer, early) > 0), dtype=bool)


def _count(unit: Ints, chosen: NDArray[np.bool_]) -> Ints:
    """How many observations of each one's unit are chosen."""
    return np.bincount(unit[chosen], minlength=int(unit.max(initial=-1)) + 1)[unit]


def _people(observations: Observations) -> Ints:
    """A number for the person at its customer behind each observation, (C,)."""
    low, high = observations.respondent.min(initial=0), observations.respondent.max(initial=0)
    key = observations.customer * (high - low + 1) + observations.respondent - low
    return np.asarray(np.unique(key, return_inverse=True)[1], dtype=np.int64)


def _pairs(unit: Ints, observations: Observations, n_units: int, n_weeks: int) -> tuple[Floats, Floats, Floats]:
    """For each lag the weight of pairs, half their squared differences and the noise in these, each (lags + 1,)."""
    weight, flat = 1 / observations.noise, unit * n_weeks + observations.week
    grid = [
        np.bincount(flat, x, minlength=n_units * n_weeks).reshape(n_units, n_weeks)
        for x in (weight, weight * observations.y, weight * observations.y**2, np.ones_like(weight))
    ]
    share = 1 / np.maximum(grid[0].sum(1), 1e-9)
    # sums over all units for each pair of weeks; a lag is a diagonal
    once, squared, crossed, alone = (
        (share[:, None] * grid[i]).T @ grid[j] for i, j in ((0, 0), (0, 2), (1, 1), (0, 3))
    )
    by_lag = np.zeros((3, SENTIMENT_LAGS + 1))
    for lag in range(min(SENTIMENT_LAGS + 1, n_weeks)):
        both = [np.trace(sums, lag) + np.trace(sums, -lag) for sums in (once, squared, crossed, alone)]
        by_lag[:, lag] = both[0] / 2, (both[1] - both[2]) / 2, both[3] / 2
    # every pair within a week is counted twice, and each observation is paired with itself
    itself = share @ np.bincount(unit, weight**2, minlength=n_units), 0.0, share @ grid[0].sum(1)
    by_lag[:, 0] = (by_lag[:, 0] - itself) / 2
    return by_lag[0], by_lag[1], by_lag[2]


def _person(observations: Observations, n_weeks: int) -> float:
    """Variance of respondents' biases: how much more one person's items agree than all of the same customer."""
    named = observations.respondent >= 0
    if named.mean() < 0.3:
        return 0.0
    of_named = observations[named]
    return _agreement(of_named, _people(of_named), n_weeks)


def _touchpoint(observations: Observations, n_weeks: int) -> float:
    """Variance of what a customer thinks of single touchpoints: how much more what it says of one agrees than all."""
    of_known = observations[observations.touchpoint >= 0]
    if not of_known.week.size:
        return 0.0
    key = of_known.customer * (int(of_known.touchpoint.max()) + 1) + of_known.touchpoint
    return _agreement(of_known, np.unique(key, return_inverse=True)[1], n_weeks)


def _agreement(observations: Observations, unit: Ints, n_weeks: int) -> float:
    """By how much less neighbouring observations of a unit differ than all of its customer, half their squares."""
    customer = np.unique(observations.customer, return_inverse=True)[1]
    gamma = []
    for of_unit in (unit, customer):
        count, half, _ = _pairs(of_unit, observations, int(of_unit.max()) + 1, n_weeks)
        gamma.append(half[NEIGHBOUR_LAGS].sum() / max(count[NEIGHBOUR_LAGS].sum(), 1e-9))
    return max(0.0, float(gamma[1] - gamma[0]))
