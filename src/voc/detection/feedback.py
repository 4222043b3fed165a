"""What a customer says, week by week, and how far it moved since a suspected start."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from voc.detection.panel import Panel

Floats = NDArray[np.float64]

CHANNEL_ITEMS = 30
"""Below this a channel borrows the company's centre and scale: its own mean is then less sure than ± 0.2 of a scale."""
LIMIT = 3.0
"""One item counts at most three scales from its channel's centre (Iglewicz and Hoaglin 1993 take 3.5 as an outlier)."""
CHUNK = 500
"""Customers whose covariances are inverted together: 25 MB."""
UNHEARD = 1e6
"""Variance of a week without a voice: it says nothing."""
LAGS = 26
"""Half a year of lags tells a customer's slow wandering from the scatter of items."""


@dataclass(frozen=True)
class Voice:
    """What fit learned of the company's feedback; variances in units of a channel's scale squared.

    ``item``: one item beyond its own standard error. ``week``: what the items of one week share. ``wander``: a
    customer's slow drift, which forgets by ``persistence`` a week. ``level``: between customers.
    """

    centre: dict[int, float]
    scale: dict[int, float]
    item: float
    week: float
    wander: float
    persistence: float
    level: float

    @property
    def spread(self) -> float:
        """Standard deviation of satisfaction over customers and time."""
        return float(np.sqrt(self.level + self.wander))

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Voice":
        """The same, from what JSON kept of it."""
        by_channel = {name: {int(k): v for k, v in state[name].items()} for name in ("centre", "scale")}
        return cls(**{**state, **by_channel})


@dataclass(frozen=True)
class Spoken:
    """Independent voices a customer and week, shape (N, W): how many, their mean and its variance (inf if none)."""

    n: Floats
    mean: Floats
    variance: Floats


@dataclass(frozen=True)
class Shift:
    """Move of sentiment at O suspected starts, each array (N, O); NaN where a customer is not scanned.

    ``fall`` and ``stay``: the step's z-score against a fall, and of surely being better than ``felt``, both after
    leaving out the one week whose voices speak most for it. ``step`` and ``step_se`` leave out nothing.
    """

    fall: Floats
    stay: Floats
    step: Floats
    step_se: Floats
    n_after: Floats
    n_before: Floats


def learn_voice(panel: Panel) -> Voice:
    """Centre and scale per channel, then the variances of items, weeks and customers from their variogram."""
    centre, scale = {-2: 0.0}, {-2: 1.0}
    if panel.sentiment.size:
        centre[-2], scale[-2] = float(panel.sentiment.mean()), float(max(panel.sentiment.std(), 1e-3))
    for code in np.unique(panel.channel):
        said = panel.sentiment[panel.channel == code]
        if said.size >= CHANNEL_ITEMS:
            centre[int(code)], scale[int(code)] = float(said.mean()), float(max(said.std(), 0.1 * scale[-2]))
    plain = Voice(centre, scale, item=1.0, week=0.0, wander=0.0, persistence=0.9, level=0.0)
    return Voice(centre, scale, **_variances(panel, plain))


def spoken(panel: Panel, voice: Voice) -> Spoken:
    """Weekly voices: comparable over channels, a person counted once a week and touchpoint, company's level removed."""
    shape = (len(panel.customers), len(panel.weeks))
    row, week, y, se = _voices(panel, voice)
    weight = 1 / (voice.item + se**2)
    flat = row * shape[1] + week
    y = np.clip(y - _company_level(row, week, y, weight, shape), -LIMIT, LIMIT)
    n, precision, total = (
        np.asarray(np.bincount(flat, x, minlength=shape[0] * shape[1]).reshape(shape), dtype=float)
        for x in (np.ones_like(y), weight, weight * y)
    )
    heard = precision > 0
    mean = np.divide(total, precision, out=np.zeros(shape), where=heard)
    return Spoken(n, mean, np.divide(1.0, precision, out=np.full(shape, np.inf), where=heard))


def shifts(
    said: Spoken, voice: Voice, end: int, onsets: tuple[int, ...], lookback: int, felt: float, least: int
) -> Shift:
    """How clearly sentiment stepped at each of ``onsets`` (weeks before ``end``, exclusive), given up to a year before.

    Generalised least squares: voices covary by the customer's level and its wandering, so that what was said lately
    counts more and a customer heard little is thought to be like others. Leaving out a week is giving it a mean of
    its own (Cook and Weisberg 1982, section 2.2).
    """
    view = slice(max(0, end - lookback), end)
    n, mean, variance = said.n[:, view], said.mean[:, view], said.variance[:, view]
    length = n.shape[1]
    steps = np.stack([np.arange(length) >= length - onset for onset in onsets], axis=1).astype(float)
    out = {name: np.full((len(n), len(onsets)), np.nan) for name in Shift.__dataclass_fields__}
    out["n_after"] = n @ steps
    out["n_before"] = n.sum(1, keepdims=True) - out["n_after"]
    lag = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    together = voice.level + voice.wander * voice.persistence**lag
    rows = np.flatnonzero(((out["n_after"] >= least) & (out["n_before"] >= least)).any(1))
    for chunk in np.array_split(rows, len(rows) // CHUNK + 1):
        own = np.where(n[chunk] > 0, variance[chunk] + voice.week, UNHEARD)
        inverse = np.linalg.inv(together + own[:, :, None] * np.eye(length))
        py, pg = np.einsum("nij,nj->ni", inverse, mean[chunk]), inverse @ steps
        a, b = py @ steps, np.einsum("nio,io->no", pg, steps)
        out["step"][chunk], out["step_se"][chunk] = a / b, 1 / np.sqrt(b)
        own_p = np.einsum("nii->ni", inverse)[:, :, None]
        # without week t: (N, t, O)
        a_left = a[:, None] - pg * py[:, :, None] / own_p
        b_left = np.maximum(b[:, None] - pg**2 / own_p, 1e-9)
        out["fall"][chunk] = (-a_left / np.sqrt(b_left)).min(1)
        out["stay"][chunk] = ((a_left + felt * b_left) / np.sqrt(b_left)).min(1)
    return Shift(**out)


def means(
    said: Spoken, voice: Voice, row: NDArray[np.int64], onset: NDArray[np.int64], lookback: int
) -> tuple[Floats, Floats, Floats]:
    """Mean before and after each start and the standard error of their difference, for F entries; NaN without voices.

    row, onset: customer and weeks before the end of each entry.
    """
    n, mean, variance = (x[row, -lookback:] for x in (said.n, said.mean, said.variance))
    length = n.shape[1]
    after = np.arange(length) >= length - onset[:, None]
    scatter = np.where(n > 0, variance + voice.week, 0.0)
    weight = np.where(n > 0, 1 / (scatter + voice.wander), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        before_share, after_share = (
            (w := np.where(side, weight, 0.0)) / w.sum(1, keepdims=True) for side in (~after, after)
        )
    contrast = after_share - before_share
    lag = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    variance_of = ((contrast @ (voice.wander * voice.persistence**lag)) * contrast).sum(1) + (
        contrast**2 * scatter
    ).sum(1)
    return (before_share * mean).sum(1), (after_share * mean).sum(1), np.sqrt(variance_of)


def _voices(panel: Panel, voice: Voice) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Customer, week, comparable sentiment and its standard error, a row per independent voice."""
    centre, scale = np.full(panel.channel.shape, voice.centre[-2]), np.full(panel.channel.shape, voice.scale[-2])
    for code, value in voice.centre.items():
        centre[panel.channel == code], scale[panel.channel == code] = value, voice.scale[code]
    y, se = (panel.sentiment - centre) / scale, panel.sentiment_se / scale
    # an unnamed respondent is nobody else we know of, so each such item stands for itself
    who = np.where(panel.respondent >= 0, panel.respondent, -1 - np.arange(len(y)))
    key = np.stack([panel.item_customer, panel.item_week, who, panel.touchpoint])
    groups, member = np.unique(key, axis=1, return_inverse=True)
    member = member.reshape(-1)
    size = np.maximum(np.bincount(member, minlength=groups.shape[1]), 1)
    mean = np.bincount(member, y, minlength=groups.shape[1]) / size
    return groups[0], groups[1], mean, np.bincount(member, se, minlength=groups.shape[1]) / size


def _company_level(
    row: NDArray[np.int64], week: NDArray[np.int64], y: Floats, weight: Floats, shape: tuple[int, int]
) -> Floats:
    """Everybody's shift of a week, shrunken to 0 as far as chance explains it (James and Stein 1961)."""
    if not y.size:
        return y
    per_customer = np.bincount(row, weight, minlength=shape[0])
    own = np.bincount(row, weight * y, minlength=shape[0]) / np.maximum(per_customer, 1e-9)
    around = y - own[row]
    n = np.bincount(week, minlength=shape[1])
    level = np.bincount(week, around, minlength=shape[1]) / np.maximum(n, 1)
    noise = around.var() / np.maximum(n, 1)
    spread = max(0.0, float(np.average(level**2 - noise, weights=n)))
    return np.asarray((level * spread / np.maximum(spread + noise, 1e-12))[week], dtype=float)


def _variances(panel: Panel, voice: Voice) -> dict[str, float]:
    """Half the squared difference of two items as a function of the weeks between them, free of a customer's level.

    gamma(lag) = item + week [lag > 0] + wander (1 − persistence^lag), by non-negative least squares; each customer
    weighs as many pairs as it has items, so that nobody's thousand items speak for the company.
    """
    row, week, y, se = _voices(panel, voice)
    shape = (len(panel.customers), len(panel.weeks))
    calm = {"item": 1.0, "week": 0.0, "wander": 0.0, "persistence": 0.9, "level": 0.0}
    if y.size < CHANNEL_ITEMS:
        return calm
    y = np.clip(y - _company_level(row, week, y, np.ones_like(y), shape), -LIMIT, LIMIT)
    flat = row * shape[1] + week
    power = [np.bincount(flat, y**p, minlength=shape[0] * shape[1]).reshape(shape) for p in range(3)]
    share = 1 / np.maximum(power[0].sum(1), 1.0)
    pairs, halves = np.zeros(LAGS + 1), np.zeros(LAGS + 1)
    for lag in range(min(LAGS + 1, shape[1])):
        a, b = ([x[:, : shape[1] - lag] for x in power], [x[:, lag:] for x in power])
        squares = (a[0] * b[2] + b[0] * a[2] - 2 * a[1] * b[1]).sum(1) / 2
        count = (a[0] * b[0]).sum(1)
        if lag == 0:  # every pair of a week is counted twice, and each item meets itself
            squares, count = squares / 2, (count - a[0].sum(1)) / 2
        pairs[lag], halves[lag] = (share * count).sum(), (share * squares).sum()
    seen = pairs > 0
    if seen.sum() < 3:
        return {**calm, "item": float(y.var())}
    gamma, lags, root = halves[seen] / pairs[seen], np.arange(LAGS + 1)[seen], np.sqrt(pairs[seen])
    fits = []
    for persistence in np.arange(0.5, 0.99, 0.02):
        design = np.stack([np.ones(len(lags)), lags > 0, 1 - persistence**lags], axis=1)
        parts, loss = nnls(design * root[:, None], gamma * root)
        fits.append((loss, persistence, parts))
    _, persistence, parts = min(fits, key=lambda fit: fit[0])
    beyond = float(y.var() - parts.sum())
    own_noise = float((se**2).mean())
    return {
        "item": max(float(parts[0]) - own_noise, 0.1 * float(parts[0]), 1e-3),
        "week": float(parts[1]),
        "wander": float(parts[2]),
        "persistence": float(persistence),
        "level": max(beyond, 0.0),
    }
