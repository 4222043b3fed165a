"""Metrics of shops: three by the week, one by the month and one by the quarter; launches, mergers and new units."""

import numpy as np
from scipy.signal import lfilter
from scipy.special import expit

from voc.domain.kpi import Kpi
from worlds import metrics, noise
from worlds.changes import launched, measured, mistaken, new_units
from worlds.company import Company
from worlds.metrics import Meter, Scale
from worlds.periods import Mondays, complete, mean, months, quarters, spread
from worlds.uneven import Uneven
from worlds.world import Floats, Ints

VISITORS = Kpi("visitors", "Visitors a week", "count", "higher", combine="sum")
RETURNS = Kpi("returns", "Share of orders returned", "share", "lower", target=0.15, touchpoint="product")
DELIVERY = Kpi("delivery_days", "Days to delivery", "days", "lower", touchpoint="delivery")
TAKINGS = Kpi("takings", "Takings a week, by the month", "money", "higher", cadence="monthly")
GRADE = Kpi("grade", "Mystery shopper's grade of the quarter", "score", "higher", cadence="monthly", combine="last")
"""No cadence is longer than a month's: two of three months of a grade are empty."""

METERS = (
    Meter(VISITORS, "log", (7.0, 1.2), (0.08, 0.25), 1 / 1000, counted=True),
    Meter(RETURNS, "share", (-2.2, 0.4), (0.15, 0.4), 100, occasions=(20, 200)),
    Meter(DELIVERY, "log", (1.1, 0.3), (0.08, 0.25), 24),
    Meter(TAKINGS, "log", (9.0, 1.0), (0.08, 0.25), 1 / 1000),
    Meter(GRADE, "plain", (75, 5), (3, 7), 1 / 20),
)
WEEKLY = 3
"""The first of them are measured every week."""
MONTHLY, QUARTERLY = 3, 4
PERIODS = {MONTHLY: months, QUARTERLY: quarters}
BEFORE_LAUNCH, AFTER_LAUNCH = 30.0, (12_000.0, 60_000.0)
"""Visitors a week."""


def scale(rng: np.random.Generator, n: int) -> Scale:
    """What differs between shops."""
    return metrics.scale(rng, n, METERS)


def scores(rng: np.random.Generator, state: Ints, peak: Floats, felt: Floats) -> Floats:
    """Metrics, up is good, (N, K, W). Only delight and anger leave a trace, forgotten at the shop's own speed, and no
    trace at all in two of five metrics and one of five shops. At Christmas visitors and takings rise, the rest suffers.
    """
    n, weeks = state.shape
    said = np.float32([0.6, 0, 0, -1.2])[state]
    traces = np.stack([(1 - m) * lfilter([1], [1, -m], said, axis=1) for m in (0.5, 0.75, 0.9)]).astype(np.float32)
    trace = traces[rng.integers(0, 3, n), np.arange(n)]
    follows = rng.gamma(1.0, 1.0, (n, 5)) * (rng.random((n, 5)) < 0.6) * (rng.random((n, 1)) < 0.8)
    z = np.empty((n, 5, weeks), np.float32)
    z[:, 0] = 0.7 * noise.slow(rng, 0.9, n, weeks) + 0.5 * rng.laplace(size=(n, weeks))
    z[:, 1] = 0.5 * noise.white(rng, n, weeks) + 0.3 * noise.slow(rng, 0.97, n, weeks)
    z[:, 2] = 0.9 * (1 - rng.standard_gamma(1.2, (n, weeks), dtype=np.float32)) + 0.4 * noise.slow(rng, 0.7, n, weeks)
    z[:, 3] = 0.8 * noise.slow(rng, 0.95, n, weeks) + 0.8 * noise.white(rng, n, weeks)
    z[:, 4] = 0.8 * noise.slow(rng, 0.98, n, weeks) + 1.0 * noise.white(rng, n, weeks)
    for k, way in enumerate((1.5, -0.6, -1.2, 1.5, -0.3)):
        z[:, k] += follows[:, k, None] * trace + way * felt[:, None] * peak
    return z


def own(drawn: Scale, z: Floats, calendar: Mondays) -> Floats:
    """A reading's standard deviation in units of z, (N, K): of a month or a quarter where it is read so."""
    out = np.sqrt(z.var(2) + drawn.counting() ** 2)
    for k, period in PERIODS.items():
        out[:, k] = spread(z[:, k], calendar, period)
    return out


def readings(
    rng: np.random.Generator, z: Floats, drawn: Scale, company: Company, roles: Uneven, calendar: Mondays
) -> Floats:
    """Values (N, K, W) in their own units, with gaps, mistakes and new units. A merger doubles visitors and takings."""
    n, k, weeks = z.shape
    sign = np.array([meter.kpi.sign for meter in METERS])
    x = drawn.base[:, :, None] + (sign * drawn.swing)[:, :, None] * z
    grown = launched(rng, roles, x[:, 0], BEFORE_LAUNCH, AFTER_LAUNCH)
    rows = roles.rows("merger")
    grown[rows] = np.log(2) * (np.arange(weeks) >= roles.onset[rows, None])
    values = np.empty((n, k, weeks))
    values[:, 0] = rng.poisson(np.exp(np.clip(x[:, 0] + grown, 0, 14)))
    values[:, 1] = rng.binomial(drawn.occasions[:, 1, None], expit(x[:, 1])) / drawn.occasions[:, 1, None]
    values[:, 2] = np.exp(x[:, 2])
    values[:, 3] = mean(np.exp(x[:, 3] + grown), calendar, months)
    values[:, 4] = 5 * np.round(np.clip(mean(x[:, 4], calendar, quarters), 0, 100) / 5)
    mistaken(rng, values, METERS)
    new_units(rng, values, roles, METERS)
    there = measured(rng, company, k, WEEKLY)
    for of, period in PERIODS.items():
        there[:, of] &= complete(calendar, period, company.first)
    values[~there] = np.nan
    return values
