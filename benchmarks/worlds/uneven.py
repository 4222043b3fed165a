"""Roles whose moves are of very unequal size and take each its own time."""

from dataclasses import dataclass

import numpy as np

from voc.domain.kinds import Kind
from worlds.company import PARTS, Company
from worlds.roles import FIRST, LAST, SHARES, Roles, hand_out
from worlds.world import Floats, Ints

SMALLEST, LARGEST = 0.7, 8.0
SHORTEST = 30
"""Weeks of history."""
SLOWEST = 12
"""Weeks until the slowest ramp has its full height; the fastest takes three, a step one."""
ANSWERS = 0.6
"""By how many of its own standard deviations a metric that agrees moves for one of satisfaction, on average."""


@dataclass(frozen=True)
class Uneven(Roles):
    """``rise`` (N,): weeks until a move has its full height, 1 for a step."""

    rise: Ints

    def shape(self, rows: Ints, weeks: int, lag: Ints | int = 0) -> Floats:
        """How much of the move is there, in [0, 1], shape (rows, weeks)."""
        return _risen(np.arange(weeks) - (self.onset[rows] + lag)[:, None], self.rise[rows, None])

    def split(self, customer: Ints, week: Ints, touchpoint: Ints) -> Floats:
        """How far below the mood items of a falling touchpoint are, in standard deviations of satisfaction, (M,)."""
        hit = (self.name == Kind.SPLIT_BY_TOUCHPOINT)[customer] & (self.touchpoint[customer] == touchpoint)
        return hit * self.size[customer] * _risen(week - self.onset[customer], self.rise[customer])


def _risen(since: Ints, rise: Ints) -> Floats:
    """Part of a move that has happened ``since`` weeks after its start."""
    return np.clip((since + 1) / rise, 0, 1).astype(np.float32)


def tailed(rng: np.random.Generator, exponent: float, *shape: int) -> Floats:
    """Sizes in standard deviations from `SMALLEST` to `LARGEST`, by a Pareto law cut there."""
    low, high = SMALLEST**-exponent, LARGEST**-exponent
    return (low - rng.random(shape) * (low - high)) ** (-1 / exponent)


def histories(rng: np.random.Generator, n: int, weeks: int) -> Company:
    """A company without a voice yet: two in five customers have the whole history, the others `SHORTEST` weeks or more,
    and one in fifty has left."""
    group = np.stack([rng.choice(len(p), n, p=np.asarray(p) / np.sum(p)) for p in PARTS])
    whole = rng.random(n) < 0.4
    first = np.where(whole, 0, weeks - rng.integers(min(SHORTEST, weeks), weeks + 1, n))
    left = whole & (rng.random(n) < 0.05)
    last = np.where(left, rng.integers(min(SHORTEST, weeks - 2), weeks - 1, n), weeks - 1)
    return Company(group, first, last, np.zeros((n, weeks), np.float32))


def names(
    rng: np.random.Generator, free: Ints, n: int, share: float, decoys: float, parts: dict[str, float]
) -> np.ndarray:
    """Who is what, (N,): ``share`` of all are planted as `SHARES` says, ``decoys`` of all as ``parts``."""
    whole = sum(parts.values())
    wanted = {str(kind): share * part for kind, part in SHARES.items()}
    return hand_out(rng, free, n, wanted | {name: decoys * part / whole for name, part in parts.items()})


def onsets(rng: np.random.Generator, first: Ints, weeks: int, quiet: int) -> Ints:
    """Weeks (N,) between `LAST` and `FIRST` before the end, and ``quiet`` after the first one if there is room."""
    longest = np.clip(weeks - first - quiet, FIRST, LAST)
    return weeks - rng.integers(FIRST, longest + 1)


def moves(
    rng: np.random.Generator,
    name: np.ndarray,
    onset: Ints,
    size: Floats,
    moved: Floats,
    kpi: Ints,
    lag: Ints,
    touchpoint: Ints,
) -> Uneven:
    """Everything else from ``size`` (N,) of the mood's move, ``moved`` (N, K) of a metric's that moves alone, the
    ``kpi`` (N,) that moves clearly, ``lag`` (N,) of metrics that agree and the ``touchpoint`` (N,) that falls alone."""
    n, k = moved.shape
    own = np.arange(k) == kpi[:, None]
    silent, gamed = name == Kind.SILENT_RISK, name == Kind.GAMED_METRIC
    down, up = name == "agreed_decline", name == "agreed_rise"
    also = np.where(silent & (rng.random(n) < 0.2), (kpi + rng.integers(1, k, n)) % k, -1)
    kpi_size = np.zeros((n, k), np.float32)
    kpi_size[silent] = -(moved * (own | (np.arange(k) == also[:, None])))[silent]
    kpi_size[gamed] = (np.minimum(moved + 1, LARGEST) * own)[gamed]
    # one metric of an agreed move reacts clearly, each of the others in one case of two
    reacts = np.maximum(ANSWERS * size[:, None] * rng.uniform(0.5, 1.5, (n, k)), 1.2)
    reacts *= own | (rng.random((n, k)) < 0.5)
    kpi_size[down], kpi_size[up] = -reacts[down], reacts[up]
    rise = np.where(rng.random(n) < 0.5, 1, rng.integers(3, SLOWEST + 1, n))
    at = name == Kind.SPLIT_BY_TOUCHPOINT
    return Uneven(
        name=name,
        onset=onset,
        ramp=rise > 1,
        size=size,
        kpi=np.where(silent | gamed, kpi, -1),
        also=also,
        touchpoint=np.where(at, touchpoint, -1),
        kpi_size=kpi_size,
        lag=np.where(down | up, lag, 0),
        rise=rise,
    )
