"""Telling: the evidence of a customer's entry - both series, what was expected, the stories and single items."""

import numpy as np
from numpy.typing import NDArray

from voc.detection.decisions.leave_one_out import LeaveOneOut
from voc.detection.evidence_rows import Z_95, EvidenceRows
from voc.detection.findings import Entries
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.detection.rivals import RivalExplanation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_ITEMS = 8


def collect_customer(
    evidence: EvidenceRows,
    i: int,
    entries: Entries,
    panel: Panel,
    prepared: PreparedPanel,
    company: Company,
    leave_one_out: LeaveOneOut,
) -> None:
    """Adds what entry ``i`` rests on, but for its rivals."""
    row, w = int(entries.customer[i]), len(panel.weeks)
    shown = np.arange(max(0, w - LOOKBACK), w)
    statements = np.arange(*np.searchsorted(prepared.observations.customer, [row, row + 1]))
    observations = prepared.observations[statements[prepared.observations.week[statements] >= shown[0]]]
    value, half = _spoken(observations, company, shown)
    evidence.add_series(i, "sentiment", panel.weeks[shown], value, half, within=(-1, 1))
    value, half = _foreseen(observations, prepared.expected[row], company, shown, w - int(entries.onset[i]))
    evidence.add_series(i, "expected", panel.weeks[shown], value, half, within=(-1, 1))
    if (k := int(entries.kpi[i])) >= 0:
        values = kpi_normalisation.undo_units(panel.kpi_values[row : row + 1, k], panel.kpis[k])[0][0, shown]
        evidence.add_series(i, "kpi", panel.weeks[shown], values, np.full(shown.size, np.nan), name=panel.kpis[k].name)
    moved = entries.score[i] - leave_one_out.score
    for rank, j in enumerate(np.argsort(-np.abs(moved), kind="stable")[:MOST_ITEMS]):
        evidence.add(i, "item", rank, moved[j], name=str(panel.item_id[leave_one_out.item[j]]))
    tell_range(evidence, i, entries, leave_one_out.score)
    tell_stories(evidence, i, entries.posterior[i])


def tell_range(evidence: EvidenceRows, i: int, entries: Entries, without: Floats) -> None:
    """The score, and the least and largest without any one item or member."""
    score = float(entries.score[i])
    low, high = min(score, without.min(initial=np.inf)), max(score, without.max(initial=-np.inf))
    evidence.add(i, "leave_one_out", 0, score, name="score", low=float(low), high=float(high))


def tell_stories(evidence: EvidenceRows, i: int, weights: Floats) -> None:
    """The weights of all stories, the likeliest first."""
    for rank, s in enumerate(np.argsort(-weights, kind="stable")):
        evidence.add(i, "story", rank, weights[s], name=HYPOTHESES[s].name)


def collect_rivals(evidence: EvidenceRows, i: int, rivals: tuple[RivalExplanation, ...]) -> None:
    """What each rival explanation came to."""
    for rank, rival in enumerate(rivals):
        name, verdict = rival.name, str(rival.plausibility)
        evidence.add(i, "rival", rank, rival.statistic, name=name, verdict=verdict, sentence=rival.sentence)


def _spoken(observations: Observations, company: Company, shown: Ints) -> tuple[Floats, Floats]:
    """Mean of each week's voices in sentiment and half its interval; NaN in silent weeks."""
    week, process = observations.week - shown[0], company.process
    weight = 1 / (process.trust * observations.noise)
    total, weights = (np.bincount(week, x, minlength=shown.size) for x in (weight * observations.y, weight))
    with np.errstate(invalid="ignore", divide="ignore"):
        value, se = total / weights, np.sqrt(1 / weights + process.week)
    return company.centre + company.sd * value, Z_95 * company.sd * se


def _foreseen(
    observations: Observations, expected: NDArray[np.float32], company: Company, shown: Ints, start: int
) -> tuple[Floats, Floats]:
    """Sentiment that the metrics and what the customer said before week ``start`` lead one to expect.

    Best linear prediction from the voices before (Goldberger 1962), by the covariances of `satisfaction.steps`.
    """
    process, before = company.process, observations[observations.week < start]
    apart = np.abs(before.week[:, None] - before.week)
    cov = process.level + process.wander * process.persistence**apart + process.week * (apart == 0)
    cov = cov + process.person * (before.respondent[:, None] == before.respondent)
    cov[np.diag_indices_from(cov)] += process.trust * before.noise
    near = process.level + process.wander * process.persistence ** np.abs(shown[:, None] - before.week)
    weights = np.linalg.solve(cov, near.T).T if before.week.size else near
    value = weights @ (before.y - before.expected) + expected[shown]
    variance = process.level + process.wander - (weights * near).sum(1)
    return company.centre + company.sd * value, Z_95 * company.sd * np.sqrt(np.maximum(variance, 0))
