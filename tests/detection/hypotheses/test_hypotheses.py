"""Stories that compete: their weights, what calm is, and what a company learns of how common they are."""

from dataclasses import fields

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import t as student

from voc.detection.hypotheses import hypotheses
from voc.detection.hypotheses.hypotheses import ALL_KINDS, HYPOTHESES, IS_CONTRADICTION, OF_KIND, Null
from voc.detection.process.effect_sizes import SENTIMENT_FALL
from voc.detection.process.kpi_steps import KpiSteps
from voc.detection.process.satisfaction_process import SentimentSteps
from voc.domain.kinds import Kind

PRIOR = np.array([hypothesis.prior for hypothesis in HYPOTHESES])
NAMES = [hypothesis.name for hypothesis in HYPOTHESES]
NULL, ONSETS = Null(1.0, 30.0), 3


def steps(**columns):
    """Steps of one customer; what is not given is 0."""
    return SentimentSteps(**{f.name: np.zeros((1, ONSETS)) for f in fields(SentimentSteps)} | columns)


def likeliest(said, residual, kpis):
    """Name of the likeliest story of one customer from steps in standard errors of .3, and metrics' moves likewise."""
    size, beyond = np.full((1, ONSETS), said), np.full((1, ONSETS), residual)
    se, enough = np.full((1, ONSETS), 0.3), np.full((1, ONSETS), 9.0)
    sentiment = hypotheses.sentiment_ratios(
        steps(size=size, residual=beyond, se=se, after=enough, before=enough), NULL, NULL
    )
    kpi_steps = [KpiSteps(np.full((1, ONSETS), moved), se, se) for moved in kpis]
    of = hypotheses.kpi_ratios(kpi_steps, [[NULL] * ONSETS] * len(kpis), (1, ONSETS))
    log_ratios = hypotheses.log_mean(hypotheses.log_likelihood_ratios(sentiment, of, np.full((1, ONSETS), -20.0)))
    return NAMES[hypotheses.posterior(log_ratios, PRIOR)[0].argmax()]


@pytest.mark.parametrize(
    ("said", "residual", "kpis", "name"),
    [
        (0.0, 0.0, (0, 0, 0), "nothing happened"),
        (-1.6, -1.6, (0, 0, 0), "only the customer fell"),
        (-1.6, -1.0, (-2.2, -2.0, -2.4), "both fell"),
        (1.6, 1.0, (2.2, 2.0, 2.4), "both rose"),
        (1.6, 1.6, (0, 0, 0), "only the customer rose"),
        (0.0, 0.0, (0, 0, 2.2), "only metrics rose"),
        (0.1, 0.5, (0, 0, -2.4), "only metrics fell"),
        (1.6, 1.6, (0, 0, -2.4), "metrics fell, the customer rose"),
        (-1.6, -1.8, (0, 0, 4.0), "a metric jumped up, the customer fell"),
    ],
)
def test_the_likeliest_story_is_the_one_that_happened(said, residual, kpis, name):
    assert likeliest(said, residual, kpis) == name


def test_priors_are_shares_and_every_kind_has_a_story():
    assert PRIOR.sum() == pytest.approx(1, abs=0.01)
    assert set(ALL_KINDS) == set(Kind)
    assert OF_KIND.any(1).all()
    assert np.array_equal(OF_KIND.any(0), IS_CONTRADICTION)


def test_weights_of_hypotheses_sum_to_one_however_extreme_the_evidence():
    rng = np.random.default_rng(1)
    log_ratios = np.concatenate([rng.normal(0, 5, (50, len(HYPOTHESES))), rng.normal(0, 1e4, (50, len(HYPOTHESES)))])
    weights = hypotheses.posterior(log_ratios, PRIOR)
    assert np.allclose(weights.sum(1), 1, atol=1e-12)
    assert (weights >= 0).all()
    odds = hypotheses.log_odds(log_ratios, PRIOR)
    assert np.isfinite(odds).all()
    assert np.allclose(expit(odds), weights[:, IS_CONTRADICTION].sum(1), atol=1e-9)


def test_where_nothing_is_known_the_weights_are_the_shares():
    """Neither voices nor readings: no story is likelier than before."""
    none, inf, nan = np.zeros((1, ONSETS)), np.full((1, ONSETS), np.inf), np.full((1, ONSETS), np.nan)
    sentiment = hypotheses.sentiment_ratios(
        steps(size=none, residual=none, se=inf, after=none, before=none), NULL, NULL
    )
    kpis = hypotheses.kpi_ratios([KpiSteps(nan, nan, nan)] * 2, [[NULL] * ONSETS] * 2, (1, ONSETS))
    log_ratios = hypotheses.log_mean(hypotheses.log_likelihood_ratios(sentiment, kpis, none))
    assert np.allclose(hypotheses.posterior(log_ratios, PRIOR), PRIOR / PRIOR.sum(), atol=1e-9)


@pytest.mark.parametrize("freedom", [5.0, 100.0])
@pytest.mark.parametrize("scale", [0.8, 1.5])
def test_the_scale_of_calm_is_recovered(scale, freedom):
    z = scale * np.random.default_rng(2).standard_t(freedom, 20_000)
    learned = hypotheses.learn_null(z)
    assert learned.scale == pytest.approx(scale, rel=0.05)
    assert abs(np.log(learned.freedom / freedom)) <= np.log(4)


def test_real_steps_among_the_calm_ones_hardly_widen_it():
    """Its ninth decile, that is; how heavy its tails are is another matter."""
    spoiled = np.random.default_rng(3).normal(size=20_000)
    spoiled[:1000] -= 8.0
    learned = hypotheses.learn_null(spoiled)
    assert learned.scale * student.ppf(0.95, learned.freedom) == pytest.approx(1.645, rel=0.2)
    assert spoiled.std() > 1.9


def test_too_few_calm_steps_are_taken_as_normal():
    assert hypotheses.learn_null(np.r_[np.zeros(99), np.full(500, np.nan)]) == Null()


def test_a_step_against_the_sign_or_far_from_the_size_is_unlikely():
    se = np.full(4, 0.2)
    steps = np.array([-1.4, -0.05, 1.4, np.nan])
    ratio = hypotheses.effect_log_ratio(steps, se, NULL, -1, SENTIMENT_FALL, hypotheses.log_t(steps, se, NULL))
    assert ratio[0] > 5
    assert ratio[1] < 0
    assert ratio[2] < ratio[1]
    assert ratio[3] == 0


def test_one_metric_that_fell_is_found_among_many_that_did_not():
    ratios = np.full((1, 6, 1), -3.0)
    assert hypotheses.any_kpi_log_ratio(ratios, hypotheses.ALONE_ODDS)[0, 0] < 0
    ratios[0, 4] = 9.0
    assert hypotheses.any_kpi_log_ratio(ratios, hypotheses.ALONE_ODDS)[0, 0] > 5
    assert not hypotheses.any_kpi_log_ratio(ratios[:, :0], hypotheses.ALONE_ODDS).any()


@pytest.mark.parametrize("freedom", [3.0, 10.0, 100.0])
@pytest.mark.parametrize("wandering", [0.6, 1.0, 1.5])
def test_a_metric_that_held_or_rose_by_its_readings_did_not_fall_however_widely_it_wanders(freedom, wandering):
    """A few monthly readings: the null is wide as the metric wanders, but what was read was read."""
    steps = np.array([[0.4, 0.0, -0.3, -2.5]])
    noise = np.full(steps.shape, 0.2)
    moved = KpiSteps(steps, np.sqrt(noise**2 + wandering**2), noise)
    down = hypotheses.kpi_ratios([moved], [[Null(1.0, freedom)] * 4], steps.shape).down[0, 0]
    assert (down[:2] < -2.0).all()
    assert down[2] < 0 < down[3]


def test_a_metric_whose_readings_say_nothing_neither_fell_nor_held():
    wide = np.full((1, ONSETS), 20.0)
    down = hypotheses.kpi_ratios([KpiSteps(0 * wide, wide, wide)], [[NULL] * ONSETS], (1, ONSETS)).down
    assert (np.abs(down) < 0.2).all()
