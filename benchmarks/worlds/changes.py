"""What ordinary companies go through: slow drifts, launches, new units, mistakes and gaps."""

import numpy as np
from numpy.typing import NDArray

from worlds.company import Company
from worlds.metrics import Meter
from worlds.uneven import Uneven
from worlds.world import Floats


def drift(rng: np.random.Generator, roles: Uneven, mood: Floats, z: Floats, own: Floats, sd: float) -> None:
    """Falls over one to three years that go on to the end, in place: half of them the mood's, the others a metric's."""
    weeks = mood.shape[1]
    rows = roles.rows("slow_drift")
    length = rng.integers(52, 157, (rows.size, 1))
    start = weeks - np.round(length * rng.uniform(0.7, 1, length.shape))
    fallen = np.clip((np.arange(weeks) - start) / length, 0, 1) * np.clip(roles.size[rows, None], 1, 3)
    of_mood = rng.random(rows.size) < 0.5
    mood[rows[of_mood]] -= sd * fallen[of_mood]
    kpi, others = rng.integers(0, z.shape[1], rows.size), ~of_mood
    z[rows[others], kpi[others]] -= own[rows[others], kpi[others], None] * fallen[others]


def launched(
    rng: np.random.Generator, roles: Uneven, usual: Floats, before: float, after: tuple[float, float]
) -> Floats:
    """What launches add to the logarithm of a count, ``usual`` (N, W) without them, (N, W): from ``before`` a week to
    between the two of ``after`` within three weeks; half of that is lost in every twenty weeks since."""
    out = np.zeros(usual.shape, np.float32)
    rows = roles.rows("launch")
    since = np.arange(usual.shape[1]) - roles.onset[rows, None]
    small = np.log(before) + 0.3 * rng.standard_normal((rows.size, 1)) - np.median(usual[rows], 1)[:, None]
    leap = np.log(rng.uniform(*after, (rows.size, 1)) / before)
    risen = np.clip((since + 1) / rng.integers(1, 4, (rows.size, 1)), 0, 1)
    out[rows] = small + leap * risen - np.log(2) / 20 * np.maximum(since, 0)
    return out


def new_units(rng: np.random.Generator, values: Floats, roles: Uneven, meters: tuple[Meter, ...]) -> None:
    """From a decoy's onset, or some week of one ordinary customer in a hundred, a metric is told in another unit."""
    n, k, weeks = values.shape
    usual, decoys = np.flatnonzero((roles.name == "") & (rng.random(n) < 0.01)), roles.rows("unit_change")
    rows = np.r_[usual, decoys]
    when = np.r_[rng.integers(weeks // 2, weeks - 4, usual.size), roles.onset[decoys]]
    kpi = rng.integers(0, k, rows.size)
    factor = np.array([meter.unit_factor for meter in meters])[kpi]
    values[rows, kpi] *= np.where(np.arange(weeks) >= when[:, None], factor[:, None], 1)


def mistaken(rng: np.random.Generator, values: Floats, meters: tuple[Meter, ...]) -> None:
    """Makes 0.2 % of readings plainly wrong, in place; shares are always right."""
    wrong = rng.random(values.shape, dtype=np.float32) < 0.002
    wrong[:, [meter.kpi.unit == "share" for meter in meters]] = False
    values[wrong] *= rng.choice([0.2, 4.0], int(wrong.sum()))
    counts = [meter.kpi.unit == "count" for meter in meters]
    values[:, counts] = np.round(values[:, counts])


def measured(rng: np.random.Generator, company: Company, k: int, weekly: int) -> NDArray[np.bool_]:
    """Whether there would be a reading every week, (N, K, W): 2 % are missing, and one of the first ``weekly`` metrics
    of one customer in twenty for weeks on end."""
    n, weeks = company.rates.shape
    there = company.here[:, None] & (rng.random((n, k, weeks), dtype=np.float32) > 0.02)
    broken = np.flatnonzero(rng.random(n) < 0.05)
    start = rng.integers(0, weeks, (broken.size, 1))
    since = np.arange(weeks) - start
    there[broken, rng.integers(0, weekly, broken.size)] &= (since < 0) | (since >= rng.integers(3, 11, start.shape))
    return there
