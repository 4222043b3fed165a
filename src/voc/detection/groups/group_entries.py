"""Entries of groups, in the form of customers' entries, and the evidence behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from voc.detection.decisions.customer_evidence import tell_range, tell_stories
from voc.detection.evidence_rows import Z_95, EvidenceRows
from voc.detection.findings import Entries, no_entries, objects
from voc.detection.groups.group_findings import GROUP_ONSET_WEEKS, Found
from voc.detection.groups.group_series import YEAR
from voc.detection.groups.judging import Judged, judge
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.hypotheses.hypotheses import HYPOTHESES
from voc.detection.hypotheses.posterior import Likelihoods
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.kpi_scales import mean
from voc.detection.panel import Panel
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SUREST = 1e-4
"""No odds beyond one in ten thousand are claimed of a group: calm history is too short to know them."""
HALF = 0.5
"""Of a group's evidence: what one member carries more of is that customer's case."""
MOST_MEMBERS = 100
"""Members that are listed, those that carry most."""


@dataclass(frozen=True)
class Groups:
    """Entries of all judged groups, what is known of each and was found, and which of them stand out."""

    entries: Entries
    judged: tuple[Judged, ...]
    found: tuple[Found, ...]
    chosen: Ints


def judge_groups(
    panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: Company, promise: float
) -> Groups:
    """All groups with history enough. Those stand out whose p-values keep the share of false ones at ``promise``
    (Benjamini and Hochberg 1995), falls of mood and of metrics apart, and of which no one member is more than half."""
    judged = judge(panel, prepared, likelihoods, company)
    if not judged:
        return Groups(no_entries(), (), (), np.zeros(0, np.int64))
    fell, worse = ([getattr(of, side) for of in judged] for side in ("fell", "worse"))
    q_fell, q_worse = (false_discovery_control([of.p for of in side]) for side in (fell, worse))
    found = tuple(a if qa <= qb else b for a, b, qa, qb in zip(fell, worse, q_fell, q_worse, strict=True))
    q = np.minimum(q_fell, q_worse)
    several = np.array([of.shares.max(initial=0.0) <= HALF for of in found], dtype=bool)
    entries = Entries.joined(
        *(_entry(of, what, panel, company, float(q[i])) for i, (of, what) in enumerate(zip(judged, found, strict=True)))
    )
    return Groups(entries, tuple(judged), found, np.flatnonzero((q <= promise) & several))


def collect_group(
    evidence: EvidenceRows, i: int, entries: Entries, of: Judged, found: Found, panel: Panel, company: Company
) -> None:
    """Adds what the entry ``i`` of a group rests on, but for its rivals."""
    w = len(panel.weeks)
    shown = np.arange(max(0, w - LOOKBACK), w)
    half = Z_95 * company.sd * np.sqrt(of.spoken.noise[shown])
    spoken = company.centre + company.sd * of.spoken.value[shown]
    evidence.add_series(i, "sentiment", panel.weeks[shown], spoken, half, within=(-1, 1))
    before = of.spoken.value[max(0, w - entries.onset[i] - YEAR) : w - entries.onset[i]]
    level, scatter = company.centre + company.sd * np.nanmean(before), Z_95 * company.sd * np.nanstd(before)
    flat = np.ones(shown.size)
    evidence.add_series(i, "expected", panel.weeks[shown], level * flat, scatter * flat, within=(-1, 1))
    if (k := int(entries.kpi[i])) >= 0:
        values = kpi_normalisation.undo_units(panel.kpi_values[of.group.rows, k], panel.kpis[k])[0][:, shown]
        there = np.isfinite(values)
        n, middle = there.sum(0), mean(values.T)
        around = np.where(there, values - middle, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            se = np.sqrt((around**2).sum(0) / np.maximum(n - 1, 1) / n)
        evidence.add_series(i, "kpi", panel.weeks[shown], middle, Z_95 * se, name=panel.kpis[k].name)
    order = np.argsort(-found.shares, kind="stable")[:MOST_MEMBERS]
    for rank, j in enumerate(order[found.shares[order] > 0]):
        evidence.add(i, "member", rank, found.shares[j], name=str(panel.customers[found.carriers[j]]))
    least = np.finfo(float).tiny  # of p-values that have come to nothing
    without = np.array([max(found.without.max(initial=found.p), least)])
    tell_range(evidence, i, entries, float(entries.score[i]) + np.log10(max(found.p, least) / without))
    tell_stories(evidence, i, entries.posterior[i])


def _entry(of: Judged, found: Found, panel: Panel, company: Company, q: float) -> Entries:
    """One group's entry; sentiment is what its members said, the company's weeks and their own levels removed."""
    w, k = len(panel.weeks), found.kpi
    onset, mood = int(GROUP_ONSET_WEEKS[found.start]), of.moods[found.start]
    spoken = of.spoken.value[max(0, w - onset - YEAR) : w - onset]
    before = company.centre + company.sd * (float(np.nanmean(spoken)) if np.isfinite(spoken).any() else 0.0)
    change = company.sd * mood.change
    kpi_before, kpi_after, kpi_se = _levels(of, k, panel, onset) if k >= 0 else (np.nan, np.nan, np.nan)
    certain = float(np.clip(1 - q, SUREST, 1 - SUREST))
    posterior = np.zeros(len(HYPOTHESES))
    posterior[[hypothesis.kind is found.kind for hypothesis in HYPOTHESES].index(True)] = 1 - q
    posterior[0] = q
    sign = 1 if found.kind is Kind.SILENT_RISK else -1
    moves = [move[found.start] for move in of.moves]
    agreeing = tuple(j for j, move in enumerate(moves) if move.freedom and sign * move.z > Z_95)
    after = int((of.week >= w - onset).sum())
    return Entries(
        level=np.array([of.group.level]),
        subject=np.array([of.group.name]),
        customer=np.array([-1]),
        kpi=np.array([k]),
        kind=objects([found.kind]),
        touchpoint=np.array([of.group.touchpoint]),
        onset=np.array([onset]),
        started_week=panel.weeks[[w - onset]],
        sentiment_change=np.array([change]),
        sentiment_se=np.array([company.sd * mood.se if np.isfinite(mood.se) else np.nan]),
        sentiment_before=np.clip([before], -1, 1),
        sentiment_after=np.clip([before + change], -1, 1),
        kpi_before=np.array([kpi_before]),
        kpi_after=np.array([kpi_after]),
        kpi_se=np.array([kpi_se]),
        n_items=np.array([after]),
        n_items_before=np.array([of.week.size - after]),
        posterior=posterior[None],
        p_value=np.array([found.p]),
        q_value=np.array([q]),
        score=np.array([np.log10(certain / (1 - certain))]),
        is_surfaced=np.zeros(1, bool),
        explained_by=np.array([""]),
        agreeing_kpis=objects([agreeing]),
        members=objects([of.group.rows]),
    )


def _levels(of: Judged, k: int, panel: Panel, onset: int) -> tuple[float, float, float]:
    """Means of the members' weekly mean before and after the start and the standard error of their difference."""
    values = kpi_normalisation.undo_units(panel.kpi_values[of.group.rows, k], panel.kpis[k])[0]
    weekly = mean(values.T)
    parts = [part[np.isfinite(part)] for part in (weekly[-onset - YEAR : -onset], weekly[-onset:])]
    if any(part.size == 0 for part in parts):
        return np.nan, np.nan, np.nan
    variance = sum(float(part.var(ddof=1)) / part.size if part.size > 1 else np.nan for part in parts)
    return float(parts[0].mean()), float(parts[1].mean()), float(np.sqrt(variance))
