"""Who is special in a world, as what, since when and how much: everything planted follows from these arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.domain.kinds import Kind
from worlds.world import Floats, Ints, Planted

SHARES = {Kind.WATERMELON: 0.4, Kind.SILENT_RISK: 0.35, Kind.GAMED_METRIC: 0.15, Kind.SPLIT_BY_TOUCHPOINT: 0.1}
"""Of the planted contradictions."""
DECLINE, RISE = 4, 2
"""Of twelve decoys, how many are declines and rises that feedback and metrics agree on; the others share the rest."""
OTHERS = ("lone_anger", "recovered", "thin", "kpi_dip", "season_heavy", "loud_respondent", "duplicates")
OTHERS = (*OTHERS, "unit_change", "channel_shift")
FIRST, LAST = 4, 26
"""Onsets, in weeks before the end."""
RAMP = 6
"""Weeks until a ramp has its full height."""


@dataclass(frozen=True)
class Roles:
    """Arrays (N,): ``name`` ('' for an ordinary customer), ``onset`` week, whether it is a ``ramp``, ``size`` of the
    mood's move in standard deviations of satisfaction, ``kpi``, ``also`` (-1: none) and ``touchpoint``; ``kpi_size``
    (N, K): moves of the metrics in their own weekly standard deviations, down is negative; ``lag`` (N,): weeks by
    which the metrics follow."""

    name: NDArray[np.str_]
    onset: Ints
    ramp: NDArray[np.bool_]
    size: Floats
    kpi: Ints
    also: Ints
    touchpoint: Ints
    kpi_size: Floats
    lag: Ints

    def rows(self, *names: str) -> Ints:
        """Customers with one of the roles."""
        return np.flatnonzero(np.isin(self.name, names))

    def shape(self, rows: Ints, weeks: int, lag: Ints | int = 0) -> Floats:
        """How much of the move is there, in [0, 1], shape (rows, weeks)."""
        since = np.arange(weeks) - (self.onset[rows] + lag)[:, None]
        return height(since, self.ramp[rows, None])

    def planted(self) -> dict[int, Planted]:
        """The truth, by customer row."""
        return {
            int(i): Planted(
                Kind(self.name[i]), int(self.kpi[i]), int(self.onset[i]), int(self.touchpoint[i]), int(self.also[i])
            )
            for i in self.rows(*SHARES)
        }

    def decoys(self) -> dict[int, str]:
        """Names of the decoys, by customer row."""
        return {int(i): str(self.name[i]) for i in np.flatnonzero((self.name != "") & ~np.isin(self.name, [*SHARES]))}


def height(since: Ints, ramp: NDArray[np.bool_]) -> Floats:
    """Part of a move that has happened ``since`` weeks after its start."""
    return np.where(ramp, np.clip((since + 1) / RAMP, 0, 1), since >= 0).astype(np.float32)


def hand_out(rng: np.random.Generator, free: Ints, n: int, wanted: dict[str, float]) -> NDArray[np.str_]:
    """A name each (N,), '' for most: of each role as large a part of all as ``wanted``, among those ``free``."""
    name = np.full(n, "", "U20")
    ends = np.round(np.cumsum([part * n for part in wanted.values()])).astype(int)
    for role, rows in zip(wanted, np.split(rng.permutation(free)[: ends[-1]], ends[:-1]), strict=True):
        name[rows] = role
    return name


def cast(
    rng: np.random.Generator, free: Ints, n: int, weeks: int, kpis: int, touchpoints: int, share: float, decoys: float
) -> Roles:
    """Gives roles to some of the customers ``free`` to have one."""
    wanted = {kind: share * part for kind, part in SHARES.items()}
    wanted |= {"agreed_decline": decoys * DECLINE / 12, "agreed_rise": decoys * RISE / 12}
    wanted |= dict.fromkeys(OTHERS, decoys * (12 - DECLINE - RISE) / 12 / len(OTHERS))
    name = hand_out(rng, free, n, wanted)
    kpi, also = rng.integers(0, kpis, (2, n))
    # a second metric worsens in one silent risk of four
    also = np.where((also != kpi) & (name == Kind.SILENT_RISK) & (rng.random(n) < 0.25 * kpis / (kpis - 1)), also, -1)
    size = np.maximum(0.3, rng.normal(1.5, 0.6, n))
    moved = np.maximum(0.5, rng.normal(2.2, 0.8, (n, kpis)))
    own = np.arange(kpis) == kpi[:, None]
    kpi_size = np.zeros((n, kpis), np.float32)
    silent, gamed = name == Kind.SILENT_RISK, name == Kind.GAMED_METRIC
    kpi_size[silent] = -(moved * (own | (np.arange(kpis) == also[:, None])))[silent]
    kpi_size[gamed] = ((moved + 1) * own)[gamed]
    # the metrics of an agreed move: one reacts clearly, the others unevenly or not at all
    reacts = np.where(own, np.maximum(moved, 1.2), rng.normal(1.2, 0.5, (n, kpis)) * (rng.random((n, kpis)) < 0.5))
    down, up = name == "agreed_decline", name == "agreed_rise"
    kpi_size[down], kpi_size[up] = -reacts[down], reacts[up]
    named = np.isin(name, [Kind.SILENT_RISK, Kind.GAMED_METRIC])
    at = name == Kind.SPLIT_BY_TOUCHPOINT
    return Roles(
        name,
        weeks - rng.integers(FIRST, LAST + 1, n),
        rng.random(n) < 0.5,
        size,
        np.where(named, kpi, -1),
        also,
        np.where(at, rng.integers(0, touchpoints, n), -1),
        kpi_size,
        np.where(down | up, rng.integers(0, 4, n), 0),
    )
