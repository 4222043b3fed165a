"""The hypotheses of an oracle: which series move from when, by how much, and how often that happens."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from worlds.roles import DECLINE, FIRST, LAST, RISE, SHARES, height
from worlds.world import Floats, Ints, Truth

from voc.domain.kinds import Kind

LAGS = 4
"""An agreed move's metrics follow by 0 to 3 weeks."""
FALL, RISK = (1.5, 0.6), (2.2, 0.8)
"""Mean and standard deviation of what roles draw: moods in those of satisfaction, metrics in their own weekly ones."""
REACTS = (1.2, 0.5)
"""The same of a metric that reacts to an agreed move besides the one that reacts clearly; half of them do not."""


@dataclass(frozen=True)
class Columns:
    """Every shape a move can have: of the mood (W, 2 x 23) and of a metric, which may start later (W, 2 x 26)."""

    mood: Floats
    kpi: Floats
    n_kpis: int

    def mood_at(self, ramp: int, onset: int) -> int:
        return ramp * (LAST - FIRST + 1) + onset - FIRST

    def kpi_at(self, kpi: int, ramp: int, onset: int) -> int:
        return self.mood.shape[1] + kpi * self.kpi.shape[1] + ramp * LAST + onset - 1


@dataclass(frozen=True)
class MovedColumns:
    """H variants of a hypothesis that move d columns.

    ``columns``: which (H, d); ``mean``, ``spread``: by how much and how unsurely (n, H, d); ``weight``: the share of
    customers that each variant is assumed to concern.
    """

    columns: Ints
    mean: Floats
    spread: Floats
    weight: float


def columns_of(weeks: int, n_kpis: int) -> Columns:
    """Steps and ramps at every start."""
    week = np.arange(weeks)[:, None]
    shapes = [
        np.concatenate([height(week - weeks + onsets, np.bool_(ramp)) for ramp in (False, True)], 1)
        for onsets in (np.arange(FIRST, LAST + 1), np.arange(1, LAST + 1))
    ]
    return Columns(shapes[0].astype(float), shapes[1].astype(float), n_kpis)


def contradictions(truth: Truth, rows: slice, columns: Columns) -> list[MovedColumns]:
    """Watermelons, risks of one and of two metrics, and gamed metrics."""
    own, sd, kpis = truth.own[rows], truth.sd, range(columns.n_kpis)
    fall, still = (-FALL[0] * sd, FALL[1] * sd), (0.05 * sd, 0.05 * sd)
    singles, pairs = [(k,) for k in kpis], list(combinations(kpis, 2))
    plans = [
        (SHARES[Kind.WATERMELON], [()], fall, (0.0, 0.0)),
        (SHARES[Kind.SILENT_RISK] * 0.75, singles, still, (-RISK[0], RISK[1])),
        (SHARES[Kind.SILENT_RISK] * 0.25, pairs, still, (-RISK[0], RISK[1])),
        (SHARES[Kind.GAMED_METRIC], singles, fall, (RISK[0] + 1, RISK[1])),
    ]
    hypotheses = []
    for part, moving, of_mood, of_kpi in plans:
        at, which = [], []
        for which_kpis in moving:
            for ramp, onset in _starts():
                at.append([columns.mood_at(ramp, onset), *(columns.kpi_at(k, ramp, onset) for k in which_kpis)])
                which.append(which_kpis)
        own_moved = own[:, np.array(which, int).reshape(len(which), -1)]
        mean, spread = (
            np.concatenate([np.full((*own_moved.shape[:2], 1), m), k * own_moved], 2)
            for m, k in zip(of_mood, of_kpi, strict=True)
        )
        hypotheses.append(MovedColumns(np.array(at), mean, spread, max(truth.share * part / len(at), 1e-300)))
    return hypotheses


def agreed(truth: Truth, rows: Ints, columns: Columns) -> Iterator[MovedColumns]:
    """Declines and rises on both sides: one metric reacts clearly, others or none besides, all with the same lag."""
    own, sd, n = truth.own[rows], truth.sd, columns.n_kpis
    at = np.array(
        [
            [columns.mood_at(ramp, onset), *(columns.kpi_at(k, ramp, max(onset - lag, 1)) for k in range(n))]
            for ramp, onset in _starts()
            for lag in range(LAGS)
        ]
    )
    for clear in range(n):
        others = [k for k in range(n) if k != clear]
        for besides in product((False, True), repeat=n - 1):
            reacting = [clear, *(k for k, reacts in zip(others, besides, strict=True) if reacts)]
            which = at[:, [0, *(1 + k for k in reacting)]]
            mean, spread = (
                np.concatenate([np.full((own.shape[0], 1), m * sd), own[:, reacting] * ([k] + [r] * sum(besides))], 1)
                for m, k, r in zip(FALL, RISK, REACTS, strict=True)
            )
            for sign, part in ((-1, DECLINE), (1, RISE)):
                weight = truth.decoys * part / 12 / n / 2 ** (n - 1) / len(at)
                yield MovedColumns(which, sign * mean[:, None], spread[:, None], max(weight, 1e-300))


def _starts() -> list[tuple[int, int]]:
    """Steps and ramps at every onset, in weeks before the end."""
    return [(ramp, onset) for ramp in (0, 1) for onset in range(FIRST, LAST + 1)]
