"""What the company measures: six KPIs that follow satisfaction late, unevenly and noisily."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.demo.customers import AS_OF, MONDAYS, WEEKS
from voc.demo.plants import KPI_SEGMENTS, LOOKS_WELL, UNIT_FACTOR, in_dip
from voc.demo.world import BURN_IN, World

Floats = NDArray[np.float64]
LAG_WEEKS = {
    "on_time_rate": 1,
    "uptime_pct": 2,
    "first_reply_hours": 1,
    "usage_gb": 4,
    "invoice_disputes": 3,
    "monthly_spend": 6,
}
DECIMALS = {
    "on_time_rate": 4,
    "uptime_pct": 3,
    "first_reply_hours": 2,
    "usage_gb": 1,
    "invoice_disputes": 0,
    "monthly_spend": 2,
}
ON_TIME_TARGET = 0.95
DIP = 0.4
"""Yearly dip of usage on the log scale: about a third less."""


def kpis(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """KPI readings on the long contract (customer_id, kpi, measured_on, value), ordered by day, KPI and customer."""
    frames = []
    for kpi, segments in KPI_SEGMENTS.items():
        values, days = _MEASURED[kpi](world, rng, _follows(world, rng, LAG_WEEKS[kpi]))
        missing = rng.random(values.shape) < rng.beta(1, 12, size=(len(values), 1))
        # monthly and daily values fall in the week of their day
        week = (days - MONDAYS[0]).astype(int) // 7
        keep = world.is_customer[:, week] & ~missing & world.frame["segment"].isin(segments).to_numpy()[:, None]
        who, when = np.nonzero(keep)
        frames.append(
            pd.DataFrame(
                {
                    "customer_id": world.frame["customer_id"].to_numpy()[who],
                    "kpi": kpi,
                    "measured_on": days[when],
                    "value": np.round(values[who, when], DECIMALS[kpi]),
                }
            )
        )
    return pd.concat(frames).sort_values(["measured_on", "kpi", "customer_id"], ignore_index=True)


def _follows(world: World, rng: np.random.Generator, lag: int) -> Floats:
    """One KPI's weekly health, up is good, sd about 1: satisfaction's cause ``lag`` weeks ago and heavy-tailed noise.

    The coupling is the customer's own; for two in five it is zero.
    """
    n = len(world.frame)
    coupling = np.where(rng.random((n, 1)) < 0.4, 0.0, rng.uniform(0.1, 0.45, (n, 1)))
    noise = np.clip(rng.standard_t(4, size=(n, WEEKS)) / np.sqrt(2), -6, 6)  # t(4) has variance 2; no answer takes 0 s
    health: Floats = coupling * world.cause[:, BURN_IN - lag :][:, :WEEKS] + np.sqrt(1 - coupling**2) * noise
    return health


def _planted(world: World, kpi: str, unshifted: Floats, good: int) -> Floats:
    """``unshifted`` shifted by what is planted, in each customer's own weekly sd of these very values."""
    shifted, own_sd = unshifted.copy(), unshifted.std(axis=1)
    for plant in world.plants:
        size = dict(plant.kpi_shifts).get(kpi, 0.0)
        if plant.customer is not None and size:
            shifted[plant.customer, plant.start : plant.end] += good * size * own_sd[plant.customer]
    return shifted


def _on_time_rate(world: World, rng: np.random.Generator, health: Floats) -> tuple[Floats, NDArray[np.datetime64]]:
    """Share of visits on time; few visits a week, so exactly 1 is ordinary and a strike makes exactly 0."""
    n = len(health)
    base = rng.normal(0.965, 0.015, (n, 1))
    for plant in world.plants:  # the outside of a watermelon is green
        if plant.kind in LOOKS_WELL and plant.customer is not None:
            base[plant.customer] = max(base[plant.customer, 0], ON_TIME_TARGET + 0.03)
    visits = rng.integers(20, 120, (n, 1))
    unshifted = np.clip(base + rng.uniform(0.02, 0.05, (n, 1)) * health, 0, 1)
    share = np.round(np.clip(_planted(world, "on_time_rate", unshifted, 1), 0, 1) * visits) / visits
    return np.where(rng.random((n, WEEKS)) < 0.001, 0.0, share), MONDAYS + 6


def _uptime_pct(world: World, rng: np.random.Generator, health: Floats) -> tuple[Floats, NDArray[np.datetime64]]:
    """Daily uptime of dedicated lines; a quarter of them have never been down."""
    n = len(health)
    down = np.minimum(rng.lognormal(-3.2, 0.7, (n, 1)) * np.exp(-0.5 * health), 100)
    down[rng.random(n) < 0.25] = 0.0
    weekly = 100 - np.clip(_planted(world, "uptime_pct", 100 - down, 1), 0, 100)
    daily = np.repeat(weekly, 7, axis=1) * rng.gamma(0.5, 2.0, (n, 7 * WEEKS))  # most days nothing, some days all
    return 100 - np.minimum(daily, 100), MONDAYS[0] + np.arange(7 * WEEKS)


def _first_reply_hours(world: World, rng: np.random.Generator, health: Floats) -> tuple[Floats, NDArray[np.datetime64]]:
    """Hours to the first answer; the legacy plan's feed switches to minutes."""
    n = len(health)
    log = np.log(rng.lognormal(np.log(4.5), 0.35, (n, 1))) - rng.uniform(0.2, 0.4, (n, 1)) * health
    hours = np.exp(_planted(world, "first_reply_hours", log, -1))
    for plant in world.plants:
        if plant.kind == "kpi_unit_change":
            hours[plant.customer, plant.start :] *= UNIT_FACTOR
    return hours, MONDAYS + 6


def _usage_gb(world: World, rng: np.random.Generator, health: Floats) -> tuple[Floats, NDArray[np.datetime64]]:
    """Traffic; up in winter evenings, down every February."""
    n = len(health)
    year = 2 * np.pi * (MONDAYS - np.datetime64("2025-01-01")).astype(int) / 365.25
    season = 0.1 * np.cos(year) - DIP * in_dip(MONDAYS)
    base = np.log(world.frame["true_revenue"].to_numpy()[:, None] * rng.lognormal(0.5, 0.5, (n, 1)))
    unshifted = base + rng.uniform(0.08, 0.2, (n, 1)) * health
    return np.exp(_planted(world, "usage_gb", unshifted, 1) + season), MONDAYS + 6


def _invoice_disputes(world: World, rng: np.random.Generator, health: Floats) -> tuple[Floats, NDArray[np.datetime64]]:
    """Invoice lines in dispute at the end of the week; some accounts never have one."""
    n = len(health)
    often = rng.gamma(1.2, 0.8, (n, 1)) * (rng.random((n, 1)) > 0.15)
    unshifted = rng.poisson(often * np.exp(-0.4 * np.clip(health, -4, 4))).astype(float)
    return np.maximum(np.round(_planted(world, "invoice_disputes", unshifted, -1)), 0), MONDAYS + 6


def _monthly_spend(world: World, rng: np.random.Generator, health: Floats) -> tuple[Floats, NDArray[np.datetime64]]:
    """Invoiced in a month, measured on its last day; around what the contract says."""
    months = np.arange(np.datetime64(MONDAYS[0], "M"), np.datetime64(AS_OF, "M"))
    days = (months + 1).astype("datetime64[D]") - 1
    unshifted = np.log(world.frame["true_revenue"].to_numpy()[:, None]) + 0.06 * health
    weekly = _planted(world, "monthly_spend", unshifted, 1)
    return np.exp(weekly[:, (days - MONDAYS[0]).astype(int) // 7]), days


Measure = Callable[[World, np.random.Generator, Floats], tuple[Floats, NDArray[np.datetime64]]]
_MEASURED: dict[str, Measure] = {
    "on_time_rate": _on_time_rate,
    "uptime_pct": _uptime_pct,
    "first_reply_hours": _first_reply_hours,
    "usage_gb": _usage_gb,
    "invoice_disputes": _invoice_disputes,
    "monthly_spend": _monthly_spend,
}
