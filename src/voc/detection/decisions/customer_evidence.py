"""Customer evidence: both series, the expected one, the posterior and the single items behind an entry."""

import numpy as np
from numpy.typing import NDArray

from voc.detection.decisions.leave_one_out import LeaveOneOut
from voc.detection.evidence_rows import Z_95, EvidenceRows
from voc.detection.findings import Entries
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.detection.rivals import RivalExplanation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_LISTED_ITEMS = 8
"""Choice: items that are listed as evidence, those that move the score most."""


def collect_customer(
    evidence: EvidenceRows,
    i: int,
    entries: Entries,
    panel: Panel,
    prepared: PreparedPanel,
    company: CompanyModel,
    leave_one_out: LeaveOneOut,
) -> None:
    """Adds the evidence of entry ``i``, a customer's, except for its rivals."""
    row, w = int(entries.customer[i]), len(panel.weeks)
    shown = np.arange(max(0, w - LOOKBACK), w)
    positions = np.arange(*np.searchsorted(prepared.observations.customer, [row, row + 1]))
    observations = prepared.observations[positions[prepared.observations.week[positions] >= shown[0]]]
    value, half = _weekly_sentiment(observations, company, shown)
    evidence.add_series(i, "sentiment", panel.weeks[shown], value, half, within=(-1, 1))
    value, half = _predicted_sentiment(observations, prepared.expected[row], company, shown, w - int(entries.onset[i]))
    evidence.add_series(i, "expected", panel.weeks[shown], value, half, within=(-1, 1))
    if (k := int(entries.kpi[i])) >= 0:
        values, no_interval = prepared.readings.values[k][row, shown], np.full(shown.size, np.nan)
        evidence.add_series(i, "kpi", panel.weeks[shown], values, no_interval, name=panel.kpis[k].name)
    moved = entries.score[i] - leave_one_out.score
    for rank, j in enumerate(np.argsort(-np.abs(moved), kind="stable")[:MAX_LISTED_ITEMS]):
        evidence.add(i, "item", rank, moved[j], name=str(panel.item_id[leave_one_out.item[j]]))
    evidence.add_range(i, float(entries.score[i]), leave_one_out.score)
    evidence.add_posterior(i, entries.posterior[i])


def collect_rivals(evidence: EvidenceRows, i: int, rivals: tuple[RivalExplanation, ...]) -> None:
    """Adds every rival explanation of entry ``i`` with its outcome."""
    for rank, rival in enumerate(rivals):
        name, verdict = rival.name, str(rival.plausibility)
        evidence.add(i, "rival", rank, rival.statistic, name=name, verdict=verdict, sentence=rival.sentence)


def _weekly_sentiment(observations: Observations, company: CompanyModel, shown: Ints) -> tuple[Floats, Floats]:
    """Mean sentiment of each week's observations and half of its interval's width; NaN in weeks without any."""
    week, process = observations.week - shown[0], company.process
    weight = 1 / (process.trust * observations.noise)
    total, weights = (np.bincount(week, x, minlength=shown.size) for x in (weight * observations.y, weight))
    with np.errstate(invalid="ignore", divide="ignore"):
        value, se = total / weights, np.sqrt(1 / weights + process.week)
    return company.centre + company.sd * value, Z_95 * company.sd * se


def _predicted_sentiment(
    observations: Observations, expected: NDArray[np.float32], company: CompanyModel, shown: Ints, start: int
) -> tuple[Floats, Floats]:
    """Sentiment that the metrics and the customer's observations before week ``start`` lead one to expect, and half of
    its interval's width.

    Best linear prediction from the observations before (Goldberger 1962), with the covariances of
    `satisfaction_process.steps`.
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
