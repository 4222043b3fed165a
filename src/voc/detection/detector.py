"""The contradiction detector: where what a customer says contradicts its metrics, and how surely."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted

from voc.detection.decisions.customer_entries import customer_entries, kpi_moves
from voc.detection.decisions.selection import select
from voc.detection.findings import Findings, nothing_found
from voc.detection.groups.group_entries import LEAST_HISTORY, judge_groups
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import prepare
from voc.detection.hypotheses.fitting import ENOUGH_PAST, learn_company, weeks_to_calibration
from voc.detection.hypotheses.posterior import likelihoods_of
from voc.detection.panel import Panel
from voc.domain.formatting import counted

MIN_CUSTOMERS = 100
"""Customers without which nothing is surfaced; set from the table of benchmarks/minimum_customers.py."""
MIN_WEEKS = 16
"""Twelve weeks before the latest onset and four since."""


class ContradictionDetector(OutlierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Compares recent sentiment with what a customer's own past and its metrics lead one to expect.

    Hypotheses compete for every customer: nothing happened, both fell, only the customer fell, a metric jumped
    up meanwhile and so on. Each is judged by how well it explains feedback and metrics together.

    Parameters
    ----------
    false_discovery_rate : float, default=0.10
        Promised share of false entries among the surfaced ones.
    min_feedback_items : int, default=4
        Independent items needed before and after a suspected onset.
    min_metric_weeks : int, default=12
        Weeks of metric history needed before it.

    Attributes
    ----------
    company_ : CompanyModel or None
        What was learned of the company; None where there was too little to learn from.
    null_log_odds_ : ndarray of float
        Log odds of a contradiction in the past windows, ascending.
    n_customers_ : int
    calibrated_from_ : str or None
        About when a promise can be made of customers if feeds go on as now, an ISO date; None if it can already, or
        never so.
    groups_from_ : str or None
        The same of groups, which need a year and a quarter of their own.

    Notes
    -----
    ``score_samples`` and ``predict`` follow scikit-learn's outlier convention: lower is stranger, −1 is surfaced.
    The model is the company's, never one customer's, so customers may come and go between fit and find.

    References
    ----------
    Sun and Cai (2007), Oracle and adaptive compound decision rules for false discovery rate control.
    Efron (2004), Large-scale simultaneous hypothesis testing: the choice of a null hypothesis.
    """

    def __init__(
        self, false_discovery_rate: float = 0.10, min_feedback_items: int = 4, min_metric_weeks: int = 12
    ) -> None:
        self.false_discovery_rate = false_discovery_rate
        self.min_feedback_items = min_feedback_items
        self.min_metric_weeks = min_metric_weeks

    def fit(self, panel: Panel, y: None = None) -> "ContradictionDetector":
        """Learns the company model from ``panel``, which should end where the four-week block begins."""
        self.n_customers_, self.company_, self.null_log_odds_ = len(panel.customers), None, np.zeros(0)
        self.calibrated_from_: str | None = None
        is_short = 0 < len(panel.weeks) < LEAST_HISTORY
        self.groups_from_ = str(panel.weeks[0] + 7 * (LEAST_HISTORY + 1)) if is_short else None
        needs = self.min_metric_weeks, self.min_feedback_items
        if self.n_customers_ and len(panel.weeks) >= MIN_WEEKS:
            self.company_, self.null_log_odds_ = learn_company(panel, *needs)
        if self.company_ and self.n_customers_ >= MIN_CUSTOMERS and not self.is_calibrated_:
            waiting = weeks_to_calibration(panel, self.company_, *needs, ENOUGH_PAST)
            self.calibrated_from_ = str(panel.weeks[-1] + 7 * (waiting + 1)) if waiting else None
        return self

    def find(self, panel: Panel) -> Findings:
        """What contradicts as of the panel's last week.

        No customer is surfaced where history is too thin to calibrate. Groups are compared with their own past.
        Raises ValueError for another number of metrics than fitted.
        """
        check_is_fitted(self)
        company, calibration = self.company_, (self.n_null_, self.is_calibrated_, self.verdict_)
        if company is None or not len(panel.customers) or len(panel.weeks) < MIN_WEEKS:
            return nothing_found(panel.kpi_values.shape[:2], *calibration)
        if len(panel.kpis) != len(company.scales):
            raise ValueError(f"fitted on {len(company.scales)} metrics, asked about {len(panel.kpis)}")
        end, least = len(panel.weeks), self.min_feedback_items
        prepared = prepare(panel, company, self.min_metric_weeks)
        likelihoods = likelihoods_of(prepared.contrasts, prepared.observations, end, company, least)
        is_here = (panel.first_week < end) & (panel.last_week >= end - 1)
        judged = prepared.contrasts.is_judged(least) & is_here
        log_odds = likelihoods.log_odds(company.priors)
        found = customer_entries(
            panel, np.flatnonzero(judged), prepared, likelihoods, company, self._p_values(log_odds)
        )
        groups = judge_groups(panel, prepared, likelihoods, company, self.false_discovery_rate)
        promise = self.false_discovery_rate if self.is_calibrated_ else np.nan
        found, evidence = select(found, groups, panel, prepared, company, promise, least, self.min_metric_weeks)
        why = np.select(
            [judged & self.is_calibrated_, judged, ~is_here, ~prepared.contrasts.is_measured()],
            ["judged", "not_calibrated_yet", "churned", "no_metric_history"],
            default="too_little_feedback",
        )
        return Findings(
            **vars(found),
            judged=judged,
            why=why,
            agreement=-log_odds / np.log(10),
            unit_changed=prepared.readings.unit_changed,
            launched=prepared.readings.launched,
            observations=prepared.observations,
            evidence=evidence,
            kpi_moves=kpi_moves(panel, prepared, company, np.flatnonzero(is_here)),
            n_null=self.n_null_,
            is_calibrated=self.is_calibrated_,
            verdict=self.verdict_,
        )

    def score_samples(self, panel: Panel) -> NDArray[np.float64]:
        """Agreement of each customer, shape (N,): minus the log10 odds of a contradiction, judged or not."""
        return self.find(panel).agreement

    def predict(self, panel: Panel) -> NDArray[np.int64]:
        """−1 for a customer with a surfaced contradiction, else 1, shape (N,)."""
        found, prediction = self.find(panel), np.ones(len(panel.customers), dtype=np.int64)
        prediction[found.customer[found.is_surfaced & (found.customer >= 0)]] = -1
        return prediction

    @property
    def n_null_(self) -> int:
        """Comparisons in the past windows."""
        return self.null_log_odds_.size

    @property
    def is_calibrated_(self) -> bool:
        """Whether there are customers and past comparisons enough to promise a false discovery rate."""
        return self.n_customers_ >= MIN_CUSTOMERS and self.n_null_ >= ENOUGH_PAST

    @property
    def verdict_(self) -> str:
        """One sentence for people."""
        groups = f"; groups are judged from {self.groups_from_} on, by a year and a quarter of their own past"
        return self._verdict_on_customers() + (groups if self.groups_from_ else "")

    def _verdict_on_customers(self) -> str:
        if self.n_customers_ < MIN_CUSTOMERS:
            are = f"{counted(self.n_customers_, 'customer')} {'is' if self.n_customers_ == 1 else 'are'}"
            return f"{are} too few to calibrate ({MIN_CUSTOMERS} are needed)"
        if not self.is_calibrated_:
            few = f"{self.n_null_:,} past comparisons are too few to calibrate ({ENOUGH_PAST} are needed"
            when = f", from about {self.calibrated_from_} on if feeds go on as now" if self.calibrated_from_ else ""
            return f"{few}{when})"
        return f"calibrated on {self.n_null_:,} comparisons from calm history of {self.n_customers_:,} customers"

    def get_state(self) -> dict[str, Any]:
        """What fit learned, as values that JSON can hold."""
        check_is_fitted(self)
        return {
            "params": self.get_params(),
            "n_customers": self.n_customers_,
            "company": self.company_ and self.company_.get_state(),
            "null_log_odds": self.null_log_odds_.tolist(),
            "calibrated_from": self.calibrated_from_,
            "groups_from": self.groups_from_,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "ContradictionDetector":
        """The detector whose ``get_state`` this was."""
        detector = cls(**state["params"])
        detector.n_customers_, detector.null_log_odds_ = (
            state["n_customers"],
            np.asarray(state["null_log_odds"], dtype=float),
        )
        detector.calibrated_from_, detector.groups_from_ = state["calibrated_from"], state["groups_from"]
        detector.company_ = state["company"] and CompanyModel.from_state(state["company"])
        return detector

    def _p_values(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of past comparisons with odds as high, NaN uncalibrated (Vovk, Gammerman and Shafer 2005)."""
        if not self.is_calibrated_:
            return np.full(log_odds.shape, np.nan)
        as_high = self.null_log_odds_.size - np.searchsorted(self.null_log_odds_, log_odds, side="left")
        return np.asarray((1 + as_high) / (1 + self.null_log_odds_.size), dtype=float)
