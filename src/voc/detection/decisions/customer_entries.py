"""Entries of customers: the likeliest contradiction of each, where it began, how large it is and on which metric."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.detection.findings import Entries, KpiMoves, objects
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts, PreparedPanel
from voc.detection.hypotheses.hypotheses import ALL_KINDS
from voc.detection.hypotheses.posterior import Likelihoods, contradiction
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.detection.process import kpi_steps
from voc.detection.process.onsets import ONSETS
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLEARLY = 1.645
"""Calm standard deviations, one-sided 5 %: a metric that moved so far moved with what is said."""
WORSENED = 2.0
"""Calm standard deviations from which a metric's fall is worth telling, whoever says what."""
ONSET_WEEKS = np.array([onset.weeks for onset in ONSETS])


@dataclass(frozen=True)
class KpiMeans:
    """Means of each metric before and after an entry's start in its own unit and the standard error of their
    difference, each (F, K)."""

    before: Floats
    after: Floats
    se: Floats


def customer_entries(
    panel: Panel, rows: Ints, prepared: PreparedPanel, likelihoods: Likelihoods, company: Company, p: Floats
) -> Entries:
    """An entry for each of ``rows``; ``p``: the p-value of every customer, NaN uncalibrated, (N,)."""
    observations, contrasts = prepared.observations, prepared.contrasts
    posterior = likelihoods.posterior(company.priors)[rows]
    kind = contradiction(posterior)[1]
    onset_index = likelihoods.onset_index[rows, kind]
    onset = ONSET_WEEKS[onset_index]
    means = kpi_means_of(panel, rows, onset)
    named = _named_kpi(panel, means, kind, likelihoods.down[rows, kind], likelihoods.jump[rows, kind])
    change, se = (of[rows, onset_index] for of in (contrasts.steps.size, contrasts.steps.se))
    before = _mean_before(observations, panel, company, rows, onset)
    scale = company.nulls.sentiment.scale
    log_odds = likelihoods.log_odds(company.priors)[rows]
    of_kpi = (np.arange(rows.size), np.maximum(named, 0))
    return Entries(
        level=np.full(rows.size, "customer"),
        subject=panel.customers[rows],
        customer=rows,
        kpi=named,
        kind=objects([ALL_KINDS[i] for i in kind]),
        touchpoint=np.where(kind == ALL_KINDS.index(Kind.SPLIT_BY_TOUCHPOINT), likelihoods.split[rows], -1),
        onset=onset,
        started_week=panel.weeks[len(panel.weeks) - onset],
        sentiment_change=company.sd * change,
        sentiment_se=company.sd * se * scale,
        sentiment_before=np.clip(company.centre + company.sd * before, -1, 1),
        sentiment_after=np.clip(company.centre + company.sd * (before + change), -1, 1),
        kpi_before=np.where(named >= 0, means.before[of_kpi], np.nan),
        kpi_after=np.where(named >= 0, means.after[of_kpi], np.nan),
        kpi_se=np.where(named >= 0, means.se[of_kpi], np.nan),
        n_items=contrasts.steps.after[rows, onset_index].astype(np.int64),
        n_items_before=contrasts.steps.before[rows, onset_index].astype(np.int64),
        posterior=posterior,
        p_value=p[rows],
        q_value=np.full(rows.size, np.nan),
        score=log_odds / np.log(10),
        is_surfaced=np.zeros(rows.size, bool),
        explained_by=np.full(rows.size, ""),
        agreeing_kpis=_agreeing_kpis(contrasts, company, rows, onset_index, kind),
        members=objects([np.zeros(0, np.int64)] * rows.size),
    )


def kpi_means_of(panel: Panel, rows: Ints, onset: Ints) -> KpiMeans:
    """The metrics of ``rows`` before and after each one's start."""
    out = np.full((3, rows.size, len(panel.kpis)), np.nan)
    for k, kpi in enumerate(panel.kpis):
        values = kpi_normalisation.undo_units(panel.kpi_values[rows, k], kpi)[0]
        for weeks in np.unique(onset):
            at = np.flatnonzero(onset == weeks)
            for part, level in zip(
                out, kpi_steps.kpi_means(values[at], len(panel.weeks), int(weeks), LOOKBACK), strict=True
            ):
                part[at, k] = level
    return KpiMeans(*out)


def kpi_moves(panel: Panel, contrasts: Contrasts, company: Company, rows: Ints) -> KpiMoves:
    """For each of ``rows`` and each metric the clearest fall, where it is clear at all."""
    parts = []
    for k, moved in enumerate(contrasts.kpi_steps):
        scale = np.array([null.scale for null in company.nulls.kpis[k]])
        with np.errstate(invalid="ignore"):
            z = moved.size[rows] / (moved.se[rows] * scale)
        lowest = np.where(np.isfinite(z), z, np.inf)
        onset_index = lowest.argmin(1)
        least = lowest[np.arange(rows.size), onset_index]
        at = np.flatnonzero(least <= -WORSENED)
        means = kpi_means_of(panel, rows[at], ONSET_WEEKS[onset_index[at]])
        known = np.isfinite(means.before[:, k]) & np.isfinite(means.after[:, k])
        at, before, after = at[known], means.before[known, k], means.after[known, k]
        parts.append((rows[at], np.full(at.size, k), ONSET_WEEKS[onset_index[at]], before, after, least[at]))
    if not parts:
        none, no_id = np.zeros(0), np.zeros(0, np.int64)
        return KpiMoves(no_id, no_id, no_id, none, none, none)
    return KpiMoves(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _named_kpi(panel: Panel, means: KpiMeans, kind: Ints, down: Floats, jump: Floats) -> Ints:
    """The metric an entry speaks of, −1 without one: of a fall of what is said the fine one that most surely did not
    fall, else the one that fell or jumped most surely. ``down``, ``jump``: log likelihood ratios (F, K)."""
    if not panel.kpis:
        return np.full(kind.shape, -1)
    measured = np.isfinite(means.before) & np.isfinite(means.after)
    fine = measured.copy()
    for k, kpi in enumerate(panel.kpis):
        if kpi.target is not None:
            fine[:, k] &= kpi.sign * (means.after[:, k] - kpi.target) >= 0
    of = {Kind.SILENT_RISK: (down, measured), Kind.GAMED_METRIC: (jump, measured)}
    out = np.full(kind.shape, -1)
    for i, name in enumerate(ALL_KINDS):
        ratio, there = of.get(name, (-down, fine))
        best = np.where(there, ratio, -np.inf)
        out = np.where(kind == i, np.where(there.any(1), best.argmax(1), -1), out)
    return out.astype(np.int64)


def _agreeing_kpis(
    contrasts: Contrasts, company: Company, rows: Ints, onset_index: Ints, kind: Ints
) -> NDArray[np.object_]:
    """Metrics that clearly moved the way the feedback says they should have."""
    sign = np.where(kind == ALL_KINDS.index(Kind.SILENT_RISK), 1, -1)
    clear = np.zeros((rows.size, len(contrasts.kpi_steps)), bool)
    for k, moved in enumerate(contrasts.kpi_steps):
        scale = np.array([null.scale for null in company.nulls.kpis[k]])[onset_index]
        with np.errstate(invalid="ignore"):
            clear[:, k] = sign * moved.size[rows, onset_index] > CLEARLY * moved.se[rows, onset_index] * scale
    out = objects([()] * rows.size)
    for i in np.flatnonzero(clear.any(1)):
        out[i] = tuple(int(k) for k in np.flatnonzero(clear[i]))
    return out


def _mean_before(observations: Observations, panel: Panel, company: Company, rows: Ints, onset: Ints) -> Floats:
    """Mean of what each of ``rows`` said before its start, surer voices weighing more, in standard deviations."""
    end = len(panel.weeks)
    since = np.full(len(panel.customers), -1)
    since[rows] = end - onset
    process = company.process
    weight = 1 / (process.trust * observations.noise + process.wander + process.week)
    weight = weight * ((observations.week < since[observations.customer]) & (observations.week >= end - LOOKBACK))
    n = len(panel.customers)
    total, weights = (
        np.bincount(observations.customer, x, minlength=n)[rows].astype(float)
        for x in (weight * observations.y, weight)
    )
    return np.asarray(np.divide(total, weights, out=np.zeros_like(total), where=weights > 0), dtype=float)
