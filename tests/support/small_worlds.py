"""Two made-up companies, built unlike each other, with planted contradictions and decoys; everything from one seed."""

from dataclasses import dataclass, field, replace

import numpy as np

from voc.detection.panel import Panel
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

KPIS = (
    Kpi("on_time", "On-time deliveries", "share", "higher", target=0.85, touchpoint="delivery"),
    Kpi("reply", "Time to first reply", "hours", "lower", touchpoint="support"),
    Kpi("defects", "Defects", "count", "lower", touchpoint="product"),
    Kpi("quality", "Quality score", "score", "higher"),
)
START = np.datetime64("2024-01-01")  # a Monday
QUIET = ("agreed", "lone_anger", "thin", "unit_change", "season", "recovered")
"""Decoys: nothing about them is a contradiction that is still running."""


@dataclass
class World:
    """A panel and the truth: what was planted where, and in which week it began."""

    panel: Panel
    planted: dict[int, Kind] = field(default_factory=dict)
    decoys: dict[int, str] = field(default_factory=dict)
    onset: dict[int, int] = field(default_factory=dict)

    def answerable(self, customer: int, items: int = 4) -> bool:
        """Enough items on both sides of the true start."""
        weeks = self.panel.item_week[self.panel.offsets[customer] : self.panel.offsets[customer + 1]]
        return min((weeks >= self.onset[customer]).sum(), (weeks < self.onset[customer]).sum()) >= items


def _roles(rng, n, weeks, share, share_decoys):
    """Which customers are special, as what, and since when."""
    order, planted, decoys = rng.permutation(n), {}, {}
    n_planted, n_decoys = int(n * share), int(n * share_decoys)
    for i, c in enumerate(order[:n_planted]):
        planted[int(c)] = (Kind.WATERMELON, Kind.SILENT_RISK)[i % 2]
    for i, c in enumerate(order[n_planted : n_planted + n_decoys]):
        # half of the decoys decline on both sides, the hardest and commonest
        decoys[int(c)] = "agreed" if i % 2 else QUIET[1 + (i // 2) % (len(QUIET) - 1)]
    return planted, decoys, {c: int(weeks - rng.integers(6, 25)) for c in (*planted, *decoys)}


def _ar(rng, shape, persistence):
    x = rng.normal(size=shape)
    for t in range(1, shape[-1]):
        x[..., t] = persistence * x[..., t - 1] + np.sqrt(1 - persistence**2) * x[..., t]
    return x


def _values(z, rng, base, spread):
    """Four metrics in their own units from z, shape (N, 4, W): up is good, one own standard deviation each."""
    log_hours = base[:, 1, None] - spread[:, 1, None] * z[:, 1]
    rate = np.exp(base[:, 2, None] - spread[:, 2, None] * z[:, 2])
    share = np.sin(np.clip(base[:, 0, None] + spread[:, 0, None] * z[:, 0], 0, np.pi / 2)) ** 2
    score = base[:, 3, None] + spread[:, 3, None] * z[:, 3]
    return np.stack([share, np.exp(log_hours), rng.poisson(rate).astype(float), score], axis=1)


def _bases(rng, n):
    base = np.stack([rng.normal(*of, n) for of in ((1.3, 0.08), (1.4, 0.5), (2.5, 0.4), (70, 8))], 1)
    spread = np.stack([np.full(n, 0.06), rng.uniform(0.1, 0.3, n), rng.uniform(0.1, 0.3, n), rng.uniform(1, 4, n)], 1)
    return base, spread


def _panel(rng, values, items, weeks):
    """The frozen arrays; ``items``: customer, week, sentiment, channel, touchpoint, respondent."""
    n = len(values)
    items = items[np.lexsort((items["week"], items["customer"]))]
    values = np.where(rng.random(values.shape) < 0.03, np.nan, values)
    return Panel(
        customers=np.array([f"c{i:05d}" for i in range(n)]),
        weeks=START + 7 * np.arange(weeks),
        first_week=np.zeros(n, np.int64),
        last_week=np.full(n, weeks - 1),
        kpis=KPIS,
        kpi_values=values,
        offsets=np.searchsorted(items["customer"], np.arange(n + 1)).astype(np.int64),
        item_id=np.array([f"i{j:06d}" for j in range(len(items))]),
        item_week=items["week"].astype(np.int64),
        sentiment=np.clip(items["sentiment"], -1, 1),
        sentiment_se=np.full(len(items), 0.15),
        channel=items["channel"].astype(np.int64),
        touchpoint=items["touchpoint"].astype(np.int64),
        respondent=items["respondent"].astype(np.int64),
        touchpoints=("delivery", "support", "product"),
    )


def _items(customer, week, sentiment, channel, touchpoint, respondent):
    columns = {"customer": customer, "week": week, "sentiment": sentiment, "channel": channel}
    columns |= {"touchpoint": touchpoint, "respondent": respondent}
    out = np.zeros(len(customer), [(name, float if name == "sentiment" else int) for name in columns])
    for name, column in columns.items():
        out[name] = column
    return out


def _faults(values, decoys, onset):
    """Decoys of the metrics alone, in place."""
    for c, decoy in decoys.items():
        if decoy == "unit_change":
            values[c, 1, onset[c] :] *= 60
    return values


def linear(seed, n=600, weeks=104, rate=0.5, size=2.2, risk=3.5, share=0.06, share_decoys=0.12, noise=1.0):
    """Satisfaction and metrics are AR(1), loosely coupled; people speak at a steady, unequal rate.

    ``size``: fall of a watermelon in standard deviations of satisfaction; ``risk``: of a metric in its own; ``noise``:
    of an item.
    """
    rng = np.random.default_rng(seed)
    planted, decoys, onset = _roles(rng, n, weeks, share, share_decoys)
    wander = 0.6 * _ar(rng, (n, weeks), 0.92)
    mood = 0.8 * rng.normal(size=(n, 1)) + wander
    season = np.sin(2 * np.pi * np.arange(weeks) / 52)
    # alike for most, but not for all
    coupling = np.abs(rng.normal(0.4, 0.3, size=(n, 4)))
    z = 0.8 * _ar(rng, (n, 4, weeks), 0.6) + 0.6 * rng.normal(size=(n, 4, weeks))
    z += coupling[:, :, None] * wander[:, None]
    z += rng.uniform(0.3, 0.7, size=(n, 1, 1)) * season + 0.3 * rng.normal(size=(1, 4, weeks))
    mood += 0.2 * season + 0.1 * rng.normal(size=weeks)
    rates = rate * rng.gamma(1.0, 1.0, size=(n, 1)) * np.ones(weeks)
    for c, kind in planted.items():
        after = slice(onset[c], None)
        if kind is Kind.WATERMELON:
            mood[c, after] -= size
        elif kind is Kind.SILENT_RISK:
            z[c, rng.integers(4), after] -= risk
        else:
            raise LookupError(f"say how {kind!r} is planted")
    for c, decoy in decoys.items():
        _decoy(rng, decoy, onset[c], mood[c], z[c], rates[c], size, risk)
    n_items = rng.poisson(rates)
    customer, week = (np.repeat(axis, n_items.ravel()) for axis in (a.ravel() for a in np.indices(n_items.shape)))
    channel = rng.integers(0, 3, len(week))
    said = mood[customer, week] + noise * rng.normal(size=len(week))
    sentiment = np.array([0.25, 0.05, -0.1])[channel] + np.array([0.25, 0.3, 0.2])[channel] * said
    for c, decoy in decoys.items():
        if decoy == "lone_anger" and (recent := np.flatnonzero((customer == c) & (week >= onset[c]))).size:
            sentiment[rng.choice(recent)] = -1.0
    items = _items(customer, week, sentiment, channel, rng.integers(-1, 3, len(week)), rng.integers(0, 3, len(week)))
    values = _faults(_values(z, rng, *_bases(rng, n)), decoys, onset)
    return World(_panel(rng, values, items, weeks), planted, decoys, onset)


def _decoy(rng, decoy, start, mood, z, rates, size, risk):
    """What a decoy does to one customer's mood (W,), metrics (4, W) and rate of speaking (W,), in place."""
    if decoy == "agreed":
        mood[start:] -= size * rng.uniform(0.7, 1.2)
        # uneven: some metrics do not react at all, at least one does
        reacts = rng.random(4) * (rng.random(4) < 0.5)
        reacts[rng.integers(4)] = rng.uniform(0.7, 1.2)
        z[:, start:] -= risk * reacts[:, None]
    elif decoy == "thin":
        mood[start:] -= size
        rates[start:] *= 0.05
    elif decoy == "season":
        z -= 0.8 * np.sin(2 * np.pi * np.arange(z.shape[1]) / 52)
    elif decoy == "recovered":
        mood[start - 26 : start - 12] -= size


def bursty(seed, n=600, weeks=104, rate=0.5, size=2.2, risk=3.5, share=0.06, share_decoys=0.12):
    """Incidents move mood, metrics and the wish to speak: mood forgets, people speak in bursts with their own bias,
    metrics react unevenly, some customers' not at all."""
    rng = np.random.default_rng(seed)
    planted, decoys, onset = _roles(rng, n, weeks, share, share_decoys)
    incidents = rng.poisson(rng.gamma(2.0, 0.05, size=(n, 1)), size=(n, weeks)) * rng.gamma(2.0, 0.5, size=(n, weeks))
    hurt = np.zeros((n, weeks))
    for t in range(1, weeks):
        hurt[:, t] = 0.8 * hurt[:, t - 1] + incidents[:, t]
    mood = 0.7 * rng.normal(size=(n, 1)) + 0.4 * _ar(rng, (n, weeks), 0.95) - 0.7 * hurt
    sd = mood.std()
    coupling = rng.gamma(1.0, 0.8, size=(n, 4)) * (rng.random((n, 4)) < 0.6)
    z = 0.6 * _ar(rng, (n, 4, weeks), 0.8) + 0.8 * rng.standard_t(5, size=(n, 4, weeks))
    z -= coupling[:, :, None] * np.minimum(incidents, 3)[:, None]
    # now and then a metric's regime changes for reasons nobody feels, a little
    for c in np.flatnonzero(rng.random(n) < 0.2):
        z[c, rng.integers(4), rng.integers(10, weeks - 10) :] += rng.normal(0, 0.7)
    rates = 0.4 * rate * rng.gamma(1.0, 1.0, size=(n, 1)) * np.ones(weeks)
    for c, kind in planted.items():
        after = slice(onset[c], None)
        if kind is Kind.WATERMELON:
            mood[c, after] -= size * sd
        elif kind is Kind.SILENT_RISK:
            z[c, rng.integers(4), after] -= risk * z[c].std(1).mean()
        else:
            raise LookupError(f"say how {kind!r} is planted")
    for c, decoy in decoys.items():
        own = mood[c] / sd
        _decoy(rng, decoy, onset[c], own, z[c], rates[c], size, risk)
        mood[c] = own * sd
    # whoever was hurt speaks, several at once
    n_items = rng.poisson(rates * (1 + 4 * np.minimum(incidents, 2)))
    customer, week = (np.repeat(axis, n_items.ravel()) for axis in (a.ravel() for a in np.indices(n_items.shape)))
    respondent = rng.geometric(0.4, len(week)) - 1
    bias = 0.4 * rng.normal(size=(n, respondent.max() + 1))
    said = mood[customer, week] + sd * (bias[customer, respondent] + 0.8 * rng.normal(size=len(week)))
    said = np.where(rng.random(len(week)) < 0.15, rng.normal(size=len(week)), said)  # misread
    for c, decoy in decoys.items():
        if decoy == "lone_anger" and (recent := np.flatnonzero((customer == c) & (week >= onset[c]))).size:
            said[rng.choice(recent)] = -9.0
    sentiment = np.tanh(0.15 + 0.4 * said)
    channel, touchpoint = rng.integers(0, 2, len(week)), rng.integers(-1, 3, len(week))
    items = _items(customer, week, sentiment, channel, touchpoint, respondent)
    items = np.concatenate([items, items[rng.random(len(items)) < 0.05]])  # told twice
    values = _faults(_values(z, rng, *_bases(rng, n)), decoys, onset)
    return World(_panel(rng, values, items, weeks), planted, decoys, onset)


def cut(panel, weeks):
    """The same panel as it was after its first ``weeks`` weeks."""
    return _between(panel, 0, weeks)


def newest(panel, weeks):
    """The same panel as if its history had begun only ``weeks`` weeks ago."""
    return _between(panel, len(panel.weeks) - weeks, len(panel.weeks))


def _between(panel, first, stop):
    kept = (panel.item_week >= first) & (panel.item_week < stop)
    items = ("item_id", "sentiment", "sentiment_se", "channel", "touchpoint", "respondent")
    return replace(
        panel,
        weeks=panel.weeks[first:stop],
        first_week=np.maximum(panel.first_week - first, 0),
        last_week=np.minimum(panel.last_week, stop - 1) - first,
        kpi_values=panel.kpi_values[:, :, first:stop],
        offsets=np.searchsorted(panel.item_customer[kept], np.arange(len(panel.customers) + 1)).astype(np.int64),
        item_week=panel.item_week[kept] - first,
        item_text=panel.item_text[kept] if panel.item_text.size else panel.item_text,
        **{name: getattr(panel, name)[kept] for name in items},
    )


WORLDS = {"linear": linear, "bursty": bursty}
