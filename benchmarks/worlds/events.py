"""An event-driven world: incidents move moods, metrics and the wish to speak."""

import numpy as np
from scipy.signal import lfilter

from worlds import metrics, noise
from worlds.assemble import assemble
from worlds.company import Company, found, shocks
from worlds.feedback import TOUCHPOINTS, Manner, speak
from worlds.plant import WEAKLY, plant, season
from worlds.roles import cast
from worlds.world import Floats, World

REDEFINED = 2
"""Plan whose metric gets a new definition."""


def events(
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
    """Bad incidents hurt more and longer than good ones please; people speak because something happened; counts,
    shares of few occasions and a monthly metric react unevenly and not in proportion, some customers' not at all."""
    rng = np.random.default_rng([seed, 3])
    company = found(rng, n, weeks, rate)
    meters = metrics.COUNTED
    k, region = len(meters), company.group[0]
    roles = cast(rng, np.flatnonzero(company.last == weeks - 1), n, weeks, k, len(TOUCHPOINTS), share, decoys)
    bad, good = _incidents(rng, company, 0.06), _incidents(rng, company, 0.04)
    mood = 0.7 * noise.white(rng, n, 1) + 0.35 * noise.slow(rng, 0.96, n, weeks)
    mood += 0.35 * _forgotten(good, 0.6) - 0.5 * _forgotten(bad, 0.8)
    mood += 0.1 * season(weeks) + shocks(rng, weeks, region, 0.08, 0.2)
    z = _scores(rng, bad, good, region, k)
    company = _bursts(company, bad + 0.5 * good, rate)
    measured = metrics.scale(rng, n, meters)
    own = measured.own(z)
    moved = plant(rng, roles, mood, z, own, company, together, weakly)
    redefined, since = rng.integers(k), rng.integers(weeks - 40, weeks - 4)
    z[company.group[2] == REDEFINED, redefined, since:] -= 1.5 * own[company.group[2] == REDEFINED, redefined, None]
    loud = np.flatnonzero((roles.name == "loud_respondent") | ((roles.name == "") & (rng.random(n) < 0.01)))
    manner = Manner(bias=(0.5, 0.0, -0.4), respondent=0.5, twice=0.04, link="rated")
    items = speak(rng, mood, company, roles, manner, uninformative, anger, loud)
    metrics.flawed(rng, z)
    values = metrics.readings(rng, z, measured, company.here, roles)
    others = dict.fromkeys(loud.tolist(), "loud_respondent") | roles.decoys()
    return World(assemble(company, meters, values, items), roles.planted(), others, mood, moved)


def _incidents(rng: np.random.Generator, company: Company, often: float) -> Floats:
    """Sizes of what happened, (N, W), now and then to a whole region."""
    n, weeks = company.rates.shape
    rate = often * rng.gamma(2, 0.5, (n, 1)) * np.ones(weeks)
    for r, start in zip(rng.integers(0, 8, 3), rng.integers(0, weeks - 2, 3), strict=True):
        rate[company.group[0] == r, start : start + 2] += 0.3
    return (rng.poisson(rate) * rng.gamma(2, 0.5, (n, weeks))).astype(np.float32)


def _forgotten(incidents: Floats, memory: float) -> Floats:
    """What is left of them: each week only ``memory`` of it."""
    return lfilter(np.float32([1]), np.float32([1, -memory]), np.minimum(incidents, 3), axis=1)


def _scores(rng: np.random.Generator, bad: Floats, good: Floats, region: np.ndarray, k: int) -> Floats:
    """Metrics, up is good, (N, K, W): small incidents leave no trace, large ones do not count in proportion."""
    n, weeks = bad.shape
    trace = np.sqrt(np.maximum(bad - 0.4, 0)) - 0.3 * np.sqrt(np.maximum(good - 0.8, 0))
    trace += 0.5 * np.pad(trace[:, :-1], ((0, 0), (1, 0)))
    reacts = rng.gamma(1.5, 0.8, (n, k)) * (rng.random((n, k)) < 0.6) * (rng.random((n, 1)) < 0.85)
    z = np.empty((n, k, weeks), np.float32)
    for j, memory in enumerate((0.5, 0.7, 0.4, 0.8, 0.9)):
        z[:, j] = 0.6 * noise.slow(rng, memory, n, weeks) + 0.7 * noise.heavy(rng, 5, n, weeks)
        z[:, j] += rng.uniform(0.1, 0.6, (n, 1)) * season(weeks) + shocks(rng, weeks, region, 0.2, 0.6)
        z[:, j] -= reacts[:, j, None] * trace
    rows = np.flatnonzero(rng.random(n) < 0.08)
    since = np.arange(weeks) >= rng.integers(10, weeks - 2, (rows.size, 1))
    z[rows, rng.integers(0, k, rows.size)] += 0.6 * rng.standard_normal((rows.size, 1)) * since
    return z


def _bursts(company: Company, moved: Floats, rate: float) -> Company:
    """Whoever something happened to speaks, that week and the next."""
    wish = 1 + 5 * np.minimum(moved, 2)
    wish[:, 1:] += 1.5 * np.minimum(moved[:, :-1], 2)
    rates = company.rates * wish
    mean = rates.sum() / max(company.here.sum(), 1)
    return Company(company.group, company.first, company.last, rates * np.float32(rate / mean))
