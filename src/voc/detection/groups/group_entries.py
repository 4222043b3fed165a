"""Entries of groups, in the form of customers' entries, and the evidence behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from voc.detection.evidence_rows import Z_95, EvidenceRows
from voc.detection.findings import Entries, no_entries, objects
from voc.detection.groups.cells import CELL, rest_fell, standardised
from voc.detection.groups.enumeration import fell_at_least
from voc.detection.groups.group_findings import GroupFinding
from voc.detection.groups.group_series import WeeklySeries, start_of
from voc.detection.groups.judging import JudgedGroup, judge
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.detection.hypotheses.posterior import Likelihoods
from voc.detection.inputs.kpi_normalisation import Readings
from voc.detection.inputs.kpi_scales import median
from voc.detection.panel import Panel
from voc.detection.process.onsets import ABRUPT_WEEKS, BASELINE_WEEKS
from voc.domain.kinds import Feedback

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SUREST = 1e-4
"""No odds beyond one in ten thousand are claimed of a group: its history is too short to know them."""
MAX_MEMBER_SHARE = 0.5
"""Choice: of a group's evidence. What one member carries more of is that customer's case."""
LEAST_HISTORY = 65
"""Weeks of history without which nothing is promised of a group: a year and a quarter, so that a fall of the newest
quarter is compared with a whole year, and no season stands on one side only."""
LEAST_HISTORY_SHARE = 0.5
"""Choice: share of these weeks in which the group said something; the oldest quarter of them is not to be empty."""
MEDIAN_SE = 1.2533
"""Standard error of a median over that of a mean, of normally distributed members: the square root of π / 2."""
MAX_LISTED_MEMBERS = 100
"""Members that are listed as evidence, those that carry most."""


@dataclass(frozen=True)
class Groups:
    """Entries of all judged groups, what is known of each, its finding, which of them stand out, which of these one
    member carries (``of_one_member``, a part of ``chosen``), and for those that fell by a cell alone that cell
    (``of_a_cell``, both as positions among all)."""

    entries: Entries
    judged: tuple[JudgedGroup, ...]
    found: tuple[GroupFinding, ...]
    chosen: Ints
    of_one_member: Ints
    of_a_cell: dict[int, int]


def judge_groups(
    panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: CompanyModel, promise: float
) -> Groups:
    """All groups with history enough, and which of them stand out.

    Those stand out whose p-values keep the share of false ones at ``promise`` (Benjamini and Hochberg 1995), falls of
    sentiment and of metrics being two families. What one member carries more than half of is told apart. Of groups
    with less than `LEAST_HISTORY` nothing is promised: their p and q are NaN.
    """
    judged = judge(panel, prepared, likelihoods, company)
    if not judged:
        nobody = np.zeros(0, np.int64)
        return Groups(no_entries(), (), (), nobody, nobody, {})
    falls, kpi_falls = [group.sentiment_fall for group in judged], [group.kpi_fall for group in judged]
    q_fall, q_kpi = (false_discovery_control([found.p for found in family]) for family in (falls, kpi_falls))
    found = tuple(a if qa <= qb else b for a, b, qa, qb in zip(falls, kpi_falls, q_fall, q_kpi, strict=True))
    q = np.minimum(q_fall, q_kpi)
    of_one = np.array([finding.shares.max(initial=0.0) > MAX_MEMBER_SHARE for finding in found], dtype=bool)
    entries = Entries.joined(
        *(
            _entry(group, finding, panel, prepared, company, float(q[i]))
            for i, (group, finding) in enumerate(zip(judged, found, strict=True))
        )
    )
    is_known = np.array([has_history(group.weekly) for group in judged])
    entries = entries.having(np.flatnonzero(~is_known), p_value=np.nan, q_value=np.nan)
    is_chosen = is_known & (q <= promise)
    chosen = np.flatnonzero(is_chosen)
    for i in chosen:
        entries = _with_start(entries, int(i), judged[i], panel)
    of_a_cell = _of_a_cell(judged, found, chosen, prepared, company)
    return Groups(entries, tuple(judged), found, chosen, np.flatnonzero(is_chosen & of_one), of_a_cell)


def _with_start(entries: Entries, i: int, judged: JudgedGroup, panel: Panel) -> Entries:
    """The entries, entry ``i`` with the interval in which its group moved."""
    w, onset, k = len(panel.weeks), int(entries.onset[i]), int(entries.kpi[i])
    is_fall = entries.kind[i].claim.feedback is Feedback.FELL
    start = start_of(judged.sentiment_weekly if is_fall or k < 0 else judged.kpis_weekly[k], -1)
    return entries.having(
        np.array([i]),
        started_low=panel.weeks[np.maximum(w - np.maximum(start.first, onset), 0)],
        started_high=panel.weeks[w - np.minimum(start.last, onset)],
        is_drift=start.is_gradual,
    )


def _of_a_cell(
    judged: Sequence[JudgedGroup], found: Sequence[GroupFinding], chosen: Ints, prepared: PreparedPanel,
    company: CompanyModel,
) -> dict[int, int]:  # fmt: skip
    """Of the chosen groups, those whose customers outside a chosen cell did not fall, and that cell."""
    cells = [int(i) for i in chosen if judged[i].group.level == CELL]
    scale, steps = company.nulls.residual.scale, prepared.contrasts.steps
    explained = {}
    for i in (int(i) for i in chosen if judged[i].group.level != CELL):
        for cell in cells:
            rows, inside = judged[i].group.rows, judged[cell].group.rows
            overlap = np.intersect1d(rows, inside).size
            is_fall = found[i].kind.claim.feedback is Feedback.FELL
            if is_fall and overlap and not rest_fell(steps, rows, inside, found[i].onset_index, scale):
                explained[i] = cell
    return explained


def has_history(weekly: WeeklySeries) -> bool:
    """Whether a group's own past is long and full enough for a promise."""
    spoke = np.isfinite(weekly.noise[-LEAST_HISTORY:])
    is_long = spoke.size == LEAST_HISTORY and bool(spoke[: LEAST_HISTORY - BASELINE_WEEKS].any())
    return is_long and float(spoke.mean()) >= LEAST_HISTORY_SHARE


def collect_group(
    evidence: EvidenceRows,
    i: int,
    entries: Entries,
    judged: JudgedGroup,
    found: GroupFinding,
    panel: Panel,
    readings: Readings,
    company: CompanyModel,
) -> None:
    """Adds the evidence of entry ``i``, a group's, except for its rivals."""
    w = len(panel.weeks)
    shown = np.arange(max(0, w - LOOKBACK), w)
    half = Z_95 * company.sd * np.sqrt(judged.weekly.noise[shown])
    sentiment = company.centre + company.sd * judged.weekly.value[shown]
    evidence.add_series(i, "sentiment", panel.weeks[shown], sentiment, half, within=(-1, 1))
    before = judged.weekly.value[max(0, w - entries.onset[i] - BASELINE_WEEKS) : w - entries.onset[i]]
    level, scatter = company.centre + company.sd * np.nanmean(before), Z_95 * company.sd * np.nanstd(before)
    flat = np.ones(shown.size)
    evidence.add_series(i, "expected", panel.weeks[shown], level * flat, scatter * flat, within=(-1, 1))
    if (k := int(entries.kpi[i])) >= 0:
        values = readings.values[k][judged.group.rows][:, shown]
        is_finite = np.isfinite(values)
        n, middle = is_finite.sum(0), median(values, 0)
        around = np.where(is_finite, values - middle, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            se = MEDIAN_SE * np.sqrt((around**2).sum(0) / np.maximum(n - 1, 1) / n)
        evidence.add_series(i, "kpi", panel.weeks[shown], middle, Z_95 * se, name=panel.kpis[k].name)
    order = np.argsort(-found.shares, kind="stable")[:MAX_LISTED_MEMBERS]
    for rank, j in enumerate(order[found.shares[order] > 0]):
        evidence.add(i, "member", rank, found.shares[j], name=str(panel.customers[found.carriers[j]]))
    least = np.finfo(float).tiny  # a p-value may have underflowed to 0
    without = np.array([max(found.without.max(initial=found.p), least)])
    score = float(entries.score[i])
    evidence.add_range(i, score, score + np.log10(max(found.p, least) / without))
    evidence.add_posterior(i, entries.posterior[i])


def _entry(
    judged: JudgedGroup, found: GroupFinding, panel: Panel, prepared: PreparedPanel, company: CompanyModel, q: float
) -> Entries:
    """One group's entry; its sentiment is around the company's weeks and the members' own levels."""
    readings = prepared.readings
    w, k = len(panel.weeks), found.kpi
    onset, sentiment = int(ABRUPT_WEEKS[found.onset_index]), judged.sentiment_contrasts[found.onset_index]
    weekly = judged.weekly.value[max(0, w - onset - BASELINE_WEEKS) : w - onset]
    before = company.centre + company.sd * (float(np.nanmean(weekly)) if np.isfinite(weekly).any() else 0.0)
    change = company.sd * sentiment.change
    kpi_before, kpi_after, kpi_se = (
        _kpi_means(readings.values[k][judged.group.rows], onset) if k >= 0 else (np.nan, np.nan, np.nan)
    )
    certain = float(np.clip(1 - q, SUREST, 1 - SUREST))
    posterior = np.zeros(len(HYPOTHESES))
    posterior[[hypothesis.kind is found.kind for hypothesis in HYPOTHESES].index(True)] = 1 - q
    posterior[0] = q
    sign = found.kind.claim.feedback_side
    at_onset = [contrasts[found.onset_index] for contrasts in judged.kpi_contrasts]
    agreeing = tuple(j for j, contrast in enumerate(at_onset) if contrast.freedom and sign * contrast.z > Z_95)
    is_fall = found.kind.claim.feedback is Feedback.FELL
    scale = company.nulls.residual.scale
    z, _ = standardised(prepared.contrasts.steps, judged.group.rows, found.onset_index, scale)
    after = int((judged.recent_weeks >= w - onset).sum())
    return Entries(
        level=np.array([judged.group.level]),
        subject=np.array([judged.group.name]),
        customer=np.array([-1]),
        kpi=np.array([k]),
        kind=objects([found.kind]),
        touchpoint=np.array([judged.group.touchpoint]),
        onset=np.array([onset]),
        started_week=panel.weeks[[w - onset]],
        started_low=np.full(1, "NaT", "datetime64[D]"),
        started_high=np.full(1, "NaT", "datetime64[D]"),
        is_drift=np.zeros(1, bool),
        sentiment_change=np.array([change]),
        sentiment_se=np.array([company.sd * sentiment.se if np.isfinite(sentiment.se) else np.nan]),
        sentiment_before=np.clip([before], -1, 1),
        sentiment_after=np.clip([before + change], -1, 1),
        kpi_before=np.array([kpi_before]),
        kpi_after=np.array([kpi_after]),
        kpi_se=np.array([kpi_se]),
        kpi_fell=np.array([np.nan]),
        n_items=np.array([after]),
        n_items_before=np.array([judged.recent_weeks.size - after]),
        posterior=posterior[None],
        p_value=np.array([found.p]),
        q_value=np.array([q]),
        score=np.array([np.log10(certain / (1 - certain))]),
        is_surfaced=np.zeros(1, bool),
        explained_by=np.array([""]),
        agreeing_kpis=objects([agreeing]),
        plausible=objects([((found.kind, k),)]),
        n_fell=np.array([fell_at_least(z) if is_fall else -1]),
        parts=objects([judged.parts]),
        members=objects([judged.group.rows]),
    )


def _kpi_means(values: Floats, onset: int) -> tuple[float, float, float]:
    """Means of the weekly median member of ``values`` (n, W), ``onset`` weeks before the end, before and after, and
    the standard error of their difference. A mean over sizes from 1 to 350,000 would be the largest member's."""
    weekly = median(values, 0)
    sides = [side[np.isfinite(side)] for side in (weekly[-onset - BASELINE_WEEKS : -onset], weekly[-onset:])]
    if any(side.size == 0 for side in sides):
        return np.nan, np.nan, np.nan
    variance = sum(float(side.var(ddof=1)) / side.size if side.size > 1 else np.nan for side in sides)
    return float(sides[0].mean()), float(sides[1].mean()), float(np.sqrt(variance))
