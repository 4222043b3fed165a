"""Findings: the answer of the detector for a panel, an entry per judged customer and group."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.evidence_rows import EvidenceRows
from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.detection.inputs.observations import NO_OBSERVATIONS, Observations

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """F subjects, each with its likeliest contradiction.

    Attributes
    ----------
    level, subject : ndarray of str, shape (F,)
        ``customer`` and an id, or one of ``panel.levels``, ``touchpoint``, ``cell`` or ``company`` and a group's name.
    customer : ndarray of int, shape (F,)
        Row of ``panel.customers``; −1 for a group.
    kpi : ndarray of int, shape (F,)
        Position in ``panel.kpis``; −1 where no single metric is meant.
    kind : ndarray of Kind, shape (F,)
    touchpoint : ndarray of int, shape (F,)
        Code of the touchpoint it is about, −1 for all.
    onset : ndarray of int, shape (F,)
        Complete weeks since its likeliest onset.
    started_week : ndarray of datetime64[D], shape (F,)
        The Monday of that onset.
    started_low, started_high : ndarray of datetime64[D], shape (F,)
        The Mondays between which it began with a probability of 95 %; NaT where that was not asked.
    is_drift : ndarray of bool, shape (F,)
        It came gradually, by three to one.
    sentiment_change, sentiment_se : ndarray of float, shape (F,)
        After minus before the onset and its standard error, in sentiment units, channels made comparable and the
        company's and groups' level of each week removed. The error includes the wandering of satisfaction, but not the
        choice of the onset.
    sentiment_before, sentiment_after : ndarray of float, shape (F,)
        The two means, on the same footing.
    kpi_before, kpi_after, kpi_se : ndarray of float, shape (F,)
        Means of the named metric in its own unit, changes of unit undone, and the standard error of their difference;
        NaN without one.
    kpi_fell : ndarray of float, shape (F,)
        Log likelihood ratio that the named metric worsened, against that it did not; NaN where that is not weighed.
    n_items, n_items_before : ndarray of int, shape (F,)
        After and before the onset; one person's items of a week on one touchpoint count once.
    posterior : ndarray of float, shape (F, S)
        Posterior weight of each of ``hypotheses.HYPOTHESES``.
    p_value, q_value, score : ndarray of float, shape (F,)
        Share of past comparisons with odds as high; expected share of false entries among those with odds as high;
        log10 of the odds of a contradiction. All but the score are NaN uncalibrated.
    is_surfaced : ndarray of bool, shape (F,)
    explained_by : ndarray of str, shape (F,)
        Name of the rival that explains it, '' without one; an explained entry is not surfaced.
    agreeing_kpis : ndarray of tuple of int, shape (F,)
        Metrics that clearly moved the way the feedback says they should have.
    plausible : ndarray of tuple of (Kind, int), shape (F,)
        Kinds and metrics that chance may have made look less likely than the named ones, these included; empty where
        the start was not sought.
    n_fell : ndarray of int, shape (F,)
        Of a group that fell, as many of its members did so at least, with a probability of 95 %; −1 where not asked.
    parts : ndarray of tuple of (level, name), shape (F,)
        What a cell is made of; empty for others.
    members : ndarray of ndarray of int, shape (F,)
        Rows of customers of a group, empty for a customer.
    """

    level: NDArray[np.str_]
    subject: NDArray[np.str_]
    customer: Ints
    kpi: Ints
    kind: NDArray[Any]
    touchpoint: Ints
    onset: Ints
    started_week: NDArray[np.datetime64]
    started_low: NDArray[np.datetime64]
    started_high: NDArray[np.datetime64]
    is_drift: NDArray[np.bool_]
    sentiment_change: Floats
    sentiment_se: Floats
    sentiment_before: Floats
    sentiment_after: Floats
    kpi_before: Floats
    kpi_after: Floats
    kpi_se: Floats
    kpi_fell: Floats
    n_items: Ints
    n_items_before: Ints
    posterior: Floats
    p_value: Floats
    q_value: Floats
    score: Floats
    is_surfaced: NDArray[np.bool_]
    explained_by: NDArray[np.str_]
    agreeing_kpis: NDArray[Any]
    plausible: NDArray[Any]
    n_fell: Ints
    parts: NDArray[Any]
    members: NDArray[Any]

    def __len__(self) -> int:
        return len(self.customer)

    def having(self, rows: Ints, **columns: Any) -> "Entries":
        """These entries with some columns changed in ``rows``."""
        changed = {}
        for name, values in columns.items():
            column = getattr(self, name).astype(object if name == "explained_by" else getattr(self, name).dtype)
            column[rows] = values
            changed[name] = column.astype(str) if name == "explained_by" else column
        return replace(self, **changed)

    @classmethod
    def joined(cls, *parts: "Entries") -> "Entries":
        """All entries of several, in order."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))


@dataclass(frozen=True)
class KpiMoves:
    """J metrics that worsened clearly, whatever the customer says.

    Row of the customer, position of the metric, weeks since the likeliest onset, means before and after in the metric's
    own unit, and the step in standard deviations of its null, each (J,).
    """

    customer: Ints
    kpi: Ints
    onset: Ints
    before: Floats
    after: Floats
    moved: Floats


@dataclass(frozen=True)
class Findings(Entries):
    """Entries, what is known of all N customers, and the calibration.

    Attributes
    ----------
    judged : ndarray of bool, shape (N,)
        Compared, whether or not that is calibrated.
    why : ndarray of str, shape (N,)
        ``judged``, or the reason why not: ``not_calibrated_yet``, ``churned``, ``no_metric_history``,
        ``too_little_feedback``.
    agreement : ndarray of float, shape (N,)
        Minus the score of every customer, judged or not; lower is more contradictory.
    unit_changed : ndarray of bool, shape (N, K)
        The metric jumped by a factor between units and stayed; the jump was undone.
    launched : ndarray of bool, shape (N, K)
        It jumped so, and was left alone as it may well have happened: the metric was young, or others moved too.
    observations : Observations
        What the panel's items say independently of each other; what is counted as messages.
    evidence : EvidenceRows
        Of the surfaced and the explained entries.
    kpi_moves : KpiMoves
    n_null : int
        Past comparisons behind the p-values.
    is_calibrated : bool
    verdict : str
        One sentence about the calibration.
    """

    judged: NDArray[np.bool_]
    why: NDArray[Any]
    agreement: Floats
    unit_changed: NDArray[np.bool_]
    launched: NDArray[np.bool_]
    observations: Observations
    evidence: EvidenceRows
    kpi_moves: KpiMoves
    n_null: int
    is_calibrated: bool
    verdict: str

    def entries(self) -> Entries:
        """The entries alone."""
        return Entries(*(getattr(self, f.name) for f in fields(Entries)))


def objects(values: list[Any]) -> NDArray[Any]:
    """A one-dimensional array of objects, also of sequences."""
    array = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):  # numpy would take a list of tuples apart
        array[i] = value
    return array


def nothing_found(shape: tuple[int, ...], n_null: int, is_calibrated: bool, verdict: str) -> Findings:
    """Findings without entries and judged customers, for want of history; ``shape``: customers and metrics."""
    no_ids = np.zeros(0, np.int64)
    return Findings(
        **vars(no_entries()),
        judged=np.zeros(shape[0], bool),
        why=np.full(shape[0], "no_metric_history"),
        agreement=np.zeros(shape[0]),
        unit_changed=np.zeros(shape, bool),
        launched=np.zeros(shape, bool),
        observations=NO_OBSERVATIONS,
        evidence=EvidenceRows(),
        kpi_moves=KpiMoves(no_ids, no_ids, no_ids, *np.zeros((3, 0))),
        n_null=n_null,
        is_calibrated=is_calibrated,
        verdict=verdict,
    )


def no_entries() -> Entries:
    """An empty table of entries."""
    texts, floats, ints = np.zeros(0, "U1"), np.zeros(0), np.zeros(0, np.int64)
    values: dict[str, Any] = {f.name: floats for f in fields(Entries)}
    values |= dict.fromkeys(("level", "subject", "explained_by"), texts)
    values |= dict.fromkeys(("customer", "kpi", "touchpoint", "onset", "n_items", "n_items_before", "n_fell"), ints)
    values |= dict.fromkeys(("kind", "agreeing_kpis", "plausible", "parts", "members"), objects([]))
    values |= dict.fromkeys(("started_week", "started_low", "started_high"), np.zeros(0, "datetime64[D]"))
    values |= dict.fromkeys(("is_surfaced", "is_drift"), np.zeros(0, bool))
    return Entries(**values | {"posterior": np.zeros((0, len(HYPOTHESES)))})
