"""The larger a fall, the more it is believed, whatever was learned of calm weeks."""

from itertools import product

import numpy as np
import pytest

from voc.detection.hypotheses import hypotheses
from voc.detection.hypotheses.hypotheses import (
    FREEDOMS,
    HYPOTHESES,
    Null,
    effect_log_ratio,
    log_t,
)
from voc.detection.process.effect_sizes import KPI_JUMP, KPI_MOVE, SENTIMENT_FALL
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.kpi_steps import KpiSteps

PRIOR = np.array([hypothesis.prior for hypothesis in HYPOTHESES])
FALLS = np.geomspace(0.5, 12, 40)
NULLS = [Null(scale, freedom) for scale, freedom in product((0.3, 0.7, 1.0, 1.6, 3.0), FREEDOMS)]
SPLIT_UNTESTED = -20.0


@pytest.mark.parametrize("size", [SENTIMENT_FALL, KPI_MOVE, KPI_JUMP], ids=["sentiment", "metric", "jump"])
def test_a_larger_step_is_never_weaker_evidence(size):
    step = FALLS * max(1.0, size.least / FALLS[0])
    for null, error in product(NULLS, (0.05, 0.15, 0.28, 0.5, 1.0)):
        se = np.full(step.shape, error)
        ratio = effect_log_ratio(-step, se, null, -1, size, log_t(-step, se, null))
        assert (np.diff(ratio) > 0).all(), (null, error)


def score_of(fall, error, sentiment_null, residual_null, metric, metric_null):
    """The log odds of a contradiction of customers who fell by ``fall``, beside a metric that moved by ``metric``."""
    n, shape = fall.size, (fall.size, 1)
    steps = SentimentSteps(
        -fall[:, None], -fall[:, None], np.full(shape, error), np.full(shape, 9.0), np.full(shape, 9.0)
    )
    sentiment = hypotheses.sentiment_ratios(steps, sentiment_null, residual_null)
    kpis = hypotheses.kpi_ratios([KpiSteps(np.full(shape, metric), *np.full((2, *shape), 0.3))], [[metric_null]], shape)
    ratios = hypotheses.log_likelihood_ratios(sentiment, kpis, np.full((n, 1), SPLIT_UNTESTED))
    return hypotheses.log_odds(hypotheses.log_mean(ratios), PRIOR)


@pytest.mark.parametrize("scale", [0.3, 0.7, 1.0, 1.6, 3.0])
@pytest.mark.parametrize("metric", [0.0, 1.5, 4.0])
def test_the_score_of_a_fall_beside_a_metric_that_held_rises_with_the_fall(scale, metric):
    for of_sentiment, of_residual in product(FREEDOMS, FREEDOMS):
        nulls = Null(scale, of_sentiment), Null(scale, of_residual)
        score = score_of(FALLS, 0.28, *nulls, metric, Null(1.0, 5.0))
        assert score[-1] > score[0]
        # once it is sure that something fell, what is left is what the metric says; explanations that share the fall
        # may then trade places by three tenths of a power of ten
        assert (score >= np.maximum.accumulate(score) - 0.7).all()
