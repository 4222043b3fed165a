"""A heavy-tailed world: wild metrics whose regimes switch, moods that jump, and more anger."""

import numpy as np

from worlds import metrics, noise
from worlds.assemble import assemble
from worlds.company import found, shocks
from worlds.feedback import TOUCHPOINTS, Manner, speak
from worlds.plant import WEAKLY, plant, season
from worlds.roles import cast
from worlds.world import Floats, World


def heavy(
    seed: int,
    n: int = 5000,
    weeks: int = 104,
    rate: float = 0.4,
    share: float = 0.04,
    decoys: float = 0.12,
    uninformative: float = 0.0,
    anger: float = 1.0,
    together: int = 0,
    weakly: float = WEAKLY,
) -> World:
    """Student-t(3) metrics of unequal volatility with switches of level and volatility that nobody or everybody feels;
    satisfaction drifts and jumps."""
    rng = np.random.default_rng([seed, 2])
    company = found(rng, n, weeks, rate)
    meters = metrics.SMOOTH
    k, region = len(meters), company.group[0]
    roles = cast(rng, np.flatnonzero(company.last == weeks - 1), n, weeks, k, len(TOUCHPOINTS), share, decoys)
    jumps = (rng.random((n, weeks), dtype=np.float32) < 0.005) * 0.4 * noise.heavy(rng, 4, n, weeks)
    wander = 0.4 * noise.slow(rng, 0.93, n, weeks) + _decayed(jumps, 0.97)
    mood = 0.8 * noise.heavy(rng, 6, n, 1) + wander + 0.1 * season(weeks) + shocks(rng, weeks, region, 0.1, 0.25)
    lag = rng.integers(0, 4, (n, k))
    coupling = rng.gamma(1.0, 0.6, (n, k)) * (rng.random((n, k)) < 0.7)
    z = np.empty((n, k, weeks), np.float32)
    for j, memory in enumerate((0.3, 0.5, 0.6, 0.7, 0.9)):
        z[:, j] = 0.6 * noise.slow(rng, memory, n, weeks) + 0.8 * noise.heavy(rng, 3, n, weeks)
    z *= np.exp(0.35 * noise.white(rng, n, k, 1))
    _unfelt(rng, z)
    unfelt = _felt(rng, z, mood, region)
    for j in range(k):
        z[:, j] += coupling[:, j, None] * noise.delayed(wander, lag[:, j])
        z[:, j] += rng.uniform(0.2, 0.8, (n, 1)) * season(weeks) + shocks(rng, weeks, region, 0.25, 0.9)
    np.clip(z, -10, 10, out=z)  # a reading can be wild but not a billion hours
    measured = metrics.scale(rng, n, meters)
    moved = plant(rng, roles, mood, z, measured.own(z), company, together, weakly)
    manner = Manner(angry=0.05, respondent=0.5, link="clipped")
    items = speak(rng, mood, company, roles, manner, uninformative, anger, roles.rows("loud_respondent"))
    metrics.flawed(rng, z)
    values = metrics.readings(rng, z, measured, company.here, roles)
    panel = assemble(company, meters, values, items)
    return World(panel, roles.planted(), roles.decoys(), mood, moved, unfelt=unfelt)


def _decayed(jumps: Floats, persistence: float) -> Floats:
    """Jumps that are slowly forgotten."""
    return noise.remembered(jumps / np.float32(np.sqrt(1 - persistence**2)), persistence)


def _unfelt(rng: np.random.Generator, z: Floats) -> None:
    """Regimes that nobody feels, in place: a customer's metric shifts a little or turns wild, a region's shifts."""
    n, k, weeks = z.shape
    week = np.arange(weeks)
    rows = np.flatnonzero(rng.random(n) < 0.15)
    since = week >= rng.integers(10, weeks - 2, (rows.size, 1))
    z[rows, rng.integers(0, k, rows.size)] += 0.6 * rng.standard_normal((rows.size, 1)) * since
    rows = np.flatnonzero(rng.random(n) < 0.15)
    since = week >= rng.integers(10, weeks - 2, (rows.size, 1))
    z[rows, rng.integers(0, k, rows.size)] *= np.where(since, rng.uniform(1.5, 2.5, (rows.size, 1)), 1)


def _felt(rng: np.random.Generator, z: Floats, mood: Floats, region: np.ndarray) -> tuple[int, ...]:
    """Regimes, in place: of one metric in two regions, unfelt, and of everything in two, felt by everybody. The regions
    where a metric fell unfelt."""
    weeks, fell = z.shape[2], []
    unfelt, felt = rng.permutation(region.max() + 1)[:4].reshape(2, 2)
    for r in unfelt:
        kpi, start, way = rng.integers(z.shape[1]), rng.integers(weeks // 2, weeks - 4), rng.choice([-1.0, 1.0])
        z[region == r, kpi, start:] += way
        fell += [int(r)] if way < 0 else []
    for r in felt:
        rows, start, way = np.flatnonzero(region == r), rng.integers(weeks // 2, weeks - 4), rng.choice([-1.0, 1.0])
        z[rows, :, start:] += (way * rng.gamma(2, 0.4, (rows.size, z.shape[1])))[:, :, None]
        mood[rows, start:] += way * rng.gamma(2, 0.3, (rows.size, 1))
    return tuple(fell)
