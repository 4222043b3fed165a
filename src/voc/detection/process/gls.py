"""Generalised least squares of steps in a batch of customers, with all observations and without each of them.

Aitken (1936). Observations share a satisfaction that differs only by week, and some share a person; all else is noise
of their own. So a customer's inverse covariance follows from a matrix of its distinct weeks, however many observations
they hold (Woodbury 1950), and weekly sums are sufficient for a step. Without the i-th observation the inverse A becomes
A - a a' / A[i, i], where a is its i-th column (Sherman and Morrison 1950).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
        for column, values in zip(vars(self).values(), vars(found).values(), strict=True):
            column[rows] = values


@dataclass(frozen=True)
class Batch:
    """B customers with similar numbers of cells, c at most; a cell is a week, or a week and a touchpoint.

    Attributes
    ----------
    rows : ndarray of int, shape (B,)
        Of the customers.
    week, touchpoint, count : ndarray of int, shape (B, c)
        Of each cell; ``count`` is its number of observations, 0 in unused places.
    information : ndarray of float, shape (B, c, c)
        Inverse covariance of the observations' own noise and of people, summed over cells: Z' B⁻¹ Z.
    shared : ndarray of float, shape (B, c, c)
        (K⁻¹ + Z' B⁻¹ Z)⁻¹, where K is the covariance of satisfaction between cells.
    sums : ndarray of float, shape (B, 2, c)
        Z' B⁻¹ y of the observations and of their residuals beyond what the metrics lead one to expect.
    members : Members
        The observations themselves.
    """

    rows: Ints
    week: Ints
    touchpoint: Ints
    count: Ints
    information: Floats
    shared: Floats
    sums: Floats
    members: "Members"

    @cached_property
    def diagonal(self) -> Floats:
        """The diagonal of the inverse covariance, of each member, (n,)."""
        members, width = self.members, self.count.shape[1]
        shared = self.shared.reshape(-1, width)
        first, second = members.pairs()
        between = shared[members.part_cell[first], members.part_cell[second] % width]
        n_parts = members.part_cell.size
        carried = np.bincount(first, between * members.part_precision[second], minlength=n_parts)
        of_person = np.bincount(members.part_person, members.part_precision * carried, minlength=members.discount.size)
        part = np.searchsorted(
            members.part_person * shared.shape[0] + members.part_cell, members.person * shared.shape[0] + members.cell
        )
        own, discount = shared[members.cell, members.cell % width], members.discount[members.person]
        through = own - 2 * discount * carried[part] + discount**2 * of_person[members.person]
        return np.asarray(members.precision - members.precision**2 * (discount + through), dtype=float)


@dataclass(frozen=True)
class Members:
    """The observations of a batch, and the people who made them.

    Attributes
    ----------
    position : ndarray of int, shape (n,)
        Of each in the table of observations.
    cell, person : ndarray of int, shape (n,)
        Its cell, counted through all customers of the batch, and its person.
    precision : ndarray of float, shape (n,)
        Inverse variance of its own noise.
    discount : ndarray of float, shape (P,)
        v / (1 + v × the person's precision), where v is the variance of the person's bias.
    part_person, part_cell : ndarray of int, shape (E,)
        The distinct pairs of person and cell, by person.
    part_precision : ndarray of float, shape (E,)
        Their sums of precision.
    """

    position: Ints
    cell: Ints
    person: Ints
    precision: Floats
    discount: Floats
    part_person: Ints
    part_cell: Ints
    part_precision: Floats

    def weighted(self, x: Floats) -> Floats:
        """B⁻¹ x, of each observation, (n,)."""
        of_person = np.bincount(self.person, self.precision * x)
        return np.asarray(self.precision * (x - (self.discount * of_person)[self.person]), dtype=float)

    def pairs(self) -> tuple[Ints, Ints]:
        """All ordered pairs of parts of the same person, as two arrays of positions."""
        n_parts = np.bincount(self.part_person, minlength=self.discount.size)
        partners = n_parts[self.part_person]
        first = np.repeat(np.arange(self.part_person.size), partners)
        begin = (np.cumsum(n_parts) - n_parts)[self.part_person]
        second = np.arange(first.size) - np.repeat(np.cumsum(partners) - partners, partners)
        return first, second + np.repeat(begin, partners)


def make_batch(
    observations: Observations,
    rows: Ints,
    owner: Ints,
    position: Ints,
    person_variance: Floats,
    noise: Floats,
    covariance: Floats,
    touchpoint_variance: float | None,
) -> Batch:
    """The batch of some customers.

    owner: customer of each observation, its place in ``rows``, ascending; position: of each observation in the table;
    person_variance, noise: variance of its person's bias and of its own noise, (n,); covariance: of satisfaction in two
    weeks, by how many weeks they are apart; touchpoint_variance: of what a customer thinks of a touchpoint, where a
    cell is a week and a touchpoint, None where it is a week.
    """
    week = observations.week[position]
    touchpoint = np.zeros_like(week) if touchpoint_variance is None else observations.touchpoint[position]
    cells, number = _distinct([owner, week, touchpoint])
    n_cells = np.bincount(cells[0], minlength=rows.size)
    shape = rows.size, int(n_cells.max(initial=0))
    first = np.cumsum(n_cells) - n_cells
    place = cells[0] * shape[1] + np.arange(cells[0].size) - first[cells[0]]
    week_of_cell, touchpoint_of_cell = np.zeros((2, *shape), np.int64)
    week_of_cell.flat[place], touchpoint_of_cell.flat[place] = cells[1], cells[2]

    person = _distinct([owner, observations.respondent[position]])[1]
    members = _members(position, place[number], person, 1 / noise, person_variance)
    count = np.bincount(members.cell, minlength=shape[0] * shape[1]).reshape(shape)
    information = _information(members, shape)
    apart = np.minimum(np.abs(week_of_cell[:, :, None] - week_of_cell[:, None, :]), covariance.size - 1)
    at = np.where(count > 0, touchpoint_of_cell, -1)
    is_same = (at[:, :, None] == at[:, None, :]) & (at >= 0)[:, None]
    between = covariance[apart] + (touchpoint_variance or 0.0) * is_same
    between = np.where((count > 0)[:, :, None] & (count > 0)[:, None, :], between, 0.0)
    shared = np.asarray(np.linalg.solve(np.eye(shape[1]) + between @ information, between), dtype=float)
    y, expected = observations.y[position], observations.expected[position]
    sums = [np.bincount(members.cell, members.weighted(x), count.size).reshape(shape) for x in (y, y - expected)]
    return Batch(rows, week_of_cell, touchpoint_of_cell, count, information, shared, np.stack(sums, axis=1), members)


def _members(position: Ints, cell: Ints, person: Ints, precision: Floats, person_variance: Floats) -> Members:
    of_person = np.bincount(person, precision)
    variance = np.zeros(of_person.size)
    variance[person] = person_variance
    parts, number = _distinct([person, cell])
    part_precision = np.bincount(number, precision).astype(float)
    return Members(
        position, cell, person, precision, variance / (1 + variance * of_person), parts[0], parts[1], part_precision
    )


def _information(members: Members, shape: tuple[int, int]) -> Floats:
    """Z' B⁻¹ Z: each cell's precision, less what its people tell in other cells too."""
    size, width = shape[0] * shape[1], shape[1]
    first, second = members.pairs()
    told_twice = members.discount[members.part_person[first]] * members.part_precision[first]
    cell = np.concatenate([members.cell, members.part_cell[first]])
    other = np.concatenate([members.cell, members.part_cell[second]])
    value = np.concatenate([members.precision, -told_twice * members.part_precision[second]])
    return np.bincount(cell * width + other % width, value, minlength=size * width).reshape(*shape, width).astype(float)


def steps(batch: Batch, end: int, onsets: tuple[Onset, ...], touchpoint: int = -1) -> SentimentSteps:
    """Steps of each customer of the batch, (B, O), as of week ``end`` (exclusive).

    touchpoint: the only one where satisfaction moved, −1 for all.
    """
    fit = _fit(batch, end, onsets, touchpoint)
    return _steps(fit.information, fit.pulls, fit.after, fit.speaking - fit.after)


def leave_one_out_steps(
    batch: Batch, observations: Observations, end: int, onsets: tuple[Onset, ...], touchpoint: int = -1
) -> SentimentSteps:
    """Steps of each observation's customer without that observation, (n, O), in the order of the batch's members."""
    fit, members = _fit(batch, end, onsets, touchpoint), batch.members
    size = batch.count.size
    owner = members.cell // batch.count.shape[1]
    discount = members.discount[members.person]
    parts = csr_array(
        (members.part_precision, (members.part_person, members.part_cell)), shape=(members.discount.size, size)
    )

    def of_members(by_cell: Floats) -> Floats:
        """B⁻¹ Z times values of cells, of each observation, (B, c, k) -> (n, k)."""
        flat = by_cell.reshape(size, -1)
        own = parts @ flat
        return np.asarray(
            members.precision[:, None] * (flat[members.cell] - discount[:, None] * own[members.person]), dtype=float
        )

    weights = of_members(fit.contrast)
    y, expected = observations.y[members.position], observations.expected[members.position]
    alone = np.stack([members.weighted(x) for x in (y, y - expected)], axis=1)
    values = alone - of_members(np.moveaxis(batch.sums @ batch.shared, 1, 2))
    share = weights / batch.diagonal[:, None]
    speaks = np.ones(members.cell.size, bool)
    if touchpoint >= 0:
        speaks = observations.touchpoint[members.position] == touchpoint
    week = observations.week[members.position]
    since = (week[:, None] >= end - np.array([onset.weeks for onset in onsets])) & speaks[:, None]
    after = fit.after[owner] - since
    before = (fit.speaking[owner] - speaks[:, None]) - after
    pulls = fit.pulls[owner] - values[:, :, None] * share[:, None]
    return _steps(fit.information[owner] - weights * share, pulls, after, before)


@dataclass(frozen=True)
class _Fit:
    """Intermediate results of a batch.

    ``contrast``: what B⁻¹ Z is multiplied with for the weights of the observations in each step (B, c, O);
    ``information``: of each step (B, O); ``pulls``: weighted sums of observations and residuals (B, 2, O); ``after``,
    ``speaking``: observations at the touchpoint after the onset (B, O), and all of them (B, 1).
    """

    contrast: Floats
    information: Floats
    pulls: Floats
    after: Ints
    speaking: Ints


def _fit(batch: Batch, end: int, onsets: tuple[Onset, ...], touchpoint: int) -> _Fit:
    count = batch.count
    if touchpoint >= 0:
        count = np.where(batch.touchpoint == touchpoint, count, 0)
    heights = np.stack([onset.height(np.arange(end), end) for onset in onsets], axis=1)
    template = np.where(count[:, :, None] > 0, heights[batch.week], 0.0)
    contrast = template - batch.shared @ (batch.information @ template)
    information = np.einsum("bco,bco->bo", template, batch.information @ contrast)
    since = batch.week[:, :, None] >= end - np.array([onset.weeks for onset in onsets])
    after = (count[:, :, None] * since).sum(1)
    return _Fit(contrast, information, batch.sums @ contrast, after, count.sum(1)[:, None])


def _steps(information: Floats, pulls: Floats, after: Ints, before: Ints) -> SentimentSteps:
    is_informed = information > LEAST_INFORMATION
    size, residual = (
        np.divide(pulls[:, i], information, out=np.zeros_like(information), where=is_informed)
        for i in range(pulls.shape[1])
    )
    se = np.where(is_informed, 1 / np.sqrt(np.maximum(information, LEAST_INFORMATION)), np.inf)
    return SentimentSteps(size, residual, se, after.astype(float), before.astype(float))


def _distinct(columns: list[Ints]) -> tuple[Ints, Ints]:
    """The distinct rows of some columns, ascending, (k, d), and which of them each row is, (n,)."""
    order = np.lexsort(columns[::-1])
    table = np.stack(columns)[:, order]
    new = np.r_[True, (np.diff(table, axis=1) != 0).any(0)] if order.size else np.zeros(0, bool)
    which = np.zeros(order.size, np.int64)
    which[order] = np.cumsum(new) - 1
    return table[:, new], which
