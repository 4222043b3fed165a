"""Fitting: the company model from its customers, from what was known when the four-week block began."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import hypotheses
from voc.detection.hypotheses.company_model import CompanyModel, Nulls
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts, own_kpi_steps
from voc.detection.hypotheses.hypotheses import Null
from voc.detection.hypotheses.posterior import likelihoods_of
from voc.detection.hypotheses.priors import learn_priors
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.channel_reliability import learn_channel_reliability, satisfaction_sd
from voc.detection.inputs.observations import Observations, observe
from voc.detection.panel import Panel
from voc.detection.process import expected_sentiment, kpi_steps, satisfaction_process
from voc.detection.process.kpi_steps import Memory
from voc.detection.process.onsets import ONSETS
from voc.detection.process.satisfaction_process import Process

Floats = NDArray[np.float64]

PAST = (26, 36, 46, 56, 66)
"""Weeks before the end at which the windows end that the nulls are learned from. Nothing that is still running began
before the first, and each one's steps overlap with little of the next's."""
ALWAYS_PAST = 2
"""Of the past windows these are always learned from, older ones only as long as there are too few comparisons."""
ENOUGH_PAST = 200
"""Past comparisons: p-values are then known to half a percent, and the ninth decile that sets a null's scale to a
tenth."""
WAITING_STEP = 4
"""Weeks: a model is learned anew once in so many."""
FIT_CUSTOMERS, FIT_ITEMS = 10_000, 400_000
"""Number of customers, evenly spaced, that the model is learned from, or more until they have so many items: a prior of
one in a thousand is then known to a third of itself, and no constant changes by a tenth when another ten thousand are
added."""


def learn_company(panel: Panel, weeks_before: int, least: int) -> tuple[CompanyModel, Floats]:
    """The company model, and the log odds of a contradiction in its past windows (the null), ascending.

    weeks_before: weeks' worth of readings that a metric needs before an onset; least: observations needed on each side.
    """
    panel = _sample(panel)
    n, w = len(panel.customers), len(panel.weeks)
    channel_reliability = learn_channel_reliability(panel)
    observations = observe(panel, channel_reliability)
    readings = kpi_normalisation.correct_units(panel)
    scales = kpi_normalisation.learn_scales(panel, readings)
    metrics = [kpi_normalisation.comparable(panel, readings, k, scale) for k, scale in enumerate(scales)]
    memories = tuple(kpi_steps.learn_memory(x) for x, _ in metrics)
    process = satisfaction_process.learn_process(observations, n, w)
    coupling = expected_sentiment.learn_coupling([x for x, _ in metrics], observations, process, n)
    expected = np.zeros((n, w))
    for k, (x, _) in enumerate(metrics):
        expected += coupling.expected(k, x)
    observations = replace(observations, expected=expected[observations.customer, observations.week])
    process = satisfaction_process.learn_process(observations, n, w)
    ends = [w, *(w - weeks for weeks in PAST if w - weeks > weeks_before)]
    windows: list[Contrasts] = []
    n_past = 0
    for end in ends:
        if len(windows) > ALWAYS_PAST and n_past >= ENOUGH_PAST:
            break
        windows.append(_contrasts_at(end, panel, observations, process, metrics, memories, weeks_before))
        n_past += int(_is_compared(windows[-1], panel, end, least).sum()) if end < w else 0
    company = CompanyModel(
        channel_reliability=channel_reliability,
        sd=satisfaction_sd(panel, channel_reliability),
        centre=float(panel.sentiment.mean()) if panel.sentiment.size else 0.0,
        process=process,
        scales=scales,
        memories=memories,
        coupling=coupling,
        nulls=_nulls(windows[1:], len(panel.kpis), least),
        priors=(),
    )
    log_ratios = []
    for contrasts, end in zip(windows, ends, strict=False):
        likelihoods = likelihoods_of(contrasts, observations, end, company, least)
        log_ratios.append(likelihoods.log_ratios[_is_compared(contrasts, panel, end, least)])
    company = replace(company, priors=tuple(float(prior) for prior in learn_priors(log_ratios[0])))
    past = np.concatenate([np.zeros((0, len(hypotheses.HYPOTHESES))), *log_ratios[1:]])
    return company, np.sort(hypotheses.log_odds(past, np.asarray(company.priors)))


def weeks_to_calibration(panel: Panel, company: CompanyModel, weeks_before: int, least: int, needed: int) -> int | None:
    """Weeks until there are ``needed`` comparisons in calm history, if feeds go on as now; None if never at this rate.

    In so many weeks the past windows end that much later. What is comparable at the newest week stands for what is yet
    to come. None too if the company is as comparable now as it will be and that is not enough.
    """
    panel = _sample(panel)
    w, observations = len(panel.weeks), observe(panel, company.channel_reliability)
    readings = kpi_normalisation.correct_units(panel)
    metrics = [kpi_normalisation.comparable(panel, readings, k, scale) for k, scale in enumerate(company.scales)]

    @cache
    def comparable(end: int) -> int:
        contrasts = _contrasts_at(end, panel, observations, company.process, metrics, company.memories, weeks_before)
        return int(_is_compared(contrasts, panel, end, least).sum())

    for weeks in range(WAITING_STEP, max(PAST) + WAITING_STEP, WAITING_STEP):
        ends = (min(w, w + weeks - back) for back in PAST)
        if sum(comparable(end) for end in ends if end > weeks_before) >= needed:
            return weeks
    return None


def _contrasts_at(
    end: int,
    panel: Panel,
    observations: Observations,
    process: Process,
    metrics: Sequence[tuple[Floats, Floats]],
    memories: Sequence[Memory],
    weeks_before: int,
) -> Contrasts:
    """The contrasts of all customers as of week ``end`` (exclusive); metrics: comparable, with the common movement."""
    steps_of_kpis = tuple(
        own_kpi_steps(x, common, memory, kpi.cadence, end, weeks_before)
        for (x, common), memory, kpi in zip(metrics, memories, panel.kpis, strict=True)
    )
    steps = satisfaction_process.steps(observations, process, len(panel.customers), end, ONSETS, LOOKBACK)
    return Contrasts(steps, steps_of_kpis)


def _is_compared(contrasts: Contrasts, panel: Panel, end: int, least: int) -> NDArray[np.bool_]:
    """Customers that can be compared as of week ``end``."""
    return np.asarray(contrasts.is_judged(least) & (panel.first_week < end), dtype=bool)


def _sample(panel: Panel) -> Panel:
    n, m = len(panel.customers), len(panel.item_id)
    wanted = max(FIT_CUSTOMERS, int(n * FIT_ITEMS / max(m, 1)))
    return panel if n <= wanted else panel.of(np.arange(wanted) * n // wanted)


def _nulls(past: Sequence[Contrasts], n_kpis: int, least: int) -> Nulls:
    """From the steps of past windows; sentiment's from onsets with ``least`` observations on both sides."""
    sentiment, residual = [np.zeros(0)], [np.zeros(0)]
    for contrasts in past:
        is_known = contrasts.has_observations(least)
        sentiment.append((contrasts.steps.size / contrasts.steps.se)[is_known])
        residual.append((contrasts.steps.residual / contrasts.steps.se)[is_known])
    kpis = []
    for k in range(n_kpis):
        of_kpi = [contrasts.kpi_steps[k] for contrasts in past]
        z = np.concatenate([np.zeros((0, len(ONSETS))), *(steps.size / steps.se for steps in of_kpi)])
        nulls = [hypotheses.learn_null(z[:, o]) for o in range(len(ONSETS))]
        freedom = float(np.median([null.freedom for null in nulls]))
        kpis.append(tuple(Null(null.scale, freedom) for null in nulls))
    sentiment_null, residual_null = (hypotheses.learn_null(np.concatenate(z)) for z in (sentiment, residual))
    return Nulls(sentiment_null, residual_null, tuple(kpis))
