"""What each item says of satisfaction, learned without labels: people who agree with themselves are believed."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from voc.detection.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REACH = 6
"""Weeks to either side within which a customer's other items tell what one item should have said."""
ENOUGH = 200
"""Items with such neighbours that a curve of its own needs: its reliability is then known to about ± 0.07."""
KNOTS = 25
LIMIT = 3.0
"""One item counts at most three of its own standard deviations (Iglewicz and Hoaglin 1993 take 3.5 as an outlier)."""
REPEATED = 13
"""Weeks within which the same words of the same customer are one matter."""
ALL = ""
"""Stands for every channel together, for channels that are new or small."""
LEAST_RELIABLE, MOST_RELIABLE = 0.02, 0.95


@dataclass(frozen=True)
class Curve:
    """From an item's sentiment ``x`` to what it says of satisfaction ``y``, in standard deviations of satisfaction over
    customers and time, and the variance of its noise on that scale."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    noise: float


@dataclass(frozen=True)
class Hearing:
    """What fit learned of how items speak: by channel the borders of standard error and a curve between each."""

    borders: dict[str, tuple[float, ...]]
    curves: dict[str, tuple[Curve, ...]]

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Hearing":
        curves = {
            name: tuple(Curve(tuple(c["x"]), tuple(c["y"]), c["noise"]) for c in of)
            for name, of in state["curves"].items()
        }
        return cls({name: tuple(b) for name, b in state["borders"].items()}, curves)

    def get_state(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Observations:
    """Independent voices, arrays (C,), sorted by customer and week: customer row, week, respondent (unnamed ones are
    distinct), touchpoint, what was said and the variance of its noise, the first of the panel's items it holds, what
    the metrics led one to expect, and the mood of the week that was taken out: the company's, and beyond it, (C, L), of
    the customer's group at each level."""

    customer: Ints
    week: Ints
    respondent: Ints
    touchpoint: Ints
    y: Floats
    noise: Floats
    item: Ints
    expected: Floats
    of_company: Floats
    of_groups: Floats

    def __getitem__(self, chosen: Any) -> "Observations":
        return Observations(*(getattr(self, f.name)[chosen] for f in fields(self)))


def learn_hearing(panel: Panel) -> Hearing:
    """A curve per channel and third of its standard errors.

    An item is believed as far as a customer's other items of the weeks around it agree with it: the isotonic regression
    of their mean on the item's sentiment, its slope and its reliability. Bias and reliability of a channel drop out.
    Barlow et al. (1972) for the regression; Lord and Novick (1968), ch. 3, for reliability from parallel measurements.
    """
    channel, neighbour, weight = panel.item_channel, *_neighbours(panel)
    use = weight > 0
    r = panel.sentiment
    common = float(np.cov(r[use], neighbour[use], aweights=weight[use])[0, 1]) if use.sum() >= ENOUGH else 0.0
    common = max(common, LEAST_RELIABLE * max(float(r.var()), 1e-4) if r.size else 1e-4)
    borders: dict[str, tuple[float, ...]] = {ALL: ()}
    curves: dict[str, tuple[Curve, ...]] = {ALL: (_curve(r, neighbour, weight, common),)}
    for name in np.unique(channel):
        of = channel == name
        if name == ALL or (use & of).sum() < ENOUGH:
            continue
        se = panel.sentiment_se[of]
        cuts = tuple(float(c) for c in np.unique(np.quantile(se, [1 / 3, 2 / 3])) if se.min() < c)
        third = np.searchsorted(np.asarray(cuts), panel.sentiment_se, side="left")
        parts = [of & (third == i) for i in range(len(cuts) + 1)]
        if min((use & part).sum() for part in parts) < ENOUGH:
            cuts, parts = (), [of]
        borders[str(name)] = cuts
        curves[str(name)] = tuple(_curve(r[p], neighbour[p], weight[p], common) for p in parts)
    return Hearing(borders, curves)


def observe(panel: Panel, hearing: Hearing) -> Observations:
    """Every independent voice of the panel, the company's and each group's movement of the week taken out.

    What one respondent says in one week at one touchpoint counts once, and so do the same words of a customer.
    """
    y, noise = _heard(panel, hearing)
    row, week = panel.item_customer, panel.item_week
    kept = np.flatnonzero(~_repeated(panel))
    # an unnamed respondent is nobody else we know of, so each such item stands for itself
    who = np.where(panel.respondent >= 0, panel.respondent, -1 - np.arange(len(y)))
    order = kept[np.lexsort((panel.touchpoint[kept], who[kept], week[kept], row[kept]))]
    key = np.stack([row, week, who, panel.touchpoint])[:, order]
    new = np.r_[True, (np.diff(key, axis=1) != 0).any(0)] if order.size else np.zeros(0, bool)
    cell = np.cumsum(new) - 1
    n = np.bincount(cell) if order.size else np.zeros(0)
    mean, mean_noise = (np.bincount(cell, x[order], minlength=len(n)) / np.maximum(n, 1) for x in (y, noise))
    customer, week, who, touchpoint = key[:, new]
    of_company, of_groups = _common(mean, mean_noise, customer, week, panel)
    limit = LIMIT * np.sqrt(1 + mean_noise)
    y = np.clip(mean - of_company - of_groups.sum(1), -limit, limit)
    return Observations(
        customer, week, who, touchpoint, y, mean_noise, order[new], np.zeros_like(y), of_company, of_groups
    )


def unit(panel: Panel, hearing: Hearing) -> float:
    """One standard deviation of satisfaction in sentiment, as items of this company tell it on average."""
    y, _ = _heard(panel, hearing)
    spread = float(y.std()) if y.size else 0.0
    return float(panel.sentiment.std()) / spread if spread > 0 else 1.0


def _neighbours(panel: Panel) -> tuple[Floats, Floats]:
    """Mean sentiment of the same customer's other items of the weeks around, and its weight; 0 without any.

    The item's own week is left out, as one incident colours all of it. A customer weighs by its items, not by pairs.
    """
    row, week, shape = panel.item_customer, panel.item_week, (len(panel.customers), len(panel.weeks))
    flat, size = row * shape[1] + week, shape[0] * shape[1]
    channel = np.unique(panel.channel, return_inverse=True)[1]
    n_channel = np.bincount(channel)
    said = panel.sentiment - (np.bincount(channel, panel.sentiment) / np.maximum(n_channel, 1))[channel]
    n, total = (
        _around(np.bincount(flat, x, minlength=size).reshape(shape), REACH)[row, week]
        for x in (np.ones_like(said), said)
    )
    weight = np.sqrt(n) / np.sqrt(np.maximum(np.bincount(row, minlength=shape[0]), 1))[row]
    return np.divide(total, n, out=np.zeros_like(total), where=n > 0), weight


def _around(grid: NDArray[Any], reach: int) -> Floats:
    """Sum over the weeks within ``reach`` of each, but for the week itself."""
    weeks = grid.shape[1]
    run = np.concatenate([np.zeros((len(grid), 1)), np.cumsum(grid, axis=1)], axis=1)
    week = np.arange(weeks)
    near: Floats = run[:, np.minimum(week + reach + 1, weeks)] - run[:, np.maximum(week - reach, 0)] - grid
    return near


def _curve(r: Floats, neighbour: Floats, weight: Floats, common: float) -> Curve:
    """``common``: variance of satisfaction in sentiment squared. g expects satisfaction from one item; dividing by its
    reliability makes it an unbiased reading with noise (1 − reliability) / reliability."""
    use = weight > 0
    centre, scale = (float(r.mean()), float(r.std())) if r.size else (0.0, 1.0)
    if use.sum() < ENOUGH or not scale:
        reliability = float(np.clip(common / max(scale**2, 1e-9), LEAST_RELIABLE, MOST_RELIABLE))
        x = np.array([-1.0, 1.0])
        return _as_curve(x, (x - centre) / np.sqrt(common), reliability)
    x = np.unique(np.quantile(r[use], np.linspace(0.01, 0.99, KNOTS)))
    fitted = IsotonicRegression(out_of_bounds="clip").fit(r[use], neighbour[use], sample_weight=weight[use])
    expected = fitted.predict(x)
    g = np.interp(r[use], x, expected)
    mean = np.average(g, weights=weight[use])
    variance = np.average((g - mean) ** 2, weights=weight[use])
    covariance = np.average((g - mean) * neighbour[use], weights=weight[use])
    slope = float(np.clip(covariance / max(variance, 1e-12), 0.3, 1.5))
    reliability = float(np.clip(slope**2 * variance / common, LEAST_RELIABLE, MOST_RELIABLE))
    return _as_curve(x, slope * (expected - mean) / (reliability * np.sqrt(common)), reliability)


def _as_curve(x: Floats, y: Floats, reliability: float) -> Curve:
    return Curve(tuple(map(float, x)), tuple(map(float, y)), (1 - reliability) / reliability)


def _heard(panel: Panel, hearing: Hearing) -> tuple[Floats, Floats]:
    """What each item says and the variance of its noise, in standard deviations of satisfaction."""
    y, noise, channel = np.zeros(panel.sentiment.shape), np.ones(panel.sentiment.shape), panel.item_channel
    for name in np.unique(channel):
        of = np.flatnonzero(channel == name)
        known = str(name) if str(name) in hearing.curves else ALL
        third = np.searchsorted(np.asarray(hearing.borders[known]), panel.sentiment_se[of], side="left")
        for i, curve in enumerate(hearing.curves[known]):
            at = of[third == i]
            y[at], noise[at] = np.interp(panel.sentiment[at], curve.x, curve.y), curve.noise
        if known == ALL and name != ALL and of.size:
            y[of] -= y[of].mean()  # a small or new channel has a centre of its own, if nothing else
    return y, noise


def _repeated(panel: Panel) -> NDArray[np.bool_]:
    """Items whose words the same customer had used within the weeks before."""
    out = np.zeros(panel.item_week.shape, bool)
    if not panel.item_text.size:
        return out
    said = np.flatnonzero(panel.item_text >= 0)
    row = panel.item_customer
    order = said[np.lexsort((panel.item_week[said], panel.item_text[said], row[said]))]
    same = (np.diff(row[order]) == 0) & (np.diff(panel.item_text[order]) == 0)
    out[order[1:][same & (np.diff(panel.item_week[order]) <= REPEATED)]] = True
    return out


def _common(y: Floats, noise: Floats, customer: Ints, week: Ints, panel: Panel) -> tuple[Floats, Floats]:
    """What everybody's, then each group's mood did in the week, shrunken as far as chance explains it."""
    weight, n_weeks = 1 / (1 + noise), len(panel.weeks)
    of_company = _movement(y, weight, customer, week, n_weeks, len(panel.customers))
    of_groups = np.zeros((y.size, len(panel.group)))
    for level, code in enumerate(panel.group):
        of = code[customer] + 1
        n = n_weeks * (int(code.max(initial=-1)) + 2)
        rest = y - of_company - of_groups.sum(1)
        moved = _movement(rest, weight, customer, of * n_weeks + week, n, len(panel.customers))
        of_groups[:, level] = np.where(of > 0, moved, 0.0)
    return of_company, of_groups


def _movement(y: Floats, weight: Floats, customer: Ints, key: Ints, n_keys: int, n_customers: int) -> Floats:
    """Shift of each key's mean around the customers' own, shrunken towards 0 (James and Stein 1961)."""
    if not y.size:
        return y
    own = np.bincount(customer, weight * y, minlength=n_customers) / np.maximum(
        np.bincount(customer, weight, minlength=n_customers), 1e-9
    )
    around = y - own[customer]
    total = np.maximum(np.bincount(key, weight, minlength=n_keys), 1e-9)
    level = np.bincount(key, weight * around, minlength=n_keys) / total
    noise = np.bincount(key, (weight * around) ** 2, minlength=n_keys) / total**2
    heard = np.bincount(key, minlength=n_keys)
    spread = max(0.0, float(np.average(level**2 - noise, weights=heard)))
    return np.asarray((level * spread / np.maximum(spread + noise, 1e-12))[key], dtype=float)
