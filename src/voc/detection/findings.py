"""Findings: what the detector says about a panel, one entry per tested (customer, kind)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.domain.kinds import Kind

NORMAL_95 = 1.96  # standard errors either side of a normal estimate's 95 % interval


@dataclass(frozen=True)
class Findings:
    """F tested entries, N customers and the word of the calibration.

    Attributes
    ----------
    customer : ndarray of int, shape (F,)
        Row of ``panel.customers``.
    kpi : ndarray of int, shape (F,)
        Position in ``panel.kpis``; −1 where no single metric is meant.
    kind : tuple of Kind, length F
    started_week : ndarray of datetime64[D], shape (F,)
        The Monday of the likeliest start.
    sentiment_change, sentiment_change_low, sentiment_change_high : ndarray of float, shape (F,)
        Mean after minus mean before the start with its 95 % interval, in sentiment units, channels made comparable
        and the company-wide level of each week removed. The interval does not widen for the choice of the start.
    sentiment_before, sentiment_after : ndarray of float, shape (F,)
        The two means, on the same footing.
    kpi_before, kpi_after : ndarray of float, shape (F,)
        Medians of the named metric in its own unit; NaN without one.
    kpi_se : ndarray of float, shape (F,)
        Standard error of their difference; NaN without a metric.
    n_items, n_items_before : ndarray of int, shape (F,)
        After and before the start; one person's items of a week on one touchpoint count once.
    p_value, q_value, score : ndarray of float, shape (F,)
        ``score`` is −log10 p with a continuous tail: higher is more certain, comparable over kinds. NaN uncalibrated.
    is_surfaced : ndarray of bool, shape (F,)
    agreeing_kpis : tuple of tuple of int, length F
        Metrics that clearly moved the way the feedback says they should have.
    judged : ndarray of bool, shape (N,)
    why : ndarray of str, shape (N,)
        ``judged``, or the reason why not: ``churned``, ``no_metric_history``, ``too_little_feedback``.
    unit_changed : ndarray of bool, shape (N, K)
        The metric jumped by a factor between units and stayed: it is no evidence for this customer.
    n_null : int
        Comparisons of calm history behind the p-values.
    is_calibrated : bool
    verdict : str
        One sentence about the calibration.
    """

    customer: NDArray[np.int64]
    kpi: NDArray[np.int64]
    kind: tuple[Kind, ...]
    started_week: NDArray[np.datetime64]
    sentiment_change: NDArray[np.float64]
    sentiment_change_low: NDArray[np.float64]
    sentiment_change_high: NDArray[np.float64]
    sentiment_before: NDArray[np.float64]
    sentiment_after: NDArray[np.float64]
    kpi_before: NDArray[np.float64]
    kpi_after: NDArray[np.float64]
    kpi_se: NDArray[np.float64]
    n_items: NDArray[np.int64]
    n_items_before: NDArray[np.int64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]
    score: NDArray[np.float64]
    is_surfaced: NDArray[np.bool_]
    agreeing_kpis: tuple[tuple[int, ...], ...]
    judged: NDArray[np.bool_]
    why: NDArray[Any]
    unit_changed: NDArray[np.bool_]
    n_null: int
    is_calibrated: bool
    verdict: str

    def __len__(self) -> int:
        return len(self.customer)

    @classmethod
    def nothing(cls, shape: tuple[int, ...], n_null: int, is_calibrated: bool, verdict: str) -> "Findings":
        """No entry and nobody judged, for want of history; ``shape``: customers and metrics."""
        none, no_id = np.zeros(0), np.zeros(0, dtype=np.int64)
        return cls(
            customer=no_id, kpi=no_id, kind=(), started_week=np.zeros(0, dtype="datetime64[D]"),
            sentiment_change=none, sentiment_change_low=none, sentiment_change_high=none,
            sentiment_before=none, sentiment_after=none, kpi_before=none, kpi_after=none, kpi_se=none,
            n_items=no_id, n_items_before=no_id, p_value=none, q_value=none, score=none,
            is_surfaced=np.zeros(0, dtype=bool), agreeing_kpis=(), judged=np.zeros(shape[0], dtype=bool),
            why=np.full(shape[0], "no_metric_history"), unit_changed=np.zeros(shape, dtype=bool),
            n_null=n_null, is_calibrated=is_calibrated, verdict=verdict,
        )  # fmt: skip
