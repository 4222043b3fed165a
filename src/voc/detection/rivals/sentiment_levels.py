"""Sentiment levels: usual sentiment by channel, touchpoint, customer and week."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BACKFITTING_ROUNDS = 5
"""Backfitting (Breiman and Friedman 1985); each round removes most of what the one before left."""
LEAST_NOISE = 0.1
"""Choice: least share of the items' scatter that is their own, whatever their stated errors."""


@dataclass(frozen=True)
class SentimentLevels:
    """Usual levels of the company's feedback.

    Attributes
    ----------
    channel, touchpoint : ndarray of float
        Usual level by code against the company's mean; the last entry belongs to −1, "not said".
    customer : ndarray of float, shape (N,)
        Level of each customer against the company's mean, shrunken where items are few.
    scatter : float
        Variance of an item about its customer's level beyond its stated error.
    week_sum, week_weight : ndarray of float, shape (W,)
        Precision-weighted sum of a week's items beyond customer, channel and touchpoint, and its weight.
    rest : ndarray of float, shape (M,)
        Residual of each item beyond all levels.
    is_common : ndarray of bool
        By text code: whether more than one customer says these words.
    """

    channel: Floats
    touchpoint: Floats
    customer: Floats
    scatter: float
    week_sum: Floats
    week_weight: Floats
    rest: Floats
    is_common: NDArray[np.bool_]


def learn_sentiment_levels(panel: Panel) -> SentimentLevels:
    """Sentiment as a sum of levels of channel, touchpoint, customer and week, fitted in turns.

    Customers' levels are shrunken by how much customers differ at all (James and Stein 1961), so that one who spoke
    once keeps most of its item as scatter; the others are shrunken as by one more item.
    """
    owner, week = panel.item_customer, panel.item_week
    n, weeks = len(panel.customers), len(panel.weeks)
    y, se2 = panel.sentiment.astype(float), panel.sentiment_se.astype(float) ** 2
    spread = float(y.var()) if y.size and y.var() > 0 else 1.0
    inside = _inside(y, owner, n) or spread
    weight = 1 / (_noise(inside, se2) + se2)
    between = max(spread - inside, 0.0)
    codes = (panel.channel, panel.touchpoint, owner, week)
    effects = tuple(np.zeros(size) for size in (_n_codes(panel.channel), _n_codes(panel.touchpoint), n, weeks))
    prior = (1 / spread, 1 / spread, 1 / between if between else np.inf, 1 / spread)
    rest = y - (y.mean() if y.size else 0.0)
    for _ in range(BACKFITTING_ROUNDS if y.size else 0):
        for effect, code, least in zip(effects, codes, prior, strict=True):
            rest += effect[code]
            effect[:] = sums(code, weight * rest, effect.size) / (sums(code, weight, effect.size) + least)
            rest -= effect[code]
    channel, touchpoint, customer, level = effects
    scatter = _noise(_inside(rest + customer[owner], owner, n) or spread, se2)
    weight = 1 / (scatter + se2)
    return SentimentLevels(
        channel=channel,
        touchpoint=touchpoint,
        customer=customer,
        scatter=scatter,
        week_sum=sums(week, weight * (rest + level[week]), weeks),
        week_weight=sums(week, weight, weeks),
        rest=rest,
        is_common=_common(panel.item_text, owner),
    )


def sums(code: Ints, x: Floats, size: int) -> Floats:
    """Sum of ``x`` by code; −1 is the last one."""
    return np.asarray(np.bincount(np.where(code < 0, size - 1, code), x, minlength=size), dtype=float)


def _n_codes(code: Ints) -> int:
    """How many codes there are, with one more for "not said"."""
    return int(code.max(initial=-1)) + 2


def _inside(y: Floats, customer: Ints, n: int) -> float:
    """Variance of items about their customer's mean, 0 where nobody spoke twice."""
    count = np.bincount(customer, minlength=n)
    about = y - (sums(customer, y, n) / np.maximum(count, 1))[customer]
    freedom = y.size - np.count_nonzero(count)
    return float(about @ about) / freedom if freedom else 0.0


def _noise(inside: float, se2: Floats) -> float:
    """What of the scatter is not in the items' stated errors."""
    return max(inside - float(se2.mean()), LEAST_NOISE * inside) if se2.size else inside


def _common(text: Ints, customer: Ints) -> NDArray[np.bool_]:
    """By text code: whether its first and last customer differ; items are ordered by customer."""
    has_text = text >= 0
    size = int(text.max(initial=-1)) + 1
    first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
    last[text[has_text]] = customer[: text.size][has_text]
    first[text[has_text][::-1]] = customer[: text.size][has_text][::-1]
    return np.asarray(first != last)
