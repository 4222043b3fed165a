"""ContradictionDetector: where what a customer says contradicts its metrics, and how surely."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from voc.detection import feedback, metrics, scan
from voc.detection.calibration import Null, adjusted
from voc.detection.feedback import Spoken, Voice
from voc.detection.findings import NORMAL_95, Findings
from voc.detection.metrics import Measured, Scale
from voc.detection.panel import Panel
from voc.detection.scan import KINDS, Best, Expected
from voc.detection.window import LOOKBACK, ONSETS, Window, look, past_ends
from voc.domain.kinds import Kind
from voc.domain.words import counted

MIN_CUSTOMERS = 100
"""benchmarks/minimum_customers.py, 20 companies a size in each of two worlds, promise .10: of what surfaced .55 and .90
were false with 15 customers, .25 and .42 with 26, .10 and .19 with 50, .09 and .17 with 100, .04 and .12 with 200; of
20 companies with nothing planted 1 and 1 had a surfaced customer with 50, none with 100."""
MIN_COMPARISONS = 200
"""The 5 % tail that p-values continue (calibration.TAIL) then rests on ten comparisons."""


class ContradictionDetector(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Recent sentiment against what a customer's own past and its metrics lead one to expect.

    Parameters
    ----------
    false_discovery_rate : float, default=0.10
        Promised share of false ones among what is surfaced.
    min_feedback_items : int, default=4
        Independent items needed before and after a suspected start.
    min_metric_weeks : int, default=12
        Weeks of metric history needed before it.

    Attributes
    ----------
    voice_ : Voice
        Channels' centres and scales, and how satisfaction scatters and wanders.
    scales_ : tuple of Scale
        How each metric's values are compared.
    expected_ : Expected
        Calm spread of the metrics' moves and the coupling of sentiment to them.
    nulls_ : dict of Kind to Null
        The statistic of each kind in calm history.
    onsets_ : tuple of int
        Starts that history was long enough to calibrate.
    n_customers_ : int

    Notes
    -----
    ``score_samples`` and ``predict`` follow scikit-learn's outlier convention: lower is stranger, −1 is surfaced.
    What fit learned is the company's, never one customer's, so customers may come and go between fit and find.
    A customer's own past is among the calm history it is ranked in, one of at least ``MIN_CUSTOMERS``.

    References
    ----------
    Bates, Candès, Lei, Romano and Sesia (2023), Testing for outliers with conformal p-values.
    Benjamini and Hochberg (1995), Controlling the false discovery rate.
    """

    def __init__(
        self, false_discovery_rate: float = 0.10, min_feedback_items: int = 4, min_metric_weeks: int = 12
    ) -> None:
        self.false_discovery_rate = false_discovery_rate
        self.min_feedback_items = min_feedback_items
        self.min_metric_weeks = min_metric_weeks

    def fit(self, panel: Panel, y: None = None) -> "ContradictionDetector":
        """Learns the company from ``panel``, which should end where the four-week block begins."""
        self.n_customers_ = len(panel.customers)
        self.voice_ = feedback.learn_voice(panel)
        self.scales_ = metrics.learn_scales(panel)
        n_kpis = len(panel.kpis)
        ends = past_ends(len(panel.weeks), self.n_customers_, self.min_metric_weeks)
        self.onsets_ = tuple(o for o in ONSETS if ends.size and o <= ends.min() - self.min_metric_weeks)
        if not self.onsets_ or not self.n_customers_ or not n_kpis:
            self.onsets_, ends = (), ends[:0]
        windows = self._windows(panel, ends)[0]
        self.expected_ = scan.expect(windows) if windows else Expected(np.zeros((n_kpis, 0)), np.zeros(n_kpis))
        calm: dict[Kind, list[Any]] = {kind: [np.zeros((2, 0))] for kind in KINDS}
        for end, window in zip(ends, windows, strict=True):
            tested = self._tested(panel, window, end)
            for kind, best in self._best(panel, window).items():
                calm[kind].append(np.stack([best.statistic, window.n_recent])[:, tested])
        self.nulls_ = {kind: Null.learn(*np.concatenate(parts, axis=1)) for kind, parts in calm.items()}
        return self

    def find(self, panel: Panel) -> Findings:
        """What contradicts as of the panel's last week; nothing is surfaced where history is too thin to calibrate."""
        check_is_fitted(self)
        if len(panel.kpis) != len(self.scales_):
            raise ValueError(f"fitted on {len(self.scales_)} metrics, asked about {len(panel.kpis)}")
        end = len(panel.weeks)
        if not end or not self.onsets_ or not len(panel.customers):
            return Findings.nothing(panel.kpi_values.shape[:2], self.n_null_, self.is_calibrated_, self.verdict_)
        (window,), said, measured = self._windows(panel, np.array([end]))
        tested = self._tested(panel, window, end)
        best = self._best(panel, window)
        rows = np.flatnonzero(tested)
        customer = np.repeat(rows, len(KINDS))
        start, kpi, statistic = (
            np.stack([getattr(best[kind], name)[rows] for kind in KINDS], axis=1).reshape(-1)
            for name in ("start", "kpi", "statistic")
        )
        kind = KINDS * len(rows)
        onset = np.asarray(self.onsets_)[start]
        p = self._p_values(statistic, window.n_recent[customer])
        q = adjusted(p) if self.is_calibrated_ else p
        before, after, se = feedback.means(said, self.voice_, customer, onset, LOOKBACK)
        change, unit, centre = after - before, self.voice_.scale[-2], self.voice_.centre[-2]
        kpi_before, kpi_after, kpi_se = metrics.around(panel, customer, kpi, onset, LOOKBACK)
        moved = scan.moved(window, self.expected_)[customer, :, start]
        moved *= np.array([-1 if k is Kind.WATERMELON else 1 for k in kind])[:, None]
        return Findings(
            customer=customer,
            kpi=kpi,
            kind=kind,
            started_week=panel.weeks[end - onset],
            sentiment_change=unit * change,
            sentiment_change_low=unit * (change - NORMAL_95 * se),
            sentiment_change_high=unit * (change + NORMAL_95 * se),
            sentiment_before=np.clip(centre + unit * before, -1, 1),
            sentiment_after=np.clip(centre + unit * after, -1, 1),
            kpi_before=kpi_before,
            kpi_after=kpi_after,
            kpi_se=kpi_se,
            n_items=window.shift.n_after[customer, start].astype(np.int64),
            n_items_before=window.shift.n_before[customer, start].astype(np.int64),
            p_value=p,
            q_value=q,
            score=0.0 - np.log10(p),
            is_surfaced=np.asarray(q <= self.false_discovery_rate) & np.isfinite(statistic),
            agreeing_kpis=tuple(tuple(int(k) for k in np.flatnonzero(row > scan.WORSENED)) for row in moved),
            judged=tested,
            why=self._why(panel, window, tested),
            unit_changed=measured.unit_changed,
            n_null=self.n_null_,
            is_calibrated=self.is_calibrated_,
            verdict=self.verdict_,
        )

    def score_samples(self, panel: Panel) -> NDArray[np.float64]:
        """Agreement of each customer, shape (N,): minus its highest score; 0 where nothing could be tested."""
        found, agreement = self.find(panel), np.zeros(len(panel.customers))
        np.minimum.at(agreement, found.customer, -np.nan_to_num(found.score))
        return agreement

    def predict(self, panel: Panel) -> NDArray[np.int64]:
        """−1 for a customer with a surfaced contradiction, else 1, shape (N,)."""
        found, out = self.find(panel), np.ones(len(panel.customers), dtype=np.int64)
        out[found.customer[found.is_surfaced]] = -1
        return out

    @property
    def n_null_(self) -> int:
        """Comparisons of calm history a kind."""
        return min(null.size for null in self.nulls_.values())

    @property
    def is_calibrated_(self) -> bool:
        """Whether there are customers and past comparisons enough to promise a false discovery rate."""
        return self.n_customers_ >= MIN_CUSTOMERS and self.n_null_ >= MIN_COMPARISONS

    @property
    def verdict_(self) -> str:
        """One sentence for people."""
        if self.n_customers_ < MIN_CUSTOMERS:
            are = f"{counted(self.n_customers_, 'customer')} {'is' if self.n_customers_ == 1 else 'are'}"
            return f"{are} too few to calibrate ({MIN_CUSTOMERS} are needed)"
        if not self.is_calibrated_:
            return f"{self.n_null_:,} past comparisons are too few to calibrate ({MIN_COMPARISONS} are needed)"
        return f"calibrated on {self.n_null_:,} comparisons from calm history of {self.n_customers_:,} customers"

    def get_state(self) -> dict[str, Any]:
        """What fit learned, as values that JSON can hold."""
        check_is_fitted(self)
        return {
            "params": self.get_params(),
            "n_customers": self.n_customers_,
            "onsets": list(self.onsets_),
            "voice": asdict(self.voice_),
            "scales": [asdict(scale) for scale in self.scales_],
            "expected": {name: _jsonable(value) for name, value in vars(self.expected_).items()},
            "nulls": {str(kind): null.get_state() for kind, null in self.nulls_.items()},
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "ContradictionDetector":
        """The detector whose ``get_state`` this was."""
        detector = cls(**state["params"])
        detector.n_customers_ = state["n_customers"]
        detector.onsets_ = tuple(state["onsets"])
        detector.voice_ = Voice.from_state(state["voice"])
        detector.scales_ = tuple(Scale(**scale) for scale in state["scales"])
        detector.expected_ = Expected(
            **{name: np.asarray(value, dtype=float) for name, value in state["expected"].items()}
        )
        detector.nulls_ = {Kind(kind): Null.from_state(null) for kind, null in state["nulls"].items()}
        return detector

    def _windows(self, panel: Panel, ends: NDArray[np.int64]) -> tuple[list[Window], Spoken, Measured]:
        said, measured = feedback.spoken(panel, self.voice_), metrics.measure(panel, self.scales_)
        least = (self.min_feedback_items, self.min_metric_weeks)
        return [look(panel, measured, said, self.voice_, int(e), self.onsets_, least) for e in ends], said, measured

    def _best(self, panel: Panel, window: Window) -> dict[Kind, Best]:
        return {
            Kind.WATERMELON: scan.watermelon(window, self.expected_, panel.kpis, self.min_feedback_items),
            Kind.SILENT_RISK: scan.silent_risk(window, self.expected_, self.min_feedback_items),
        }

    def _tested(self, panel: Panel, window: Window, end: int) -> NDArray[np.bool_]:
        """Customers of that week with at least one start to try, shape (N,)."""
        here = (panel.first_week < end) & (panel.last_week >= end - 1)
        return np.asarray(scan.usable(window, self.min_feedback_items).any(1) & here)

    def _why(self, panel: Panel, window: Window, tested: NDArray[np.bool_]) -> NDArray[Any]:
        no_metrics = ~np.isfinite(window.moves).any((1, 2))
        churned = panel.last_week < len(panel.weeks) - 1
        return np.select(
            [tested, churned, no_metrics], ["judged", "churned", "no_metric_history"], default="too_little_feedback"
        )

    def _p_values(self, statistic: NDArray[np.float64], n_recent: NDArray[np.float64]) -> NDArray[np.float64]:
        """p-values of entries that alternate over the kinds; NaN when uncalibrated."""
        p = np.full_like(statistic, np.nan)
        for i, kind in enumerate(KINDS if self.is_calibrated_ else ()):
            this = slice(i, None, len(KINDS))
            p[this] = self.nulls_[kind].p_values(statistic[this], n_recent[this])
        return p


def _jsonable(values: NDArray[np.float64]) -> list[Any]:
    """Nested lists; JSON has no NaN."""
    return list(np.where(np.isnan(values), None, values).tolist())  # type: ignore[call-overload]  # None makes it objects
