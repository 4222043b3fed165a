"""Channel reliability: what an item says of satisfaction, learned without labels from how customers agree with
themselves."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from voc.detection.panel import Panel

Floats = NDArray[np.float64]

REACH = 6
"""Choice: weeks on either side within which a customer's other items are parallel measurements of an item."""
ENOUGH = 200
"""Items with such neighbours that a curve of its own needs: its reliability is then known to about ± 0.07."""
KNOTS = 25
"""Choice: quantiles of sentiment at which a curve is kept."""
ALL = ""
"""Name of the curve of all channels together, for channels that are new or small."""
LEAST_RELIABLE, MOST_RELIABLE = 0.02, 0.95
"""Choice: bounds of the reliability of curves that are learned from little."""
ERROR_BLOCKS = 20
"""Blocks of items, in their order, from which the standard error of a sum is estimated: a customer's items are
correlated."""


@dataclass(frozen=True)
class Curve:
    """From an item's sentiment ``x`` to its reading of satisfaction ``y``, in standard deviations of satisfaction over
    customers and time, and the variance of its noise on that scale."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    noise: float


@dataclass(frozen=True)
class ChannelReliability:
    """For each channel the borders between classes of standard error, and a curve for each class."""

    borders: dict[str, tuple[float, ...]]
    curves: dict[str, tuple[Curve, ...]]

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "ChannelReliability":
        curves = {
            name: tuple(Curve(tuple(c["x"]), tuple(c["y"]), c["noise"]) for c in of_channel)
            for name, of_channel in state["curves"].items()
        }
        return cls({name: tuple(b) for name, b in state["borders"].items()}, curves)

    def get_state(self) -> dict[str, Any]:
        return asdict(self)


def learn_channel_reliability(panel: Panel) -> ChannelReliability:
    """A curve per channel and third of its standard errors.

    An item is as reliable as the customer's other items of the weeks around agree with it. A curve is the isotonic
    regression of their mean on the item's sentiment (Barlow et al. 1972), with its slope and its reliability from
    parallel measurements (Lord and Novick 1968, ch. 3). The bias of a channel drops out.
    """
    channel, neighbour, weight = panel.item_channel, *_neighbours(panel)
    use = weight > 0
    r = panel.sentiment
    common = float(np.cov(r[use], neighbour[use], aweights=weight[use])[0, 1]) if use.sum() >= ENOUGH else 0.0
    common = max(common, LEAST_RELIABLE * max(float(r.var()), 1e-4) if r.size else 1e-4)
    borders: dict[str, tuple[float, ...]] = {ALL: ()}
    curves: dict[str, tuple[Curve, ...]] = {ALL: (_curve(r, neighbour, weight, common),)}
    for name in np.unique(channel):
        is_here = channel == name
        if name == ALL or (use & is_here).sum() < ENOUGH:
            continue
        se = panel.sentiment_se[is_here]
        cuts = tuple(float(c) for c in np.unique(np.quantile(se, [1 / 3, 2 / 3])) if se.min() < c)
        third = np.searchsorted(np.asarray(cuts), panel.sentiment_se, side="left")
        classes = [is_here & (third == i) for i in range(len(cuts) + 1)]
        if min((use & chosen).sum() for chosen in classes) < ENOUGH:
            cuts, classes = (), [is_here]
        borders[str(name)] = cuts
        curves[str(name)] = tuple(_curve(r[chosen], neighbour[chosen], weight[chosen], common) for chosen in classes)
    return ChannelReliability(borders, curves)


def satisfaction_of_items(panel: Panel, channel_reliability: ChannelReliability) -> tuple[Floats, Floats]:
    """The reading of satisfaction of each item and the variance of its noise, in satisfaction's standard deviations."""
    y, noise, channel = np.zeros(panel.sentiment.shape), np.ones(panel.sentiment.shape), panel.item_channel
    for name in np.unique(channel):
        items = np.flatnonzero(channel == name)
        key = str(name) if str(name) in channel_reliability.curves else ALL
        third = np.searchsorted(np.asarray(channel_reliability.borders[key]), panel.sentiment_se[items], side="left")
        for i, curve in enumerate(channel_reliability.curves[key]):
            chosen = items[third == i]
            y[chosen], noise[chosen] = np.interp(panel.sentiment[chosen], curve.x, curve.y), curve.noise
        if key == ALL and name != ALL and items.size:
            y[items] -= y[items].mean()  # a small or new channel has a centre of its own, if nothing else
    return y, noise


def satisfaction_sd(panel: Panel, channel_reliability: ChannelReliability) -> float:
    """One standard deviation of satisfaction in sentiment, averaged over the items of this company."""
    y, _ = satisfaction_of_items(panel, channel_reliability)
    spread = float(y.std()) if y.size else 0.0
    return float(panel.sentiment.std()) / spread if spread > 0 else 1.0


def _neighbours(panel: Panel) -> tuple[Floats, Floats]:
    """For each item the mean sentiment of its customer's other items of the weeks around, and its weight, 0 without.

    The item's own week is left out, as one incident colours all of it. A customer weighs by its items, not by pairs.
    """
    row, week, shape = panel.item_customer, panel.item_week, (len(panel.customers), len(panel.weeks))
    flat, size = row * shape[1] + week, shape[0] * shape[1]
    channel = np.unique(panel.channel, return_inverse=True)[1]
    n_channel = np.bincount(channel)
    centred = panel.sentiment - (np.bincount(channel, panel.sentiment) / np.maximum(n_channel, 1))[channel]
    n, total = (
        _around(np.bincount(flat, x, minlength=size).reshape(shape), REACH)[row, week]
        for x in (np.ones_like(centred), centred)
    )
    weight = np.sqrt(n) / np.sqrt(np.maximum(np.bincount(row, minlength=shape[0]), 1))[row]
    return np.divide(total, n, out=np.zeros_like(total), where=n > 0), weight


def _around(grid: NDArray[Any], reach: int) -> Floats:
    """Sum over the weeks within ``reach`` of each week, without the week itself."""
    weeks = grid.shape[1]
    run = np.concatenate([np.zeros((len(grid), 1)), np.cumsum(grid, axis=1)], axis=1)
    week = np.arange(weeks)
    near: Floats = run[:, np.minimum(week + reach + 1, weeks)] - run[:, np.maximum(week - reach, 0)] - grid
    return near


def _curve(r: Floats, neighbour: Floats, weight: Floats, common: float) -> Curve:
    """The curve of some items. ``common``: variance of satisfaction in sentiment squared.

    The satisfaction expected from an item, divided by the item's reliability, is an unbiased reading with noise
    (1 − reliability) / reliability.
    """
    use = weight > 0
    centre, scale = (float(r.mean()), float(r.std())) if r.size else (0.0, 1.0)
    if use.sum() < ENOUGH or not scale:
        reliability = float(np.clip(common / max(scale**2, 1e-9), LEAST_RELIABLE, MOST_RELIABLE))
        x = np.array([-1.0, 1.0])
        return _as_curve(x, (x - centre) / np.sqrt(common), reliability)
    x = np.unique(np.quantile(r[use], np.linspace(0.01, 0.99, KNOTS)))
    expected = _expected(x, r[use], neighbour[use], weight[use], common)
    g = np.interp(r[use], x, expected)
    mean = np.average(g, weights=weight[use])
    variance = np.average((g - mean) ** 2, weights=weight[use])
    covariance = np.average((g - mean) * neighbour[use], weights=weight[use])
    slope = float(np.clip(covariance / max(variance, 1e-12), 0.3, 1.5))
    reliability = float(np.clip(slope**2 * variance / common, LEAST_RELIABLE, MOST_RELIABLE))
    return _as_curve(x, slope * (expected - mean) / (reliability * np.sqrt(common)), reliability)


def _expected(x: Floats, r: Floats, neighbour: Floats, weight: Floats, common: float) -> Floats:
    """Expected sentiment of the neighbours of an item of sentiment ``x``.

    An isotonic regression as far as it holds for other customers, else a straight line. A regression on few items leaps
    at its ends (Barlow et al. 1972). Items are in the order of customers, so that one half of the customers validates
    the other (Stone 1974), less one standard error (Breiman et al. 1984).
    """
    height, centre, steepness = np.average(neighbour, weights=weight), np.average(r, weights=weight), common / r.var()
    line = height + steepness * (r - centre)
    halves, bent = np.arange(r.size) < r.size // 2, np.empty(r.size)
    for half in (halves, ~halves):
        bent[~half] = _isotonic(r[half], neighbour[half], weight[half]).predict(r[~half]) - line[~half]
    agrees = weight * bent * (neighbour - line)
    error = np.sqrt(ERROR_BLOCKS) * np.std([block.sum() for block in np.array_split(agrees, ERROR_BLOCKS)], ddof=1)
    of_half = float(np.clip((agrees.sum() - error) / max(float(weight @ bent**2), 1e-12), 0.0, 1.0))
    part = 2 * of_half / (1 + of_half)  # all customers teach twice as much as a half (Spearman 1910, Brown 1910)
    straight = height + steepness * (x - centre)
    return np.asarray(part * _isotonic(r, neighbour, weight).predict(x) + (1 - part) * straight, dtype=float)


def _isotonic(r: Floats, neighbour: Floats, weight: Floats) -> IsotonicRegression:
    return IsotonicRegression(out_of_bounds="clip").fit(r, neighbour, sample_weight=weight)


def _as_curve(x: Floats, y: Floats, reliability: float) -> Curve:
    return Curve(tuple(map(float, x)), tuple(map(float, y)), (1 - reliability) / reliability)
