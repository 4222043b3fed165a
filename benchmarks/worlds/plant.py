"""What roles do to satisfaction, to metrics and to the rate of speaking."""

import numpy as np

from voc.domain.kinds import Kind
from worlds.company import Company
from worlds.roles import FIRST, LAST, Roles
from worlds.world import Floats, Together

FALLS = (Kind.WATERMELON, Kind.GAMED_METRIC, "agreed_decline", "thin")
WEAKLY = 0.7
"""Standard deviations of satisfaction: half of an ordinary fall, and too little to be seen in one customer."""


def plant(
    rng: np.random.Generator,
    roles: Roles,
    mood: Floats,
    z: Floats,
    own: Floats,
    company: Company,
    together: int,
    weakly: float,
) -> Together | None:
    """Changes ``mood`` (N, W), ``z`` (N, K, W; up is good) and the company's rates in place.

    ``own`` (N, K): a metric's weekly standard deviation in units of ``z``; ``together``: customers who move together,
    by ``weakly`` standard deviations of satisfaction. A touchpoint's own fall is told by the items.
    """
    weeks, sd = mood.shape[1], mood.std()
    rows = roles.rows(*FALLS)
    mood[rows] -= sd * roles.size[rows, None] * roles.shape(rows, weeks)
    rows = roles.rows("agreed_rise")
    mood[rows] += sd * roles.size[rows, None] * roles.shape(rows, weeks)
    rows = roles.rows(Kind.SILENT_RISK)
    mood[rows] += 0.1 * sd * (rng.random((rows.size, 1)) < 0.5) * roles.shape(rows, weeks)
    rows = np.flatnonzero(roles.kpi_size.any(1))
    z[rows] += (roles.kpi_size * own)[rows, :, None] * roles.shape(rows, weeks, roles.lag[rows])[:, None]
    rows = roles.rows("thin")
    company.rates[rows] *= np.where(np.arange(weeks) >= roles.onset[rows, None], 0.05, 1)
    _episodes(rng, roles, mood, z, own)
    return _together(rng, roles, mood, z, own, company, together, weakly) if together else None


def _episodes(rng: np.random.Generator, roles: Roles, mood: Floats, z: Floats, own: Floats) -> None:
    """Decoys that came and went."""
    weeks, kpis, sd = mood.shape[1], z.shape[1], mood.std()
    week = np.arange(weeks)
    rows = roles.rows("recovered")
    over = weeks - 12 - rng.integers(0, 12, (rows.size, 1))
    began = over - rng.integers(6, 15, (rows.size, 1))
    mood[rows] -= sd * roles.size[rows, None] * ((week >= began) & (week < over))
    rows = roles.rows("kpi_dip")
    kpi = rng.integers(0, kpis, rows.size)
    dip = (week >= roles.onset[rows, None]) & (week < roles.onset[rows, None] + 3)
    z[rows, kpi] -= np.maximum(0.5, rng.normal(2.2, 0.8, (rows.size, 1))) * own[rows, kpi][:, None] * dip
    rows = roles.rows("season_heavy")
    z[rows] += 1.5 * own[rows, :, None] * season(weeks)


def _together(
    rng: np.random.Generator,
    roles: Roles,
    mood: Floats,
    z: Floats,
    own: Floats,
    company: Company,
    count: int,
    weakly: float,
) -> Together:
    """A weak fall shared by ``count`` ordinary customers of a smaller region, and an agreed one in another."""
    weeks = mood.shape[1]
    onset = weeks - int(rng.integers(FIRST + 4, LAST + 1))
    ordinary = (roles.name == "") & (company.last == weeks - 1)
    regions = rng.permutation(np.argsort(np.bincount(company.group[0]))[:4])[:2]
    fallen, agreed = (rng.permutation(np.flatnonzero(ordinary & (company.group[0] == r)))[:count] for r in regions)
    for rows in (fallen, agreed):
        mood[rows, onset:] -= mood.std() * np.maximum(0, rng.normal(weakly, 0.2, (rows.size, 1)))
    falls = np.maximum(0, rng.normal(1.0, 0.4, own[agreed].shape)) * own[agreed]
    z[agreed, :, onset:] -= falls[:, :, None]
    return Together(int(regions[0]), fallen, int(regions[1]), agreed, onset)


def season(weeks: int) -> Floats:
    """A year's swing, shape (weeks,)."""
    return np.sin(2 * np.pi * np.arange(weeks) / 52).astype(np.float32)
