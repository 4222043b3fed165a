"""Learning: the company from its customers, from what was known when the four-week block began."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses import hypotheses
from voc.detection.hypotheses.company_model import Company, Nulls
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts, own_kpi_steps
from voc.detection.hypotheses.hypotheses import Null
from voc.detection.hypotheses.posterior import likelihoods_of
from voc.detection.hypotheses.priors import learn_priors
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.channel_reliability import learn_channel_reliability, satisfaction_sd
from voc.detection.inputs.observations import observe
from voc.detection.panel import Panel
from voc.detection.process import expected_sentiment, kpi_steps, satisfaction_process
from voc.detection.process.onsets import ONSETS

Floats = NDArray[np.float64]

PAST = (26, 36)
"""Weeks before the end of the two windows that calm is learned from: nothing that is still running began before the
first, and the second's steps overlap with little of the first's."""
FIT_CUSTOMERS, FIT_ITEMS = 10_000, 400_000
"""As many customers, evenly spaced, are learned from, or more until there are so many items: a share of one in a
thousand is then known to a third of itself, and no constant changes by a tenth when another ten thousand are added."""


def learn_company(panel: Panel, weeks_before: int, least: int) -> tuple[Company, Floats]:
    """The company, and the log odds of a contradiction in its calm history, ascending.

    weeks_before: of readings that a metric needs before a start; least: voices on each side of one.
    """
    panel = _sample(panel)
    n, w = len(panel.customers), len(panel.weeks)
    channel_reliability = learn_channel_reliability(panel)
    observations = observe(panel, channel_reliability)
    scales = kpi_normalisation.learn_scales(panel)
    read = [kpi_normalisation.comparable(panel, k, scale)[:2] for k, scale in enumerate(scales)]
    memories = tuple(kpi_steps.learn_memory(x) for x, _ in read)
    process = satisfaction_process.learn_process(observations, n, w)
    coupled = expected_sentiment.learn_coupling([x for x, _ in read], observations, process, n)
    expected = np.zeros((n, w))
    for k, (x, _) in enumerate(read):
        expected += coupled.expected(k, x)
    observations = replace(observations, expected=expected[observations.customer, observations.week])
    process = satisfaction_process.learn_process(observations, n, w)
    ends = [w, *(w - weeks for weeks in PAST if w - weeks > weeks_before)]
    contrasts = []
    for end in ends:
        steps_of_kpi = tuple(
            own_kpi_steps(x, common, memory, kpi.cadence, end, weeks_before)
            for (x, common), memory, kpi in zip(read, memories, panel.kpis, strict=True)
        )
        contrasts.append(
            Contrasts(satisfaction_process.steps(observations, process, n, end, ONSETS, LOOKBACK), steps_of_kpi)
        )
    company = Company(
        channel_reliability=channel_reliability,
        sd=satisfaction_sd(panel, channel_reliability),
        centre=float(panel.sentiment.mean()) if panel.sentiment.size else 0.0,
        process=process,
        scales=scales,
        memories=memories,
        coupling=coupled,
        nulls=_nulls(contrasts[1:], len(panel.kpis), least),
        priors=(),
    )
    log_ratios = [
        likelihoods_of(of, observations, end, company, least).log_ratios[of.judged(least) & (panel.first_week < end)]
        for of, end in zip(contrasts, ends, strict=True)
    ]
    company = replace(company, priors=tuple(float(share) for share in learn_priors(log_ratios[0])))
    calm = np.concatenate([np.zeros((0, len(hypotheses.HYPOTHESES))), *log_ratios[1:]])
    return company, np.sort(hypotheses.log_odds(calm, np.asarray(company.priors)))


def _sample(panel: Panel) -> Panel:
    n, m = len(panel.customers), len(panel.item_id)
    wanted = max(FIT_CUSTOMERS, int(n * FIT_ITEMS / max(m, 1)))
    return panel if n <= wanted else panel.of(np.arange(wanted) * n // wanted)


def _nulls(past: Sequence[Contrasts], n_kpis: int, least: int) -> Nulls:
    """From calm steps; those of customers with at least ``least`` voices on both sides tell of what was said."""
    observations, beyond = [np.zeros(0)], [np.zeros(0)]
    for contrasts in past:
        has_observations = contrasts.has_observations(least)
        observations.append((contrasts.steps.size / contrasts.steps.se)[has_observations])
        beyond.append((contrasts.steps.residual / contrasts.steps.se)[has_observations])
    of_metrics = []
    for k in range(n_kpis):
        calm = np.concatenate(
            [
                np.zeros((0, len(ONSETS))),
                *(contrasts.kpi_steps[k].size / contrasts.kpi_steps[k].se for contrasts in past),
            ]
        )
        of = [hypotheses.learn_null(calm[:, o]) for o in range(len(ONSETS))]
        freedom = float(np.median([null.freedom for null in of]))
        of_metrics.append(tuple(Null(null.scale, freedom) for null in of))
    of_said, of_left = (hypotheses.learn_null(np.concatenate(z)) for z in (observations, beyond))
    return Nulls(of_said, of_left, tuple(of_metrics))
