"""What others would do: simple rules, tests and outlier detectors, each from weekly arrays to a score a customer.

A higher score is more contradictory; NaN is a customer that was left out. A peer that can promise a false discovery
rate also gives p-values. PyOD (BSD 2-clause) and ruptures (BSD 2-clause) are not needed by the package itself.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.ensemble import IsolationForest

from voc.detection.panel import Panel

Floats = NDArray[np.floating]

WINDOWS = (6, 13, 26)
"""Weeks before the end that a test compares with all before them; it pays for trying three (Bonferroni)."""
RECENT = 13
"""A quarter: what peers without a search for the start call recent."""
RESTRAINT = 0.5
"""Allowance of a CUSUM, which is tuned to shifts of one standard deviation (Page 1954; Hawkins and Olwell 1998)."""
SAMPLE = 1000
"""Customers that ruptures, one Python call each, is given: the first ones, whose roles are as random as any."""


@dataclass(frozen=True)
class Weekly:
    """Mean sentiment (N, W) and metrics (N, K, W), up is good, NaN where nothing was said or measured."""

    sentiment: Floats
    kpis: Floats


@dataclass(frozen=True)
class Opinion:
    """Scores (N,), and p-values (N,) or None."""

    score: Floats
    p: Floats | None = None


def raw(panel: Panel) -> Weekly:
    """The panel as anyone would take it: plain means of what was said in a week, metrics as they are."""
    shape = (len(panel.customers), len(panel.weeks))
    cell = panel.item_customer * shape[1] + panel.item_week
    count, total = (np.bincount(cell, x, minlength=shape[0] * shape[1]) for x in (None, panel.sentiment))
    mean = np.divide(total, count, out=np.full(count.size, np.nan), where=count > 0)
    return Weekly(mean.reshape(shape), panel.kpi_values * np.array([k.sign for k in panel.kpis])[:, None])


def two_t_tests(weekly: Weekly) -> Opinion:
    """One side fell by a one-sided Welch test at 5 % and the other did not; Bonferroni over metrics and windows."""
    p = np.ones(len(weekly.sentiment))
    for window in WINDOWS:
        said = _fell(weekly.sentiment, window)
        measured = _fell(weekly.kpis, window)
        tried = np.maximum(np.isfinite(measured).sum(1), 1)
        worst = np.minimum(np.nan_to_num(measured, nan=1).min(1) * tried, 1)
        red = np.where(worst > 0.05, np.nan_to_num(said, nan=1), 1)
        silent = np.where(said > 0.05, worst, 1)
        p = np.minimum(p, 2 * len(WINDOWS) * np.minimum(red, silent))
    return Opinion(-np.log10(np.maximum(p, 1e-300)), np.minimum(p, 1))


def traffic_light(weekly: Weekly) -> Opinion:
    """Every metric green (its recent mean not in the lower quarter of its own past), feedback as red as it may be."""
    recent = _mean(weekly.sentiment[:, -RECENT:])
    past = weekly.kpis[..., :-RECENT]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # customers without a past
        low = np.nanquantile(past, 0.25, axis=2)
    is_red_somewhere = (_mean(weekly.kpis[..., -RECENT:]) < low).any(1)
    return Opinion(-np.nan_to_num(recent, nan=2.0) - 4.0 * is_red_somewhere)


def z_gap(weekly: Weekly) -> Opinion:
    """How far the recent moves of feedback and of the metrics' mean lie apart, each in its own standard deviations."""
    said, measured = moves(weekly)
    return Opinion(np.abs(said - _mean(measured)))


def isolation_forest(weekly: Weekly) -> Opinion:
    """Liu, Ting and Zhou (2008) on the recent moves."""
    x = _features(weekly)
    return Opinion(-IsolationForest(random_state=0).fit(x).score_samples(x))


def ecod(weekly: Weekly) -> Opinion:
    """Li et al. (2022) on the recent moves."""
    from pyod.models.ecod import ECOD  # only who asks the peers needs them

    return Opinion(ECOD().fit(_features(weekly)).decision_scores_)


def copod(weekly: Weekly) -> Opinion:
    """Li et al. (2020) on the recent moves."""
    from pyod.models.copod import COPOD

    return Opinion(COPOD().fit(_features(weekly)).decision_scores_)


def cusum(weekly: Weekly) -> Opinion:
    """One side's downward CUSUM at the end without the other's; in standard deviations before the last half year."""
    calm = slice(0, -WINDOWS[-1])
    said = _cusum(weekly.sentiment, calm)
    measured = _cusum(weekly.kpis, calm).max(1)
    return Opinion(np.abs(said - measured))


def changepoint(weekly: Weekly) -> Opinion:
    """The best single change point of all series together (ruptures, binary segmentation, Fryzlewicz 2014), then the
    gap between the moves of feedback and of the metrics at it."""
    import ruptures

    both = np.concatenate([weekly.sentiment[:, None], weekly.kpis], 1)[:SAMPLE]
    with np.errstate(all="ignore"):
        x = (both - _mean(both)[..., None]) / _sd(both)[..., None]
    x = np.nan_to_num(np.clip(x, -6, 6))
    score = np.full(len(weekly.sentiment), np.nan)
    for i, series in enumerate(x):
        at = ruptures.Binseg(model="l2", min_size=4, jump=1).fit(series.T).predict(n_bkps=1)[0]
        shift = series[:, at:].mean(1) - series[:, :at].mean(1)
        score[i] = abs(shift[0] - shift[1:].mean())
    return Opinion(score)


def moves(weekly: Weekly) -> tuple[Floats, Floats]:
    """Recent mean minus the past's in standard deviations of the past, feedback (N,) and metrics (N, K); 0 unknown."""
    out = []
    for x in (weekly.sentiment, weekly.kpis):
        past = x[..., :-RECENT]
        with np.errstate(all="ignore"):
            move = (_mean(x[..., -RECENT:]) - _mean(past)) / _sd(past)
        out.append(np.clip(np.nan_to_num(move, posinf=0, neginf=0), -10, 10))
    return out[0], out[1]


PEERS: dict[str, Callable[[Weekly], Opinion]] = {
    "two t-tests": two_t_tests,
    "traffic light": traffic_light,
    "z gap": z_gap,
    "IsolationForest": isolation_forest,
    "ECOD": ecod,
    "COPOD": copod,
    "CUSUM": cusum,
    "ruptures": changepoint,
}


def _features(weekly: Weekly) -> Floats:
    said, measured = moves(weekly)
    return np.column_stack([said, measured, said - measured.mean(1)])


def _fell(x: Floats, window: int) -> Floats:
    """p-value of Welch's one-sided test that the last ``window`` weeks are lower; NaN with under two on a side."""
    parts = x[..., -window:], x[..., :-window]
    n, mean, sd = ([f(part) for part in parts] for f in (_count, _mean, _sd))
    with np.errstate(all="ignore"):
        share = [s**2 / m for s, m in zip(sd, n, strict=True)]
        t = (mean[0] - mean[1]) / np.sqrt(share[0] + share[1])
        freedom = (share[0] + share[1]) ** 2 / (share[0] ** 2 / (n[0] - 1) + share[1] ** 2 / (n[1] - 1))
    return np.where((n[0] > 1) & (n[1] > 1), stats.t.cdf(t, freedom), np.nan)


def _cusum(x: Floats, calm: slice) -> Floats:
    """Downward CUSUM at the last week; weeks without a value leave it as it is."""
    with np.errstate(all="ignore"):
        z = (x - _mean(x[..., calm])[..., None]) / _sd(x[..., calm])[..., None]
    z = np.clip(np.where(np.isfinite(z), z, -RESTRAINT), -6, 6)
    total = np.zeros(z.shape[:-1])
    for week in range(z.shape[-1]):
        total = np.maximum(0, total - z[..., week] - RESTRAINT)
    return total


def _count(x: Floats) -> Floats:
    return np.isfinite(x).sum(-1)


def _mean(x: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(x), x, 0).sum(-1) / _count(x)


def _sd(x: Floats) -> Floats:
    """Sample standard deviation, NaN with fewer than two values."""
    with np.errstate(all="ignore"):
        return np.sqrt(np.where(np.isfinite(x), (x - _mean(x)[..., None]) ** 2, 0).sum(-1) / (_count(x) - 1))
