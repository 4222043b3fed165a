"""Two Gaussian worlds: metrics that loosely follow an autocorrelated satisfaction, and metrics that never do."""

import numpy as np

from worlds import metrics, noise
from worlds.assemble import assemble
from worlds.company import found, shocks
from worlds.feedback import TOUCHPOINTS, Manner, speak
from worlds.plant import WEAKLY, plant, season
from worlds.roles import cast
from worlds.world import Truth, World

LEVEL, WANDER, PERSISTENCE = 0.85, 0.5, 0.9
"""Satisfaction: standard deviations between customers and of each one's wandering, and its memory from week to week."""
FOLLOWS = 0.7
"""Mean pull of satisfaction's wandering on a metric; a fifth of the customers' metrics feel none."""


def linear(
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
    follows: float = FOLLOWS,
    memory: tuple[float, ...] = (0.6, 0.6, 0.6, 0.6, 0.6),
) -> World:
    """Level and AR(1) satisfaction; metrics are AR(1) and white noise, coupled to it with a lag of 0 to 4 weeks.

    ``follows``: mean coupling, which differs a lot between customers; ``memory``: of each metric.
    """
    rng = np.random.default_rng([seed, 1 if follows else 4])
    company = found(rng, n, weeks, rate)
    meters = metrics.SMOOTH
    k = len(meters)
    roles = cast(rng, np.flatnonzero(company.last == weeks - 1), n, weeks, k, len(TOUCHPOINTS), share, decoys)
    wander = WANDER * noise.slow(rng, PERSISTENCE, n, weeks)
    coupling = follows * rng.gamma(1.5, 1 / 1.5, (n, k)) * (rng.random((n, k)) < 0.8)
    lag = np.clip(rng.integers(0, 5, k) + rng.integers(-1, 2, (n, k)), 0, 4)
    slow = rng.uniform(0.5, 0.8, (n, k)).astype(np.float32)
    white = np.sqrt(1 - slow**2)
    z = np.stack([noise.slow(rng, p, n, weeks) for p in memory], 1) * slow[:, :, None]
    z += white[:, :, None] * noise.white(rng, n, k, weeks)
    for j in range(k):
        z[:, j] += coupling[:, j, None] * noise.delayed(wander, lag[:, j])
    own = np.sqrt(slow**2 + white**2 + (coupling * WANDER) ** 2)
    common = np.stack([_common(rng, n, weeks, company.group[0]) for _ in range(k)], 1)
    mood = LEVEL * noise.white(rng, n, 1) + wander
    before = mood.std()
    everyone = 0.1 * season(weeks) + shocks(rng, weeks, company.group[0], 0.08, 0.15)
    moved = plant(rng, roles, mood, z, own, company, together, weakly)
    manner = Manner()
    items = speak(rng, mood + everyone, company, roles, manner, uninformative, anger, roles.rows("loud_respondent"))
    felt = items.felt - everyone[items.customer, items.week]
    clean = z.copy()
    clean.reshape(-1)[metrics.flawed(rng, z)] = np.nan
    z += common
    measured = metrics.scale(rng, n, meters)
    values = metrics.readings(rng, z, measured, company.here, roles)
    clean[np.isnan(values)] = np.nan
    truth = Truth(
        z=clean,
        y=felt,
        noise=items.spread**2,
        persistence=PERSISTENCE,
        wander=WANDER,
        level=LEVEL,
        kpi_persistence=np.array(memory),
        kpi_slow=slow,
        kpi_white=white,
        coupling=coupling,
        lag=lag,
        own=own,
        informative=(1 - manner.misread) * (1 - uninformative),
        sd=float(before),
        share=share,
        decoys=decoys,
    )
    return World(
        assemble(company, meters, values, items), roles.planted(), roles.decoys(), mood + everyone, moved, truth
    )


def unrelated(seed: int, *args: float, **variant: float) -> World:
    """As linear, but no metric has to do with satisfaction, and their memories reach from none to half a year."""
    return linear(seed, *args, follows=0.0, memory=(0.0, 0.4, 0.7, 0.9, 0.97), **variant)


def _common(rng: np.random.Generator, n: int, weeks: int, region: np.ndarray) -> np.ndarray:
    """A metric's season, felt unequally, and what the company and the region share, (N, W)."""
    return rng.uniform(0.2, 0.7, (n, 1)).astype(np.float32) * season(weeks) + shocks(rng, weeks, region, 0.2, 0.7)
