"""Panel: everything the detector sees, as frozen numpy arrays; no files, no SQL, nothing after ``as_of``."""

from dataclasses import dataclass, field, replace

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
    channels, touchpoints : tuple of str
        Names behind the ``channel`` and ``touchpoint`` codes, by which whatever was learned of them is kept.
    item_text : ndarray of int, shape (M,)
        Equal codes are equal words, but for case and spaces; −1 is an item without words.
    levels : tuple of str, length L
        What customers are grouped by: region, segment, plan.
    groups : tuple of tuple of str, length L
        Names of the groups of each level.
    group : ndarray of int, shape (L, N)
        Code into ``groups`` of each customer; −1 is "not said".
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
    channels: tuple[str, ...] = ()
    item_text: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    levels: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    group: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    @property
    def item_channel(self) -> NDArray[np.str_]:
        """Name of each item's channel, shape (M,); its code as text where names are not given, '' where not said."""
        if not self.channels:
            return np.where(self.channel < 0, "", self.channel.astype(str))
        return np.where(self.channel < 0, "", np.asarray(self.channels)[np.maximum(self.channel, 0)])

    @property
    def item_customer(self) -> NDArray[np.int64]:
        """Row of ``customers`` each item belongs to, shape (M,)."""
        return np.repeat(np.arange(len(self.customers)), np.diff(self.offsets))

    def of(self, rows: NDArray[np.int64]) -> "Panel":
        """The panel of some customers, ``rows`` ascending."""
        items = np.isin(self.item_customer, rows)
        of_items = ("item_id", "item_week", "sentiment", "sentiment_se", "channel", "touchpoint", "respondent")
        return replace(
            self,
            customers=self.customers[rows],
            first_week=self.first_week[rows],
            last_week=self.last_week[rows],
            kpi_values=self.kpi_values[rows],
            offsets=np.concatenate([[0], np.cumsum(np.diff(self.offsets)[rows])]).astype(np.int64),
            item_text=self.item_text[items] if self.item_text.size else self.item_text,
            group=self.group[:, rows] if self.group.size else self.group[:, :0],
            **{name: getattr(self, name)[items] for name in of_items},
        )
