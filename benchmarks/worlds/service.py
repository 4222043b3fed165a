"""A world of accounts of a business service: moods with a long memory and sudden jumps, and few people who speak for
each account."""

from dataclasses import replace

import numpy as np
from scipy.signal import lfilter

from worlds import noise, service_metrics
from worlds.assemble import START, assemble
from worlds.changes import drift
from worlds.company import Company
from worlds.periods import Mondays
from worlds.plant import WEAKLY, plant
from worlds.saying import HIGH, LOW, stirred
from worlds.service_answers import BY_TOUCHPOINT, LEVEL, MOVES, answers, waves
from worlds.service_contracts import Contracts, merge
from worlds.uneven import Uneven, histories, moves, names, onsets, tailed
from worlds.world import Floats, World

MEMORY, WILD, LIMIT = 0.45, 1.7, 12.0
"""Of moods: the order of their fractional memory, the index of their stable jumps, and the largest of them."""
WARM_UP = 104
"""Weeks before the first, in which moods come from nothing."""
EXPONENT = 0.6
"""Of the Pareto law of sizes: half are below 1.6 standard deviations, one in ten above 5."""
HEARD, UNEQUAL = 0.2, 1.8
"""Answers a week of the median account and the spread of their logarithm, before both ends are cut: one on average."""
DECOYS = {"agreed_decline": 6, "agreed_rise": 3, "slow_drift": 2, "launch": 2, "merger": 3, "unit_change": 2}
DECOYS |= {"new_contact": 2, "recovered": 1, "thin": 1, "lone_anger": 1, "kpi_dip": 1}
"""Of 24 decoys."""


def service(
    seed: int,
    n: int = 5000,
    weeks: int = 160,
    rate: float = 1.0,
    share: float = 0.04,
    decoys: float = 0.12,
    uninformative: float = 0.0,
    anger: float = 1.0,
    together: int = 0,
    weakly: float = WEAKLY,
) -> World:
    """Accounts that hardly differ in level, whose moods remember for years and jump; 30 to ``weeks`` weeks of history;
    logins, uptime and hours to a solution by the week, seats by the month, invoices by the month or the quarter as the
    contract says. Outages are felt and hit a whole region. Some accounts absorb another. One summer for all."""
    rng = np.random.default_rng([seed, 6])
    calendar = START + 7 * (rng.integers(52) + np.arange(weeks))
    company, contracts = _accounts(rng, n, weeks, rate)
    roles = _roles(rng, company, contracts, share, decoys)
    lost, away = service_metrics.outages(rng, company.group[0], weeks), holidays(calendar)
    mood = LEVEL * noise.white(rng, n, 1) + _moods(rng, lost, weeks)
    z, tickets = service_metrics.scores(rng, mood, lost, away, contracts)
    merged = merge(rng, roles, company, mood)
    measured = service_metrics.scale(rng, contracts)
    own = service_metrics.own(measured, z, contracts, calendar)
    sd = float(mood.std())
    moved = plant(rng, roles, mood, z, own, company, together, weakly)
    drift(rng, roles, mood, z, own, sd)
    since = np.arange(weeks) >= roles.onset[:, None]
    company.rates[:] *= (1 - 0.4 * away) * np.where(since, stirred(rng, roles)[:, None], 1) * waves(contracts, weeks)
    items = answers(rng, mood, sd, company, roles, contracts, merged, uninformative, anger)
    values = service_metrics.readings(rng, z, tickets, measured, company, roles, contracts, merged, calendar)
    panel = replace(assemble(company, service_metrics.METERS, values, items), weeks=calendar)
    return World(panel, roles.planted(), roles.decoys(), mood, moved)


def holidays(calendar: Mondays) -> Floats:
    """Part of the people who are away each week, (W,): most from mid July to late August, and at Christmas."""
    day = (calendar + 3 - calendar.astype("M8[Y]").astype("M8[D]")).astype(int)
    summer = np.clip(1 - np.maximum(np.abs(day - 213) - 17, 0) / 14, 0, 1)
    return np.maximum(summer, 0.8 * ((day >= 355) | (day <= 5))).astype(np.float32)


def _accounts(rng: np.random.Generator, n: int, weeks: int, rate: float) -> tuple[Company, Contracts]:
    """Larger accounts say more; answers a week are lognormal, cut at both ends."""
    company = histories(rng, n, weeks)
    size, quarterly = rng.standard_normal(n), rng.random(n) < 0.4
    contracts = Contracts(size, quarterly, np.where(quarterly, 13, 4), rng.integers(0, 13, n))
    loud = 0.7 * size + np.sqrt(1 - 0.7**2) * rng.standard_normal(n)
    heard = np.clip(HEARD * np.exp(UNEQUAL * loud), LOW, HIGH)[:, None]
    company.rates[:] = (rate * heard).astype(np.float32) * company.here
    return company, contracts


def _roles(rng: np.random.Generator, company: Company, contracts: Contracts, share: float, decoys: float) -> Uneven:
    """Who is what. What an invoice of the quarter could not show yet happens to logins."""
    n, weeks = company.rates.shape
    k = len(service_metrics.METERS)
    name = names(rng, np.flatnonzero(company.last == weeks - 1), n, share, decoys, DECOYS)
    onset = onsets(rng, company.first, weeks, quiet=12)
    kpi = rng.integers(0, k, n)
    agreed = np.isin(name, ["agreed_decline", "agreed_rise"])
    kpi = np.where(agreed, kpi % service_metrics.WEEKLY, kpi)
    unread = (kpi == service_metrics.INVOICED) & contracts.quarterly & (weeks - onset < 14)
    kpi = np.where(unread, service_metrics.LOGINS, kpi)
    touchpoint = rng.choice(np.flatnonzero(np.array(BY_TOUCHPOINT) < 0.4), n)
    size, moved = tailed(rng, EXPONENT, n), tailed(rng, EXPONENT, n, k)
    return moves(rng, name, onset, size, moved, kpi, rng.integers(0, 7, n), touchpoint)


def _moods(rng: np.random.Generator, lost: Floats, weeks: int) -> Floats:
    """Moods around each account's level, (N, W), of standard deviation `MOVES` over all: bad news is larger than good,
    some accounts are more restless than others, and an outage is forgotten by a third a week."""
    steps = np.clip(noise.stable(rng, WILD, len(lost), weeks + WARM_UP), -LIMIT, LIMIT)
    steps *= np.where(steps > 0, np.float32(0.7), np.float32(1))
    steps = (steps - steps.mean()) * np.exp(0.4 * noise.white(rng, len(lost), 1))
    moods = noise.fractional(steps, MEMORY)[:, WARM_UP:] - lfilter([1], [1, -0.67], lost, axis=1).astype(np.float32)
    return np.float32(MOVES) * (moods - moods.mean()) / moods.std()
