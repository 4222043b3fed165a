"""The company around the customers: groups, who is there when, and how often each speaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds import noise
from worlds.world import Floats, Ints

LEVELS = ("region", "segment", "plan")
GROUPS = (
    ("north", "south", "east", "west", "centre", "islands", "coast", "abroad"),
    ("small", "middle", "large"),
    ("free", "basic", "plus", "premium"),
)
PARTS = (1 / np.arange(1, 9), (0.6, 0.3, 0.1), (0.55, 0.25, 0.15, 0.05))


@dataclass(frozen=True)
class Company:
    """``group`` (3, N), ``first`` and ``last`` week (N,), ``rates`` of speaking (N, W), zero when not a customer."""

    group: Ints
    first: Ints
    last: Ints
    rates: Floats

    @property
    def here(self) -> NDArray[np.bool_]:
        """Whether each was a customer in each week, shape (N, W)."""
        week = np.arange(self.rates.shape[1])
        return (week >= self.first[:, None]) & (week <= self.last[:, None])


def found(rng: np.random.Generator, n: int, weeks: int, rate: float) -> Company:
    """One in ten joined late, one in fifty left; some speak all the time and most hardly ever (gamma, shape 0.7)."""
    group = np.stack([rng.choice(len(p), n, p=np.asarray(p) / np.sum(p)) for p in PARTS])
    late = rng.random(n) < 0.1
    first = np.where(late, rng.integers(weeks // 13, weeks * 7 // 10, n), 0)
    left = ~late & (rng.random(n) < 0.02)
    last = np.where(left, rng.integers(weeks // 3, weeks - 1, n), weeks - 1)
    company = Company(group, first, last, np.zeros((n, weeks), np.float32))
    company.rates[:] = (rate * rng.gamma(0.7, 1 / 0.7, (n, 1))).astype(np.float32) * company.here
    return company


def shocks(rng: np.random.Generator, weeks: int, region: Ints, size: float, episode: float) -> Floats:
    """What all customers and all of a region share, (N, W): weekly and slow noise and two company-wide episodes."""
    common = size * noise.white(rng, weeks)
    for start in rng.integers(0, weeks, 2):
        common[start : start + rng.integers(4, 9)] += np.float32(rng.choice([-1, 1]) * episode)
    return common + (size * noise.slow(rng, 0.8, len(GROUPS[0]), weeks))[region]
