"""Cells: customers of two or three groups at once, such as plan Basic in region North, found among all there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from voc.detection.groups.group_findings import Group, GroupFinding
from voc.detection.groups.sparse_shift import MAX_STEP_SE
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.panel import Panel
from voc.detection.process import satisfaction_process
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.onsets import ABRUPT, ABRUPT_WEEKS, ONSETS
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_LEVELS = 3
LEAST_CELL_MEMBERS = 10
"""Choice: members with a known step; fewer are judged one by one."""
MOST_CELLS = 5
"""Choice: cells that are looked for on one night."""
SHUFFLES = 99
"""What they alone can tell is one percent."""
SUREST_P = 0.01
"""Choice: p-value up to which a cell stands out, one in a hundred nights by chance."""
LEAST_P = 1e-6
"""Choice: no smaller p-value is claimed of a cell."""
REST_FELL = -2.33
"""One-sided 1 %."""
REST_PART = 0.5
"""Choice: where the rest of what a cell is part of fell clearly by itself, and on average by at least half as much as
the cell, the whole of it fell."""
MOST_ALONE = 4.0
"""Standard errors up to which one member's step counts: one loud member makes no cell."""
CELL, TOUCHPOINT = "cell", "touchpoint"
_ABRUPT_ONSETS = tuple(ONSETS[i] for i in ABRUPT)


@dataclass(frozen=True)
class CellFinding:
    """A cell, its parts as level and name, and the fall that it has in common."""

    group: Group
    parts: tuple[tuple[str, str], ...]
    fall: GroupFinding


@dataclass(frozen=True)
class _Units:
    """U customers, or customers at one touchpoint: their ``customer`` (U,), steps beyond expectation and weights (1
    over their variances) at the abrupt onsets, (U, O), and codes (L, U) of what they are grouped by."""

    levels: tuple[str, ...]
    n_names: tuple[int, ...]
    customer: Ints
    step: Floats
    weight: Floats
    code: Ints

    def subsets(self) -> Iterator[tuple[int, ...]]:
        """The levels that make a cell; where touchpoints are a level it is always one of them."""
        for size in range(2, MOST_LEVELS + 1):
            for subset in combinations(range(len(self.levels)), size):
                if TOUCHPOINT not in self.levels or self.levels[subset[-1]] == TOUCHPOINT:
                    yield subset

    def cell_of(self, subset: Sequence[int], code: Ints) -> tuple[Ints, int]:
        """The number of each unit's cell, −1 where it is in none, and how many cells there are."""
        cell, n = np.zeros(code.shape[1], np.int64), 1
        for level in subset:
            cell, n = cell * self.n_names[level] + code[level], n * self.n_names[level]
        return np.where((code[list(subset)] < 0).any(0), -1, cell), n

    @cached_property
    def _columns(self) -> Floats:
        """What cells are sums of: pulls, weights and how many are known, (U, 3 O)."""
        return np.concatenate([self.weight * self.step, self.weight, self.weight > 0], axis=1)

    def z(self, subset: Sequence[int], code: Ints) -> Floats:
        """Standardised mean step of each cell at each onset, (cells, O); 0 where it has too few members."""
        cell, n = self.cell_of(subset, code)
        # one column a unit: no sorting, and all onsets in one pass
        inside = csc_array(
            (np.ones(cell.size), np.where(cell < 0, n, cell), np.arange(cell.size + 1)), (n + 1, cell.size)
        )
        pull, weight, known = np.split((inside @ self._columns)[:n], 3, axis=1)
        return np.where(known >= LEAST_CELL_MEMBERS, pull / np.sqrt(np.maximum(weight, 1e-12)), 0.0)

    def without_mean(self, rows: NDArray[np.bool_]) -> "_Units":
        """With the mean step of some units taken out of them, so that what is left is beside it."""
        pull, weight = ((part[rows]).sum(0) for part in (self.weight * self.step, self.weight))
        return replace(self, step=self.step - rows[:, None] * (pull / np.maximum(weight, 1e-12)))


def find_cells(panel: Panel, prepared: PreparedPanel, company: CompanyModel, seed: int = 0) -> list[CellFinding]:
    """The cells that fell beyond what the company, their groups and chance explain, the surest first.

    The surest of all cells, at any onset, is compared with the surest of as many made of customers that change their
    groups with each other (Westfall and Young 1993): so all that was looked at is paid for. It is taken out, and the
    next is looked for in what is left, so that neither what it is part of nor its own parts are found for the same
    fall. Where the rest of a whole group fell as well, nothing of it is a cell.
    """
    if not panel.levels:
        return []
    tables = [_customers(panel, prepared, company), _at_touchpoints(panel, prepared, company)]
    if not any(True for table in tables for _ in table.subsets()):
        return []
    lowest = _shuffled(tables, len(panel.customers), np.random.default_rng(seed))
    found: list[CellFinding] = []
    for _ in range(2 * MOST_CELLS):
        z, table, subset, cell, onset_index = min(
            (_lowest(table, subset) for table in tables for subset in table.subsets()), key=lambda best: best[0]
        )
        p = _p(z, lowest)
        if p > SUREST_P or len(found) == MOST_CELLS:
            break
        unit = int(np.flatnonzero(table.cell_of(subset, table.code)[0] == cell)[0])
        table, subset, inside = _whole_that_fell(tables, table, subset, unit, onset_index)
        if len(subset) > 1:
            found.append(_finding(panel, table, subset, inside, onset_index, p, lowest))
        customers = np.unique(table.customer[inside])
        of_touchpoint = table.levels[subset[-1]] == TOUCHPOINT
        tables = [
            other.without_mean(inside if other is table else np.isin(other.customer, customers))
            if other is table or not of_touchpoint
            else other
            for other in tables
        ]
    return found


def _p(z: float, lowest: Floats) -> float:
    """How often the lowest of all cells is as low by chance.

    Below what the shuffles can tell, by the extreme-value distribution that suits them (Gumbel, by moments).
    """
    p = (1 + np.count_nonzero(lowest <= z)) / (1 + lowest.size)
    if (lowest <= z).any():
        return float(p)
    scale = max(float(lowest.std()) * np.sqrt(6) / np.pi, 1e-6)
    beyond = (-z + float(lowest.mean())) / scale + np.euler_gamma
    return float(min(p, max(-np.expm1(-np.exp(-beyond)), LEAST_P)))


def _whole_that_fell(
    tables: Sequence[_Units], table: _Units, subset: tuple[int, ...], unit: int, onset_index: int
) -> tuple[_Units, tuple[int, ...], NDArray[np.bool_]]:
    """The largest of what a unit's cell is part of whose rest fell too, and which units are inside."""
    code = table.code[:, unit]
    while True:
        inside = (table.code[list(subset)] == code[list(subset), None]).all(0)
        rests = []
        for dropped in subset if len(subset) > 1 else ():
            whole = tuple(level for level in subset if level != dropped)
            rest = (table.code[list(whole)] == code[list(whole), None]).all(0) & ~inside
            steps, weights = table.step[:, onset_index], table.weight[:, onset_index]
            if _fell_as_well((steps[rest], weights[rest]), (steps[inside], weights[inside])):
                rests.append((float(weights[rest] @ steps[rest]), whole))
        if not rests:
            return table, subset, inside
        _, whole = min(rests)
        if TOUCHPOINT in table.levels and table.levels[whole[-1]] != TOUCHPOINT:
            table = next(other for other in tables if TOUCHPOINT not in other.levels)  # all touchpoints: the customers
        subset = whole


def _fell_as_well(rest: tuple[Floats, Floats], cell: tuple[Floats, Floats]) -> bool:
    """Whether the rest fell clearly and about as much as the cell; of each its steps and their weights."""
    (pull, weight), (pull_of_cell, weight_of_cell) = ((w @ x, max(float(w.sum()), 1e-12)) for x, w in (rest, cell))
    is_clear = pull / np.sqrt(weight) <= REST_FELL
    return bool(is_clear and pull / weight <= REST_PART * pull_of_cell / weight_of_cell)


def _lowest(table: _Units, subset: tuple[int, ...]) -> tuple[float, _Units, tuple[int, ...], int, int]:
    z = table.z(subset, table.code)
    cell, onset_index = (int(i) for i in np.unravel_index(z.argmin(), z.shape)) if z.size else (0, 0)
    return (float(z[cell, onset_index]) if z.size else 0.0), table, subset, cell, onset_index


def _shuffled(tables: Sequence[_Units], n: int, rng: np.random.Generator) -> Floats:
    """The surest of all cells where customers change their groups with each other, (SHUFFLES,)."""
    lowest = np.zeros(SHUFFLES)
    for i in range(SHUFFLES):
        order = rng.permutation(n)
        for table in tables:
            owner = np.full(n, -1)
            owner[table.customer] = np.arange(table.customer.size)
            code = table.code.copy()
            for level, name in enumerate(table.levels):
                if name != TOUCHPOINT:
                    of_customer = np.full(n, -1)
                    of_customer[table.customer] = table.code[level]
                    code[level] = of_customer[order][table.customer]
            lowest[i] = min([lowest[i], *(table.z(subset, code).min(initial=0.0) for subset in table.subsets())])
    return lowest


def _customers(panel: Panel, prepared: PreparedPanel, company: CompanyModel) -> _Units:
    """Their groups' moods of the week stay in: a plan of which most fell would have taken the fall out of all."""
    own = prepared.observations
    whole = replace(own, y=own.y + own.of_groups.sum(1))
    n, end = prepared.expected.shape
    steps = satisfaction_process.steps(whole, company.process, n, end, _ABRUPT_ONSETS, LOOKBACK)
    step, se = steps.residual, steps.se * company.nulls.residual.scale
    rows = np.flatnonzero((np.isfinite(se) & (se < MAX_STEP_SE)).any(1))
    return _units(panel.levels, tuple(map(len, panel.groups)), rows, step[rows], se[rows], panel.group[:, rows])


def _at_touchpoints(panel: Panel, prepared: PreparedPanel, company: CompanyModel) -> _Units:
    """Customers at one touchpoint: mean after minus mean before, less what everybody's did there."""
    own, process, end = prepared.observations, company.process, len(panel.weeks)
    in_view = (own.touchpoint >= 0) & (own.week >= end - LOOKBACK)
    customer, touchpoint, week = own.customer[in_view], own.touchpoint[in_view], own.week[in_view]
    n_touchpoints = max(len(panel.touchpoints), 1)
    pair, unit = np.unique(customer * n_touchpoints + touchpoint, return_inverse=True)
    weight = 1 / (process.trust * own.noise[in_view] + process.week + process.wander)
    value = (own.y - own.expected + own.of_groups.sum(1))[in_view]
    step, se = np.full((2, pair.size, ABRUPT_WEEKS.size), np.nan)
    for o, weeks in enumerate(ABRUPT_WEEKS):
        sides = []
        for side in (week >= end - weeks, week < end - weeks):
            of_side = np.bincount(unit, weight * side, minlength=pair.size)
            with np.errstate(invalid="ignore", divide="ignore"):
                sides.append((np.bincount(unit, weight * side * value, minlength=pair.size) / of_side, 1 / of_side))
        (after, after_variance), (before, before_variance) = sides
        step[:, o], se[:, o] = after - before, np.sqrt(after_variance + before_variance)
    customer, touchpoint = pair // n_touchpoints, pair % n_touchpoints
    levels, n_names = (*panel.levels, TOUCHPOINT), (*map(len, panel.groups), n_touchpoints)
    code = np.concatenate([panel.group[:, customer].reshape(len(panel.levels), -1), touchpoint[None]])
    units = _units(levels, n_names, customer, step, se * company.nulls.residual.scale, code)
    for number in range(n_touchpoints):
        units = units.without_mean(units.code[-1] == number)
    return units


def _units(
    levels: tuple[str, ...], n_names: tuple[int, ...], customer: Ints, step: Floats, se: Floats, code: Ints
) -> _Units:
    is_known = np.isfinite(step) & np.isfinite(se) & (se < MAX_STEP_SE)
    weight = np.where(is_known, 1 / np.where(is_known, se, 1.0) ** 2, 0.0)
    step = np.where(is_known, np.clip(step, -MOST_ALONE * se, MOST_ALONE * se), 0.0)
    return _Units(levels, n_names, customer, step, weight, code)


def _finding(
    panel: Panel, table: _Units, subset: tuple[int, ...], inside: NDArray[np.bool_], onset_index: int, p: float,
    lowest: Floats,
) -> CellFinding:  # fmt: skip
    names = [*panel.groups, panel.touchpoints]
    unit = np.flatnonzero(inside)[0]
    parts = tuple((table.levels[level], names[level][table.code[level, unit]]) for level in subset)
    has_touchpoint = parts[-1][0] == TOUCHPOINT
    weight, pull = table.weight[inside, onset_index], (table.weight * table.step)[inside, onset_index]
    left = (pull.sum() - pull) / np.sqrt(np.maximum(weight.sum() - weight, 1e-12))
    without = (1 + np.searchsorted(np.sort(lowest), left, side="right")) / (1 + lowest.size)
    carried = np.maximum(-pull, 0.0)
    group = Group(
        level=CELL,
        name=", ".join(f"{level} {name}" for level, name in parts),
        rows=np.sort(_members(panel, parts[: len(parts) - has_touchpoint])),
        touchpoint=int(table.code[-1, unit]) if has_touchpoint else -1,
    )
    shares = carried / max(float(carried.sum()), 1e-9)
    fall = GroupFinding(Kind.WATERMELON, p, onset_index, -1, table.customer[inside], shares, without)
    return CellFinding(group, parts, fall)


def _members(panel: Panel, parts: Sequence[tuple[str, str]]) -> Ints:
    inside = np.ones(len(panel.customers), bool)
    for level, name in parts:
        number = panel.levels.index(level)
        inside &= panel.group[number] == panel.groups[number].index(name)
    return np.flatnonzero(inside)


def standardised(steps: SentimentSteps, rows: Ints, onset_index: int, scale: float) -> tuple[Floats, Floats]:
    """Steps of some customers over their standard errors, and these, (m,); of those whose step is known."""
    onset = ABRUPT[onset_index]
    se = steps.se[rows, onset] * scale
    known = np.isfinite(se) & (se < MAX_STEP_SE)
    return steps.residual[rows, onset][known] / se[known], se[known]


def rest_fell(steps: SentimentSteps, rows: Ints, cell: Ints, onset_index: int, scale: float) -> bool:
    """Whether those of ``rows`` who are not in the ``cell`` fell as well."""
    rest, of_cell = (
        (z * se, 1 / se**2)
        for z, se in (standardised(steps, members, onset_index, scale) for members in (np.setdiff1d(rows, cell), cell))
    )
    return _fell_as_well(rest, of_cell)
