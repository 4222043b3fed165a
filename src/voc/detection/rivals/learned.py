"""Learned: what the rivals need of the whole company, learned once a night."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs.kpi_scales import LIMIT, Scale
from voc.detection.panel import Panel
from voc.detection.rivals.items import rows_of
from voc.detection.rivals.lags import Lags, learn_lags
from voc.detection.rivals.levels import Levels, learn_levels, sums
from voc.detection.rivals.readings import learn_scale, standard
from voc.detection.rivals.steps import Step, learn_steps, weekly

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SAMPLE = 20_000
"""Customers at most whose metrics are read, evenly spaced: a weekly mean is then sure to 0.007 standard deviations, and
of a group with one customer in two hundred 100 are among them."""


@dataclass(frozen=True)
class Learned:
    """The company as of the panel's last week.

    Attributes
    ----------
    levels : Levels
    scales : tuple of Scale, length K
    kpi_level : ndarray of float, shape (K, W)
        Mean over customers of the metric in own standard deviations, up is good: the company's movement, without what
        the steps of groups bring to it.
    steps : tuple of Step
        Jumps of a metric in one week for a whole group or the whole company.
    lags : tuple of Lags, length K
    """

    levels: Levels
    scales: tuple[Scale, ...]
    kpi_level: Floats
    steps: tuple[Step, ...]
    lags: tuple[Lags, ...]


def learn(panel: Panel) -> Learned:
    """The company behind all candidates of one night; loops over metrics, groups and lags, never over customers."""
    n, weeks = len(panel.customers), len(panel.weeks)
    rows = np.arange(0, n, max(1, -(-n // SAMPLE)))
    levels = learn_levels(panel)
    felt = _by_week(panel, levels, rows)
    group = panel.group[:, rows] if panel.group.size else np.zeros((0, rows.size), np.int64)
    scales, kpi_level, lags, steps = [], np.zeros((len(panel.kpis), weeks)), [], []
    for k, kpi in enumerate(panel.kpis):
        values = panel.kpi_values[rows, k]
        scales.append(learn_scale(kpi, values))
        z, own = standard(kpi, scales[k], values)
        steps += learn_steps(k, group, z, own)
        kpi_level[k] = weekly(z)
        lags.append(learn_lags(felt, np.clip(z - kpi_level[k], -LIMIT, LIMIT)))
    return Learned(levels, tuple(scales), kpi_level, tuple(steps), tuple(lags))


def _by_week(panel: Panel, levels: Levels, rows: Ints) -> Floats:
    """What customers said beyond all levels, a mean a customer and week, 0 without a word, shape (rows, W)."""
    items, _ = rows_of(panel.offsets, rows)
    weeks = len(panel.weeks)
    at = np.repeat(np.arange(rows.size), np.diff(panel.offsets)[rows]) * weeks + panel.item_week[items]
    weight = 1 / (levels.scatter + panel.sentiment_se[items] ** 2)
    total, weights = (sums(at, x, rows.size * weeks) for x in (weight * levels.rest[items], weight))
    mean = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
    return np.asarray(mean.reshape(rows.size, weeks), dtype=float)
