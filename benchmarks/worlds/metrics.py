"""Metrics in their own units, from satisfaction-like scores that are up when things are good."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit

from voc.domain.kpi import Kpi
from worlds.roles import Roles
from worlds.world import Floats, Ints


@dataclass(frozen=True)
class Meter:
    """How a metric reads: ``base`` (mean and spread over customers) and how far a ``z`` of one moves it, both on the
    scale of its link.

    ``counted``: readings are Poisson counts, or for shares binomial of so many occasions a week (low, high).
    ``unit_factor``: by what its values jump when its unit changes.
    """

    kpi: Kpi
    link: Literal["share", "log", "plain"]
    base: tuple[float, float]
    swing: tuple[float, float]
    unit_factor: float
    counted: bool = False
    occasions: tuple[int, int] = (0, 0)


ON_TIME = Kpi("on_time", "On-time deliveries", "share", "higher", target=0.85, touchpoint="delivery")
REPLY = Kpi("reply_time", "Time to first reply", "hours", "lower", target=8.0, touchpoint="support")
FAULTS = Kpi("faults", "Faults reported", "count", "lower", combine="sum", touchpoint="product")
SPEND = Kpi("spend", "Weekly spend", "money", "higher", combine="sum")
HEALTH = Kpi("health", "Health score", "score", "higher")
AUDIT = Kpi("audit", "Monthly audit score", "score", "higher", cadence="monthly", combine="last")

SMOOTH = (
    Meter(ON_TIME, "share", (2.6, 0.4), (0.3, 0.5), 100),
    Meter(REPLY, "log", (1.3, 0.4), (0.15, 0.35), 60),
    Meter(FAULTS, "log", (3.8, 0.4), (0.15, 0.3), 1000),
    Meter(SPEND, "log", (6.0, 0.8), (0.1, 0.3), 1 / 100),
    Meter(HEALTH, "plain", (70, 8), (1.5, 4), 1 / 10),
)
COUNTED = (
    Meter(ON_TIME, "share", (2.6, 0.8), (0.4, 0.8), 100, occasions=(6, 60)),
    Meter(REPLY, "log", (1.3, 0.5), (0.2, 0.4), 60),
    Meter(FAULTS, "log", (1.5, 0.8), (0.25, 0.5), 1000, counted=True),
    Meter(AUDIT, "plain", (70, 8), (2, 5), 1 / 10),
    Meter(SPEND, "log", (6.0, 0.8), (0.1, 0.3), 1 / 100),
)


@dataclass(frozen=True)
class Scale:
    """Each customer's own base, swing and occasions a week, all (N, K)."""

    meters: tuple[Meter, ...]
    base: Floats
    swing: Floats
    occasions: Ints

    def counting(self) -> Floats:
        """Standard deviation in units of z of what counting alone adds to a reading, shape (N, K)."""
        extra = np.zeros_like(self.base)
        for k, meter in enumerate(self.meters):
            if meter.counted:
                extra[:, k] = np.exp(-self.base[:, k] / 2) / self.swing[:, k]
            if meter.occasions[1]:
                p = expit(self.base[:, k])
                extra[:, k] = 1 / np.sqrt(self.occasions[:, k] * p * (1 - p)) / self.swing[:, k]
        return np.minimum(extra, 2)  # beyond, the delta method says nothing: readings are mostly 0 or 1

    def own(self, z: Floats) -> Floats:
        """A reading's weekly standard deviation in units of z, shape (N, K)."""
        return np.sqrt(z.var(2) + self.counting() ** 2)


def scale(rng: np.random.Generator, n: int, meters: tuple[Meter, ...]) -> Scale:
    """Draws what differs between customers."""
    base = np.stack([rng.normal(*m.base, n) for m in meters], 1)
    swing = np.stack([rng.uniform(*m.swing, n) for m in meters], 1)
    occasions = np.stack([rng.integers(m.occasions[0], m.occasions[1] + 1, n) for m in meters], 1)
    return Scale(meters, base, swing, occasions)


def flawed(rng: np.random.Generator, z: Floats) -> Floats:
    """Readings that are plainly wrong, 1 in 250, added to ``z`` in place; where they are, same shape."""
    wrong = np.flatnonzero(rng.random(z.shape, dtype=np.float32) < 0.004)
    z.reshape(-1)[wrong] += rng.choice([-1, 1], wrong.size) * rng.uniform(5, 9, wrong.size)
    return wrong


def readings(rng: np.random.Generator, z: Floats, scale: Scale, here: np.ndarray, roles: Roles) -> Floats:
    """Values (N, K, W) in their own units: 3 % are missing; some customers' units change, planted decoys among them."""
    n, _, weeks = z.shape
    values = np.empty(z.shape)
    for k, meter in enumerate(scale.meters):
        x = scale.base[:, k, None] + meter.kpi.sign * scale.swing[:, k, None] * z[:, k]
        if meter.link == "share":
            x = expit(x)
            often = scale.occasions[:, k, None]
            x = rng.binomial(often, x) / often if meter.occasions[1] else x
        elif meter.link == "log":
            x = np.exp(np.clip(x, -20, 20))
            x = rng.poisson(x) if meter.counted else x
        elif meter.kpi.unit == "score":
            x = np.clip(x, 0, 100)
        values[:, k] = np.round(x) if meter.kpi.unit == "count" else x
        gone = ~here | (rng.random((n, weeks), dtype=np.float32) < 0.03)
        if meter.kpi.cadence == "monthly":
            gone |= np.arange(weeks) * 12 // 52 == (np.arange(weeks) - 1) * 12 // 52
        values[:, k][gone] = np.nan
    changed = np.flatnonzero((rng.random(n) < 0.01) & (roles.name == ""))
    when = rng.integers(weeks // 4, weeks - 4, changed.size)
    changed, when = np.r_[changed, roles.rows("unit_change")], np.r_[when, roles.onset[roles.rows("unit_change")]]
    kpi = rng.integers(0, len(scale.meters), changed.size)
    factor = np.array([m.unit_factor for m in scale.meters])[kpi]
    values[changed, kpi] *= np.where(np.arange(weeks) >= when[:, None], factor[:, None], 1)
    return values
