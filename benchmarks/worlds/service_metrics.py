"""Metrics of accounts: three by the week, of which one needs tickets, seats by the month and invoices by contract."""

import numpy as np
from scipy.special import expit

from voc.domain.kpi import Kpi
from worlds import metrics, noise
from worlds.changes import launched, measured, mistaken, new_units
from worlds.company import Company
from worlds.metrics import Meter, Scale
from worlds.periods import Mondays, complete, mean, months, quarters, spread
from worlds.service_contracts import Contracts, Merged
from worlds.uneven import Uneven
from worlds.world import Floats, Ints

METERS = (
    Meter(
        Kpi("logins", "Logins a week", "count", "higher", combine="sum", touchpoint="product"),
        "log",
        (5.0, 1.3),
        (0.1, 0.3),
        1 / 1000,
        counted=True,
    ),
    Meter(
        Kpi("uptime", "Uptime", "share", "higher", target=0.995, touchpoint="product"),
        "share",
        (8.0, 0.8),
        (0.4, 0.9),
        100,
    ),
    Meter(
        Kpi("solved_in", "Hours to a solution", "hours", "lower", touchpoint="support"),
        "log",
        (2.5, 0.5),
        (0.2, 0.5),
        1 / 24,
    ),
    Meter(
        Kpi("seats", "Paid seats", "count", "higher", cadence="monthly", combine="last"),
        "log",
        (3.2, 1.2),
        (0.06, 0.2),
        1 / 10,
    ),
    Meter(
        Kpi("invoiced", "Invoiced", "money", "higher", cadence="monthly", combine="sum", touchpoint="billing"),
        "log",
        (7.0, 1.2),
        (0.06, 0.2),
        100,
    ),
)
WEEKLY = 3
"""The first of them are measured every week."""
LOGINS, UPTIME, SOLVED, SEATS, INVOICED = range(5)
SIZED = (LOGINS, SEATS, INVOICED)
"""They are larger where the account is."""
BEFORE_LAUNCH, AFTER_LAUNCH = 10.0, (5_000.0, 40_000.0)
"""Logins a week."""
MINUTES = 7 * 24 * 60
"""Of a week, in which uptime is counted."""
LEAST = 0.5
"""Units of z: the least that seats are taken to vary, which many accounts never change."""


def scale(rng: np.random.Generator, contracts: Contracts) -> Scale:
    """What differs between accounts."""
    drawn = metrics.scale(rng, contracts.size.size, METERS)
    for k in SIZED:
        middle, wide = METERS[k].base
        drawn.base[:, k] = middle + 0.45 * (drawn.base[:, k] - middle) + 0.9 * wide * contracts.size
    return drawn


def outages(rng: np.random.Generator, region: Ints, weeks: int) -> Floats:
    """How bad outages were, (N, W), by a Pareto law: a whole region's, felt unequally, and an account's own."""
    n = region.size
    shared = (rng.random((region.max() + 1, weeks)) < 0.02) * (1 + rng.pareto(1.5, (region.max() + 1, weeks)))
    alone = (rng.random((n, weeks), dtype=np.float32) < 0.01) * (1 + rng.pareto(1.5, (n, weeks)))
    return np.minimum(rng.uniform(0.2, 1.2, (n, 1)) * shared[region] + alone, 8).astype(np.float32)


def scores(
    rng: np.random.Generator, mood: Floats, lost: Floats, away: Floats, contracts: Contracts
) -> tuple[Floats, Ints]:
    """Metrics, up is good, (N, K, W), and tickets (N, W). Half of an account's metrics follow its mood, each up to six
    weeks later; seats change at renewals only; logins fall in summer; the fewer the tickets, the noisier the hours."""
    n, weeks = mood.shape
    wander = (mood - mood.mean(1, keepdims=True)) / mood.std()
    follows = rng.gamma(1.5, 0.3, (n, 5)) * (rng.random((n, 5)) < 0.5)
    lag = rng.integers(0, 7, (n, 5))
    tickets = rng.poisson(np.exp(0.5 + contracts.size[:, None] - 0.2 * wander + 0.2 * np.minimum(lost, 3)))
    felt = rng.gamma(3.0, 1 / 3, (n, 1)) * away
    walk = np.clip(noise.stable(rng, 1.6, n, weeks), -8, 8) * 0.08 * (rng.random((n, 1)) < 0.7)
    steps = np.take_along_axis(
        np.cumsum(walk + 0.02 * follows[:, SEATS, None] * wander, 1), contracts.renewed(weeks), 1
    )
    z = np.empty((n, 5, weeks), np.float32)
    z[:, LOGINS] = 0.6 * noise.fractional(noise.white(rng, n, weeks + 52), 0.3)[:, 52:] - 1.2 * felt
    z[:, LOGINS] += 0.5 * noise.white(rng, n, weeks)
    z[:, UPTIME] = 0.5 * (0.5 - rng.standard_gamma(0.5, (n, weeks), dtype=np.float32)) - lost
    z[:, SOLVED] = 0.6 * noise.slow(rng, 0.8, n, weeks) - 0.3 * lost - 0.5 * felt
    z[:, SOLVED] += np.clip(noise.heavy(rng, 3, n, weeks), -5, 5) / np.sqrt(np.maximum(tickets, 1))
    z[:, SEATS] = steps
    z[:, INVOICED] = 0.6 * steps + 0.5 * noise.slow(rng, 0.9, n, weeks) + 0.7 * noise.white(rng, n, weeks)
    for k in (LOGINS, SOLVED, INVOICED):
        z[:, k] += follows[:, k, None] * noise.delayed(wander, lag[:, k])
    return z, tickets


def own(drawn: Scale, z: Floats, contracts: Contracts, calendar: Mondays) -> Floats:
    """A reading's standard deviation in units of z, (N, K): of a month or a quarter where it is read so."""
    out = np.sqrt(z.var(2) + drawn.counting() ** 2)
    out[:, SEATS] = np.maximum(spread(z[:, SEATS], calendar, months), LEAST)
    by_quarter, by_month = (spread(z[:, INVOICED], calendar, period) for period in (quarters, months))
    out[:, INVOICED] = np.where(contracts.quarterly, by_quarter, by_month)
    return out


def readings(
    rng: np.random.Generator,
    z: Floats,
    tickets: Ints,
    drawn: Scale,
    company: Company,
    roles: Uneven,
    contracts: Contracts,
    merged: Merged,
    calendar: Mondays,
) -> Floats:
    """Values (N, K, W) in their own units, with gaps, mistakes and new units; hours only where there were tickets."""
    n, k, weeks = z.shape
    sign = np.array([meter.kpi.sign for meter in METERS])
    x = drawn.base[:, :, None] + (sign * drawn.swing)[:, :, None] * z
    x[:, SIZED] += merged.added(drawn.base[:, SEATS], np.arange(weeks) >= roles.onset[:, None])[:, None]
    x[:, LOGINS] += launched(rng, roles, x[:, LOGINS], BEFORE_LAUNCH, AFTER_LAUNCH)
    values = np.exp(np.clip(x, -14, 14))
    values[:, LOGINS] = rng.poisson(values[:, LOGINS] * rng.gamma(12, 1 / 12, (n, weeks)))
    values[:, UPTIME] = np.round(MINUTES * expit(x[:, UPTIME])) / MINUTES
    values[:, SEATS] = np.maximum(np.round(values[:, SEATS]), 1)
    by_quarter, by_month = (mean(values[:, INVOICED], calendar, period) for period in (quarters, months))
    values[:, INVOICED] = np.where(contracts.quarterly[:, None], 3 * by_quarter, by_month)
    mistaken(rng, values, METERS)
    new_units(rng, values, roles, METERS)
    there = measured(rng, company, k, WEEKLY)
    by_quarter, by_month = (complete(calendar, period, company.first) for period in (quarters, months))
    there[:, SOLVED] &= tickets > 0
    there[:, SEATS] &= by_month
    there[:, INVOICED] &= np.where(contracts.quarterly[:, None], by_quarter, by_month)
    values[~there] = np.nan
    return values
