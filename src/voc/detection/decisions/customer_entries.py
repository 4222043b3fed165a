"""Entries of customers: the likeliest contradiction of each, where it began, how large it is and on which metric."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.decisions import starts
from voc.detection.findings import Entries, KpiMoves, objects
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts, PreparedPanel
from voc.detection.hypotheses.hypotheses import ALL_KINDS, OF_KIND, Null, kpi_ratios
from voc.detection.hypotheses.posterior import Likelihoods, contradiction
from voc.detection.inputs.kpi_normalisation import Readings
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.detection.process import kpi_steps
from voc.detection.process.onsets import ONSET_WEEKS
from voc.detection.process.start_interval import START_WEEKS
from voc.domain.kinds import Metric

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_IS_AT_ONE_TOUCHPOINT = np.array([kind.claim.is_at_one_touchpoint for kind in ALL_KINDS])
_FEEDBACK_SIDE = np.array([kind.claim.feedback_side for kind in ALL_KINDS])
CLEARLY = 1.645
"""Standard deviations of the null, one-sided 5 %: a metric that moved so far agrees with the feedback."""
AS_SURELY = 2.0
"""Choice: log likelihood ratio by which two metrics may differ that held about as surely. Which of them is named must
not change by a breath of a night, so it is the first in the catalogue."""
IMPLAUSIBLE = 3.0
"""Log likelihood ratio of twenty: what is less likely by so much is no longer plausible (a chance of one in twenty)."""
WORSENED = 2.0
"""Choice: standard deviations of the null from which a metric's fall is listed, whatever the customer says."""


@dataclass(frozen=True)
class KpiMeans:
    """Means of each metric before and after an entry's onset in its own unit, and the standard error of their
    difference, each (F, K)."""

    before: Floats
    after: Floats
    se: Floats


def customer_entries(
    panel: Panel, rows: Ints, prepared: PreparedPanel, likelihoods: Likelihoods, company: CompanyModel, p: Floats
) -> Entries:
    """An entry for each of ``rows``; ``p``: the p-value of every customer, NaN uncalibrated, (N,)."""
    posterior = likelihoods.posterior(company.priors)[rows]
    kind = contradiction(posterior)[1]
    onset_index = likelihoods.onset_index[rows, kind]
    measured = _measured(
        panel,
        rows,
        prepared,
        company,
        kind,
        prepared.contrasts.of(rows).at(onset_index),
        ONSET_WEEKS[onset_index],
        kpi_means_of(panel, prepared.readings, rows, ONSET_WEEKS[onset_index]),
        likelihoods.down[rows, kind],
        likelihoods.jump[rows, kind],
        _null_scales(company.nulls.kpis, onset_index),
    )
    unknown = np.full(rows.size, "NaT", "datetime64[D]")
    return Entries(
        **measured,
        level=np.full(rows.size, "customer"),
        subject=panel.customers[rows],
        customer=rows,
        kind=objects([ALL_KINDS[i] for i in kind]),
        touchpoint=np.where(_IS_AT_ONE_TOUCHPOINT[kind], likelihoods.split[rows], -1),
        started_low=unknown,
        started_high=unknown,
        is_drift=np.zeros(rows.size, bool),
        posterior=posterior,
        p_value=p[rows],
        q_value=np.full(rows.size, np.nan),
        score=likelihoods.log_odds(company.priors)[rows] / np.log(10),
        is_surfaced=np.zeros(rows.size, bool),
        explained_by=np.full(rows.size, ""),
        plausible=objects([()] * rows.size),
        n_fell=np.full(rows.size, -1),
        parts=objects([()] * rows.size),
        members=objects([np.zeros(0, np.int64)] * rows.size),
    )


def with_starts(
    entries: Entries,
    chosen: Ints,
    panel: Panel,
    prepared: PreparedPanel,
    company: CompanyModel,
    least: int,
    weeks_before: int,
) -> Entries:
    """The entries, those of the ``chosen`` customers with their start sought by week, and all else as of it.

    least, weeks_before: observations on both sides, and weeks' worth of readings before, that a named start has.
    """
    if not chosen.size:
        return entries
    rows, end = entries.customer[chosen], len(panel.weeks)
    kind = np.array([ALL_KINDS.index(of) for of in entries.kind[chosen]], dtype=np.int64)
    contrasts = starts.start_contrasts(panel, prepared, company, rows, weeks_before)
    nulls = starts.nulls_at_starts(company)
    kpis = kpi_ratios(contrasts.kpi_steps, nulls, contrasts.steps.size.shape)
    is_usable = contrasts.has_observations(least)
    for k, steps in enumerate(contrasts.kpi_steps):
        is_usable &= np.isfinite(steps.size) | (entries.kpi[chosen] != k)[:, None]
    found = starts.starts_of(contrasts, kpis, prepared, company, rows, kind, entries.touchpoint[chosen], is_usable)
    index = found.likeliest
    down, jump = (of_kpis[np.arange(rows.size), :, index] for of_kpis in (kpis.down, kpis.jump))
    means = kpi_means_of(panel, prepared.readings, rows, START_WEEKS[index])
    measured = _measured(
        panel,
        rows,
        prepared,
        company,
        kind,
        contrasts.at(index),
        START_WEEKS[index],
        means,
        down,
        jump,
        _null_scales(nulls, index),
    )
    return entries.having(
        chosen,
        **measured,
        started_low=panel.weeks[np.maximum(end - found.first, 0)],
        started_high=panel.weeks[end - found.last],
        is_drift=found.is_gradual,
        plausible=_plausible(_eligible(panel, means), entries.posterior[chosen] @ OF_KIND.T, down, jump),
    )


def _null_scales(nulls: Sequence[Sequence[Null]], index: Ints) -> Floats:
    """Scale of each metric's null at each entry's onset, ``index`` (F,), (K, F); nulls: of each metric and onset."""
    return np.array([np.array([null.scale for null in of])[index] for of in nulls]).reshape(len(nulls), index.size)


def _measured(
    panel: Panel,
    rows: Ints,
    prepared: PreparedPanel,
    company: CompanyModel,
    kind: Ints,
    contrast: Contrasts,
    onset: Ints,
    means: KpiMeans,
    down: Floats,
    jump: Floats,
    kpi_scale: Floats,
) -> dict[str, NDArray[Any]]:
    """The columns of entries that rest on when they began.

    contrast: the steps at each one's onset, (F, 1); onset: in weeks before the end; means: of the metrics beside it;
    down, jump: log likelihood ratios of each metric, (F, K); kpi_scale: of each metric's null, (K, F).
    """
    kpi = _named_kpi(panel, means, kind, down, jump)
    steps = contrast.steps
    change, se = steps.size[:, 0], steps.se[:, 0]
    before = _mean_before(prepared.observations, panel, company, rows, onset)
    named, has_kpi = (np.arange(rows.size), np.maximum(kpi, 0)), kpi >= 0
    of_named = {
        name: np.where(has_kpi, values[named], np.nan) if panel.kpis else np.full(rows.size, np.nan)
        for name, values in (
            ("kpi_before", means.before), ("kpi_after", means.after), ("kpi_se", means.se), ("kpi_fell", down)
        )
    }  # fmt: skip
    return {
        "kpi": kpi,
        "onset": onset,
        "started_week": panel.weeks[np.maximum(len(panel.weeks) - onset, 0)],
        "sentiment_change": company.sd * change,
        "sentiment_se": company.sd * se * company.nulls.sentiment.scale,
        "sentiment_before": np.clip(company.centre + company.sd * before, -1, 1),
        "sentiment_after": np.clip(company.centre + company.sd * (before + change), -1, 1),
        **of_named,
        "n_items": steps.after[:, 0].astype(np.int64),
        "n_items_before": steps.before[:, 0].astype(np.int64),
        "agreeing_kpis": _agreeing_kpis(contrast, kpi_scale, kind),
    }


def kpi_means_of(panel: Panel, readings: Readings, rows: Ints, onset: Ints) -> KpiMeans:
    """The metrics of ``rows`` before and after each one's onset, in weeks before the end."""
    columns = np.full((3, rows.size, len(panel.kpis)), np.nan)
    for k, values in enumerate(readings.values):
        own = values[rows]
        for weeks in np.unique(onset):
            chosen = np.flatnonzero(onset == weeks)
            means = kpi_steps.kpi_means(own[chosen], len(panel.weeks), int(weeks), LOOKBACK)
            for column, mean in zip(columns, means, strict=True):
                column[chosen, k] = mean
    return KpiMeans(*columns)


def kpi_moves(panel: Panel, prepared: PreparedPanel, company: CompanyModel, rows: Ints) -> KpiMoves:
    """For each of ``rows`` and each metric the clearest fall, where one is clear at all."""
    parts = []
    for k, steps in enumerate(prepared.contrasts.kpi_steps):
        scale = np.array([null.scale for null in company.nulls.kpis[k]])
        with np.errstate(invalid="ignore"):
            z = steps.size[rows] / (steps.se[rows] * scale)
        z_or_inf = np.where(np.isfinite(z), z, np.inf)
        lowest = z_or_inf.argmin(1)
        moved = z_or_inf[np.arange(rows.size), lowest]
        clear = np.flatnonzero(moved <= -WORSENED)
        means = kpi_means_of(panel, prepared.readings, rows[clear], ONSET_WEEKS[lowest[clear]])
        measured = np.isfinite(means.before[:, k]) & np.isfinite(means.after[:, k])
        clear, before, after = clear[measured], means.before[measured, k], means.after[measured, k]
        parts.append((rows[clear], np.full(clear.size, k), ONSET_WEEKS[lowest[clear]], before, after, moved[clear]))
    if not parts:
        none, no_id = np.zeros(0), np.zeros(0, np.int64)
        return KpiMoves(no_id, no_id, no_id, none, none, none)
    return KpiMoves(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _named_kpi(panel: Panel, means: KpiMeans, kind: Ints, down: Floats, jump: Floats) -> Ints:
    """The metric that an entry names, −1 without one.

    For a fall of sentiment the first in the catalogue of the metrics on target that surely did not fall, else the one
    that most surely fell, or jumped up. ``down``, ``jump``: log likelihood ratios (F, K).
    """
    if not panel.kpis:
        return np.full(kind.shape, -1)
    measured, on_target = _eligible(panel, means)
    ranked = {Metric.WORSENED: (down, measured), Metric.JUMPED: (jump, measured), Metric.HELD: (-down, on_target)}
    named = np.full(kind.shape, -1)
    for i, name in enumerate(ALL_KINDS):
        ratio, eligible = ranked[name.claim.metric]
        sureness = np.where(eligible, ratio, -np.inf)
        if name.claim.metric is Metric.HELD:
            sureness = np.minimum(sureness, sureness.max(1, keepdims=True) - AS_SURELY)
        named = np.where(kind == i, np.where(eligible.any(1), sureness.argmax(1), -1), named)
    return named.astype(np.int64)


def _eligible(panel: Panel, means: KpiMeans) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Metrics that were measured on both sides, and those of them that are on target now or have none, each (F, K)."""
    measured = np.isfinite(means.before) & np.isfinite(means.after)
    on_target = measured.copy()
    for k, kpi in enumerate(panel.kpis):
        if kpi.target is not None:
            on_target[:, k] &= kpi.sign * (means.after[:, k] - kpi.target) >= 0
    return measured, on_target


def _plausible(
    eligible: tuple[NDArray[np.bool_], NDArray[np.bool_]], of_kind: Floats, down: Floats, jump: Floats
) -> NDArray[np.object_]:
    """Kinds that hold a twentieth of a contradiction's probability or more, ``of_kind`` (F, 4), each with the metrics
    that are within a likelihood ratio of twenty of what it claims; −1 where none is."""
    measured, on_target = eligible
    held = on_target & (down < IMPLAUSIBLE)
    worsened, jumped = (
        measured & (ratio >= np.where(measured, ratio, -np.inf).max(1, initial=-np.inf, keepdims=True) - IMPLAUSIBLE)
        for ratio in (down, jump)
    )
    of_claim = {Metric.HELD: held, Metric.WORSENED: worsened, Metric.JUMPED: jumped}
    share = of_kind / of_kind.sum(1, keepdims=True)
    plausible = objects([()] * len(share))
    for i in range(len(share)):
        plausible[i] = tuple(
            (kind, int(k))
            for j, kind in enumerate(ALL_KINDS)
            if share[i, j] >= np.exp(-IMPLAUSIBLE)
            for k in (np.flatnonzero(of_claim[kind.claim.metric][i]).tolist() or [-1])
        )
    return plausible


def _agreeing_kpis(contrast: Contrasts, kpi_scale: Floats, kind: Ints) -> NDArray[np.object_]:
    """Metrics that clearly moved the way the feedback says they should have; ``contrast``: (F, 1)."""
    sign = _FEEDBACK_SIDE[kind]
    clear = np.zeros((kind.size, len(contrast.kpi_steps)), bool)
    for k, steps in enumerate(contrast.kpi_steps):
        with np.errstate(invalid="ignore"):
            clear[:, k] = sign * steps.size[:, 0] > CLEARLY * steps.se[:, 0] * kpi_scale[k]
    agreeing = objects([()] * kind.size)
    for i in np.flatnonzero(clear.any(1)):
        agreeing[i] = tuple(int(k) for k in np.flatnonzero(clear[i]))
    return agreeing


def _mean_before(observations: Observations, panel: Panel, company: CompanyModel, rows: Ints, onset: Ints) -> Floats:
    """Precision-weighted mean of the observations of each of ``rows`` before its onset, in standard deviations."""
    n, end = len(panel.customers), len(panel.weeks)
    since = np.full(n, -1)
    since[rows] = end - onset
    process = company.process
    weight = 1 / (process.trust * observations.noise + process.wander + process.week)
    weight = weight * ((observations.week < since[observations.customer]) & (observations.week >= end - LOOKBACK))
    total, weights = (
        np.bincount(observations.customer, x, minlength=n)[rows].astype(float)
        for x in (weight * observations.y, weight)
    )
    return np.asarray(np.divide(total, weights, out=np.zeros_like(total), where=weights > 0), dtype=float)
