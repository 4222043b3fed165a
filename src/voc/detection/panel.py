"""Panel: everything the detector sees, as frozen numpy arrays; no files, no SQL, nothing after ``as_of``."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.domain.kpi import Kpi


@dataclass(frozen=True)
class Panel:
    """N customers over W complete ISO weeks with K metrics and M feedback items.

    Attributes
    ----------
    customers : ndarray of str, shape (N,)
        Ids, sorted.
    weeks : ndarray of datetime64[D], shape (W,)
        Consecutive Mondays in the company's time zone, oldest first; the last is the newest complete week.
    first_week, last_week : ndarray of int, shape (N,)
        Index into ``weeks`` of a customer's first and last week in the spine (sign-up or first data, churn or the end).
    kpis : tuple of Kpi, length K
    kpi_values : ndarray of float, shape (N, K, W)
        In each metric's own unit; NaN where nothing was measured or the value is imputed (imputed is never evidence).
    offsets : ndarray of int, shape (N + 1,)
        Items of customer i are ``offsets[i]:offsets[i + 1]``; within a customer they are ordered by time.
    item_id : ndarray of str, shape (M,)
    item_week : ndarray of int, shape (M,)
        Index into ``weeks``.
    sentiment, sentiment_se : ndarray of float, shape (M,)
        In [−1, 1] and its standard error; only scored items are here, so never NaN.
    channel, touchpoint, respondent : ndarray of int, shape (M,)
        Codes; −1 is "not said". Sentiment is compared within a channel, never across.
    touchpoints : tuple of str
        Names behind the ``touchpoint`` codes.
    """

    customers: NDArray[np.str_]
    weeks: NDArray[np.datetime64]
    first_week: NDArray[np.int64]
    last_week: NDArray[np.int64]
    kpis: tuple[Kpi, ...]
    kpi_values: NDArray[np.float64]
    offsets: NDArray[np.int64]
    item_id: NDArray[np.str_]
    item_week: NDArray[np.int64]
    sentiment: NDArray[np.float64]
    sentiment_se: NDArray[np.float64]
    channel: NDArray[np.int64]
    touchpoint: NDArray[np.int64]
    respondent: NDArray[np.int64]
    touchpoints: tuple[str, ...] = ()

    @property
    def item_customer(self) -> NDArray[np.int64]:
        """Row of ``customers`` each item belongs to, shape (M,)."""
        return np.repeat(np.arange(len(self.customers)), np.diff(self.offsets))
