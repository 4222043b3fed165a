"""Company baseline: what the rival explanations compare a candidate with, learned once a panel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs.kpi_scales import READING_LIMIT, Scale
from voc.detection.panel import Panel
from voc.detection.rivals.candidate_items import rows_of
from voc.detection.rivals.kpi_readings import learn_scale, standard
from voc.detection.rivals.lags import Lags, learn_lags
from voc.detection.rivals.level_shifts import LevelShift, learn_level_shifts, weekly
from voc.detection.rivals.sentiment_levels import SentimentLevels, learn_sentiment_levels, sums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

READ_CUSTOMERS = 20_000
"""Most customers whose metrics are read, evenly spaced: a weekly mean is then sure to 0.007 standard deviations, and a
group of one customer in two hundred has 100 among them."""


@dataclass(frozen=True)
class CompanyBaseline:
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

    sentiment_levels: SentimentLevels
    scales: tuple[Scale, ...]
    kpi_level: Floats
    level_shifts: tuple[LevelShift, ...]
    lags: tuple[Lags, ...]


def learn_baseline(panel: Panel) -> CompanyBaseline:
    """The baseline of all candidates of a panel; loops over metrics, groups and lags, never over customers."""
    n, weeks = len(panel.customers), len(panel.weeks)
    rows = np.arange(0, n, max(1, -(-n // READ_CUSTOMERS)))
    sentiment_levels = learn_sentiment_levels(panel)
    weekly_sentiment = _by_week(panel, sentiment_levels, rows)
    group = panel.group[:, rows] if panel.group.size else np.zeros((0, rows.size), np.int64)
    scales, kpi_level, lags, level_shifts = [], np.zeros((len(panel.kpis), weeks)), [], []
    for k, kpi in enumerate(panel.kpis):
        values = panel.kpi_values[rows, k]
        scales.append(learn_scale(kpi, values))
        z, own = standard(kpi, scales[k], values)
        level_shifts += learn_level_shifts(k, group, z, own)
        kpi_level[k] = weekly(z)
        lags.append(learn_lags(weekly_sentiment, np.clip(z - kpi_level[k], -READING_LIMIT, READING_LIMIT)))
    return CompanyBaseline(sentiment_levels, tuple(scales), kpi_level, tuple(level_shifts), tuple(lags))


def _by_week(panel: Panel, sentiment_levels: SentimentLevels, rows: Ints) -> Floats:
    """Mean sentiment of each customer and week beyond all levels, 0 without items, shape (rows, W)."""
    items, _ = rows_of(panel.offsets, rows)
    weeks = len(panel.weeks)
    cell = np.repeat(np.arange(rows.size), np.diff(panel.offsets)[rows]) * weeks + panel.item_week[items]
    weight = 1 / (sentiment_levels.scatter + panel.sentiment_se[items] ** 2)
    total, weights = (sums(cell, x, rows.size * weeks) for x in (weight * sentiment_levels.rest[items], weight))
    mean = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
    return np.asarray(mean.reshape(rows.size, weeks), dtype=float)
