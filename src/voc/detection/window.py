"""Windows: all that is known about every customer as of one week, at every candidate start."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection import feedback, metrics
from voc.detection.feedback import Shift, Spoken, Voice
from voc.detection.metrics import Measured
from voc.detection.panel import Panel

Floats = NDArray[np.float64]

ONSETS = (4, 6, 8, 10, 13, 17, 21, 26)
"""Candidate starts in complete weeks before the end, about 1.3 apart: finer ones hardly differ in their items."""
LOOKBACK = 52 + ONSETS[-1]
"""A start is compared with about the year before it."""
FELT = 1.5
"""How far, in standard deviations of satisfaction, a customer falls who feels what the metric shows."""
NULL_ENDS = 7
"""Past dates at most: nearer than six weeks they share most of their items and add little."""
NULL_COMPARISONS = 20_000
"""Customers times past dates are held near this; more would only cost time."""


@dataclass(frozen=True)
class Window:
    """Sentiment's shifts (N, O), metric moves (N, K, O) and metric levels since the start (N, K, O), as of one week."""

    shift: Shift
    moves: Floats
    levels: Floats

    @property
    def n_recent(self) -> Floats:
        """Items since the earliest start, the stratum of the calibration, shape (N,)."""
        return self.shift.n_after[:, -1]


def past_ends(n_weeks: int, n_customers: int, weeks_before: int) -> NDArray[np.int64]:
    """Past dates (exclusive week positions) of calm history: before the last 26 weeks where possible, since what is to
    be found may have begun within them."""
    longest = ONSETS[-1] + weeks_before
    last = max(n_weeks - ONSETS[-1], min(n_weeks - ONSETS[0], longest))
    first = min(last, longest)
    if first < ONSETS[0] + weeks_before:
        return np.zeros(0, dtype=np.int64)
    count = int(np.clip(NULL_COMPARISONS // max(n_customers, 1), 2, NULL_ENDS))
    return np.unique(np.linspace(first, last, count).astype(np.int64))


def look(
    panel: Panel,
    measured: Measured,
    said: Spoken,
    voice: Voice,
    end: int,
    onsets: tuple[int, ...],
    least: tuple[int, int],
) -> Window:
    """The window that ends before week ``end``; ``least``: items on each side, weeks of metric history."""
    items, weeks = least
    return Window(
        feedback.shifts(said, voice, end, onsets, LOOKBACK, FELT * voice.spread, items),
        metrics.moves(measured, panel.kpis, end, onsets, LOOKBACK, weeks),
        np.stack([metrics.level(panel, end, onset) for onset in onsets], axis=2),
    )
