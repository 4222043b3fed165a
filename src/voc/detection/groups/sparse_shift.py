"""Mixture: whether a part of a group's members moved together, each too weakly to be seen alone.

Higher criticism in a Bayesian manner: Donoho and Jin (2004), Higher criticism for detecting sparse heterogeneous
mixtures. Members' evidence adds up, beside a movement that all of the group have in common.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from voc.detection.hypotheses.hypotheses import Null
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.onsets import ONSETS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ABRUPT = tuple(o for o, start in enumerate(ONSETS) if start.ramp == 1)
"""A group's start is sharp enough for steps alone."""
PARTS = (0.1, 0.3, 1.0)
"""Shares of the members that may have moved."""
SIZES = (0.5, 1.0)
"""How far, in standard deviations of satisfaction: a third and two thirds of a mood that changed in one customer."""
SHARED = 0.05 * np.arange(-10, 11)
"""What a group may have in common; closer values can hardly be told apart by a thousand members."""
FAR = 0.5
"""What a group of unknown calm history may have in common."""
HEARD = 2.0
"""Standard error of a member's step beyond which it says nothing of its own."""
MOST_MEMBERS = 1000
"""Members of a group that are looked at, the best heard ones."""
POOL = 3000
DRAWS = 1000
"""Random groups of the company that a group is compared with: the smallest p-value is then a tenth of a percent."""


@dataclass(frozen=True)
class Members:
    """Steps ``x`` of m members at the abrupt starts with their standard errors, (m, O), and the weight of any story
    but "nothing happened" against it, (m,)."""

    rows: Ints
    x: Floats
    se: Floats
    other: Floats

    def __getitem__(self, chosen: Ints) -> "Members":
        return Members(*(part[chosen] for part in vars(self).values()))

    def beside(self, change: Floats) -> "Members":
        """With the ``change`` of the group's mood that was taken out, (O,). Not with what the members' other groups
        did: a region that fell is a part of every plan, and would be found in each."""
        return replace(self, x=self.x + change)


@dataclass(frozen=True)
class Together:
    """``p``: share of random groups of as many members in which as much speaks for a part that fell; ``without``: the
    same without each member, ``shares``: of each in what raises the log likelihood ratio, (m,). ``start``: index of
    ``ABRUPT``."""

    p: float
    start: int
    shares: Floats
    without: Floats


def heard(steps: SentimentSteps, other: Floats, rows: Ints) -> Members:
    """Those of ``rows`` who were heard well enough, without what their groups have in common."""
    at = list(ABRUPT)
    kept = rows[steps.se[rows][:, at].min(1) < HEARD]
    return Members(kept, steps.residual[kept][:, at], steps.se[kept][:, at], other[kept])


def best(members: Members) -> Members:
    """At most `MOST_MEMBERS`, the best heard ones."""
    return members[np.sort(np.argsort(members.se.min(1), kind="stable")[:MOST_MEMBERS])]


def pool_of(members: Members) -> Members:
    """At most `POOL`, evenly spaced."""
    return members[np.arange(0, members.rows.size, max(1, -(-members.rows.size // POOL)))]


def table(members: Members, null: Null, nothing: float) -> NDArray[np.float32]:
    """Log likelihood of each member at each start, for everything shared, if none and if a part of the group fell,
    (m, O, S, 1 + parts x sizes). ``nothing``: share of the story that nothing happened."""
    x, se = members.x[:, :, None], members.se[:, :, None] * null.scale
    se = np.where(np.isfinite(se), se, 1e6)
    at_rest = _log_t(x / se, null.freedom)

    def moved(size: float) -> Floats:
        return nothing * np.exp(np.clip(_log_t((x - SHARED - size) / se, null.freedom) - at_rest, -50, 50))

    other = members.other[:, None, None]
    calm = moved(0.0)
    out = [np.log(calm + other)]
    for size in SIZES:
        fell = moved(-size)
        out += [np.log((1 - part) * calm + part * fell + other) for part in PARTS]
    return np.stack(out, axis=3).astype(np.float32)


def together(of: NDArray[np.float32], pool: NDArray[np.float32], shared: Floats) -> Together:
    """Compares a group's table with those of random groups drawn from ``pool``; ``shared``: standard deviation of what
    the group has in common at each start, from its own calm history, (O,)."""
    total = of.sum(0, dtype=np.float64)
    prior = -0.5 * (SHARED / np.maximum(shared, 1e-3)[:, None]) ** 2
    ratios = _ratio(total[None], prior)[0]
    observed = _over_starts(ratios)
    without = _over_starts(_ratio(total[None] - of, prior)) if len(of) else np.zeros(0)
    gain = np.maximum(observed - without, 0)
    random = np.random.default_rng(0)
    n, shape = len(pool), pool.shape[1:]
    counts = random.multinomial(len(of), np.full(n, 1 / n), size=DRAWS).astype(np.float32)
    drawn = (counts @ pool.reshape(n, -1)).reshape(DRAWS, *shape).astype(np.float64)
    blows = np.rint(random.standard_normal(DRAWS)[:, None] * shared / (SHARED[1] - SHARED[0])).astype(np.int64)
    at = np.arange(shape[1]) - np.clip(blows, -shape[1] // 2, shape[1] // 2)[:, :, None]
    inside = (at >= 0) & (at < shape[1])
    moved = np.take_along_axis(drawn, np.clip(at, 0, shape[1] - 1)[..., None], axis=2)
    by_chance = np.sort(_over_starts(_ratio(np.where(inside[..., None], moved, -np.inf), prior)))
    return Together(
        p=float(_rarity(by_chance, np.array([observed]))[0]),
        start=int(ratios.argmax()),
        shares=gain / max(float(gain.sum()), 1e-9),
        without=_rarity(by_chance, without),
    )


def _ratio(total: Floats, prior: Floats) -> Floats:
    """Log likelihood ratio that a part fell, at each start, everything shared summed over: (n, O, S, C) -> (n, O)."""
    weighted = total + prior[:, :, None]
    fell = logsumexp(weighted[..., 1:], axis=(2, 3)) - np.log(weighted.shape[3] - 1)
    return np.asarray(fell - logsumexp(weighted[..., 0], axis=2), dtype=float)


def _over_starts(ratios: Floats) -> Floats:
    return np.asarray(logsumexp(ratios, axis=-1) - np.log(ratios.shape[-1]), dtype=float)


def _rarity(by_chance: Floats, observed: Floats) -> Floats:
    as_large = by_chance.size - np.searchsorted(by_chance, observed, side="left")
    return np.asarray((1 + as_large) / (1 + by_chance.size), dtype=float)


def _log_t(z: Floats, freedom: float) -> Floats:
    return np.asarray(-(freedom + 1) / 2 * np.log1p(z * z / freedom), dtype=float)
