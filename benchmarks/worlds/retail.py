"""A world of shops: moods are states that last, answers are stars, and most shops hardly hear a voice while a few hear
hundreds a week."""

from dataclasses import replace

import numpy as np

from worlds import noise, retail_metrics
from worlds.assemble import START, assemble
from worlds.changes import drift
from worlds.company import Company
from worlds.periods import Mondays
from worlds.plant import WEAKLY, plant
from worlds.retail_answers import BY_TOUCHPOINT, LEVEL, MOVES, answers
from worlds.saying import HIGH, LOW, stirred
from worlds.uneven import Uneven, histories, moves, names, onsets, tailed
from worlds.world import Floats, Ints, World

LASTS = (6.0, 12.0, 5.0, 3.0)
"""Weeks that a shop stays delighted, content, irritated and angry, before its own pace."""
LEAVES = ((0, 0.85, 0.12, 0.03), (0.5, 0, 0.4, 0.1), (0.1, 0.6, 0, 0.3), (0.05, 0.35, 0.6, 0))
"""Where each state goes when it ends."""
FEELS = (1.0, 0.2, -0.8, -2.0)
"""Mood of the states, before it is scaled to the spread `MOVES`."""
SPEAKS = (1.5, 0.6, 0.9, 2.2)
"""How willing each state is to answer: those who are content least."""
EXPONENT = 1.3
"""Of the Pareto law of sizes: half are below 1.2 standard deviations, one in thirty above 5."""
DECOYS = {"agreed_decline": 6, "agreed_rise": 3, "slow_drift": 3, "launch": 2, "merger": 2, "unit_change": 2}
DECOYS |= {"recovered": 2, "thin": 1, "lone_anger": 1, "kpi_dip": 1, "christmas": 1}
"""Of 24 decoys."""


def retail(
    seed: int,
    n: int = 5000,
    weeks: int = 160,
    rate: float = 0.4,
    share: float = 0.04,
    decoys: float = 0.12,
    uninformative: float = 0.0,
    anger: float = 1.0,
    together: int = 0,
    weakly: float = WEAKLY,
) -> World:
    """Shops that hardly differ in level pass through four moods whose length is not geometric; 30 to ``weeks`` weeks of
    history; visitors, returns and days to delivery by the week, takings by the month, a grade by the quarter. Moves of
    0.7 to 8 standard deviations with a Pareto tail. One Christmas for all."""
    rng = np.random.default_rng([seed, 5])
    calendar = START + 7 * (rng.integers(52) + np.arange(weeks))
    company = _shops(rng, n, weeks, rate)
    roles = _roles(rng, company, share, decoys)
    state, peak = _states(rng, n, weeks), christmas(calendar)
    felt = np.where(roles.name == "christmas", 4.0, 1.0) * np.exp(0.5 * rng.standard_normal(n) - 0.125)
    mood = LEVEL * noise.white(rng, n, 1) + _moods(state) - 0.12 * (felt[:, None] * peak).astype(np.float32)
    z = retail_metrics.scores(rng, state, peak, felt)
    measured = retail_metrics.scale(rng, n)
    own = retail_metrics.own(measured, z, calendar)
    sd = float(mood.std())
    moved = plant(rng, roles, mood, z, own, company, together, weakly)
    drift(rng, roles, mood, z, own, sd)
    company.rates[:] *= _wish(rng, state, peak, roles)
    items = answers(rng, mood, sd, company, roles, uninformative, anger)
    values = retail_metrics.readings(rng, z, measured, company, roles, calendar)
    panel = replace(assemble(company, retail_metrics.METERS, values, items), weeks=calendar)
    return World(panel, roles.planted(), roles.decoys(), mood, moved)


def christmas(calendar: Mondays) -> Floats:
    """How near Christmas each week is, (W,), from 0 before late November and after mid January to 1."""
    year = calendar.astype("M8[Y]")
    past = (calendar - (year.astype("M8[D]") - 10)).astype(int)
    away = np.minimum(past, (year + 1).astype("M8[D]").astype(int) - 10 - calendar.astype(int))
    return np.clip(1 - np.maximum(away - 3, 0) / 25, 0, 1).astype(np.float32)


def _shops(rng: np.random.Generator, n: int, weeks: int, rate: float) -> Company:
    """Answers a week follow a Pareto law with exponent one, cut at both ends: 0.41 on average."""
    company = histories(rng, n, weeks)
    heard = 1 / (1 / LOW - rng.random((n, 1)) * (1 / LOW - 1 / HIGH))
    mean = np.log(HIGH / LOW) / (1 / LOW - 1 / HIGH)
    company.rates[:] = (rate / mean * heard).astype(np.float32) * company.here
    return company


def _roles(rng: np.random.Generator, company: Company, share: float, decoys: float) -> Uneven:
    """Who is what. What a quarter's grade could not show yet happens to visitors."""
    n, weeks = company.rates.shape
    k = len(retail_metrics.METERS)
    name = names(rng, np.flatnonzero(company.last == weeks - 1), n, share, decoys, DECOYS)
    onset = onsets(rng, company.first, weeks, quiet=12)
    kpi = rng.integers(0, k, n)
    agreed = np.isin(name, ["agreed_decline", "agreed_rise"])
    kpi = np.where(agreed, kpi % retail_metrics.WEEKLY, kpi)
    kpi = np.where((kpi == retail_metrics.QUARTERLY) & (weeks - onset < 14), 0, kpi)
    touchpoint = rng.choice(np.flatnonzero(np.array(BY_TOUCHPOINT) < 0.4), n)
    size, moved = tailed(rng, EXPONENT, n), tailed(rng, EXPONENT, n, k)
    return moves(rng, name, onset, size, moved, kpi, rng.integers(0, 4, n), touchpoint)


def _states(rng: np.random.Generator, n: int, weeks: int) -> Ints:
    """State of each week, (N, W). Half of the shops change like clockwork (gamma, shape 4), half at very unequal times
    (lognormal, spread 1), each at its own pace."""
    pace, regular = np.exp(0.5 * rng.standard_normal(n)), rng.random(n) < 0.5
    lasts, goes = np.array(LASTS), np.cumsum(LEAVES, 1)

    def stays(rows: Ints, state: Ints) -> Floats:
        of = np.where(regular[rows], rng.gamma(4, 0.25, rows.size), rng.lognormal(-0.5, 1, rows.size))
        return np.maximum(np.round(of * pace[rows] * lasts[state]), 1)

    state = rng.choice(4, n, p=lasts / lasts.sum())
    left = np.ceil(stays(np.arange(n), state) * rng.random(n))
    out = np.empty((n, weeks), np.int64)
    for week in range(weeks):
        over = np.flatnonzero(left <= 0)
        state[over] = np.minimum((rng.random((over.size, 1)) > goes[state[over]]).sum(1), 3)
        left[over] = stays(over, state[over])
        out[:, week] = state
        left -= 1
    return out


def _moods(state: Ints) -> Floats:
    """Mood of the states over all shops and weeks: mean zero, standard deviation `MOVES`."""
    felt = np.float32(FEELS)[state]
    return np.float32(MOVES) * (felt - felt.mean()) / felt.std()


def _wish(rng: np.random.Generator, state: Ints, peak: Floats, roles: Uneven) -> Floats:
    """By how much the wish to answer differs from a shop's usual, (N, W): by state, season and what happened to it; a
    launch makes many speak, a merger brings another shop's voices."""
    wish = np.float32(SPEAKS)[state] * (1 + 0.5 * peak)
    wish /= wish.mean()
    since = np.arange(state.shape[1]) >= roles.onset[:, None]
    more = np.where(roles.name == "merger", 2, np.where(roles.name == "launch", 8, stirred(rng, roles)))
    return wish * np.where(since, more[:, None], 1).astype(np.float32)
