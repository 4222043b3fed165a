"""What metrics lead one to expect of what is said: a planted coupling is found, and none where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from support.simulated_observations import WEEKS, remembered, simulated

from voc.detection.process.expected_sentiment import Coupling, learn_coupling
from voc.detection.process.satisfaction_process import Process

CALM = Process(trust=1.0, week=0.0, person=0.0, wander=0.1, persistence=0.9, level=0.75)
N = 500


@pytest.fixture(scope="module")
def observations():
    return simulated(np.random.default_rng(1), CALM, n=N)


@pytest.fixture(scope="module")
def readings():
    """Two unrelated metrics."""
    return remembered(np.random.default_rng(2), (2, N, WEEKS), 0.9)


def felt(x, lag):
    return np.concatenate([np.zeros((N, lag)), x[:, : WEEKS - lag]], axis=1)


@pytest.mark.parametrize("lag", [0, 2, 4])
@pytest.mark.parametrize("size", [0.4, -0.4])
def test_a_coupling_is_found_with_its_sign_and_size_whatever_the_lag(observations, readings, size, lag):
    pull = size * felt(readings[0], lag)
    follows = replace(observations, y=observations.y + pull[observations.customer, observations.week])
    learned = learn_coupling(list(readings), follows, CALM, N)
    expected, of_other = (learned.expected(k, readings[k])[:, 20:].ravel() for k in (0, 1))
    truth = (pull - pull.mean(1, keepdims=True))[:, 20:].ravel()
    assert np.corrcoef(expected, truth)[0, 1] > 0.8
    assert expected @ truth / (truth @ truth) == pytest.approx(0.9, abs=0.3)  # shrunken, the more the later it is felt
    assert of_other.std() < 0.2 * truth.std()


def test_nothing_is_expected_of_unrelated_metrics(observations, readings):
    learned = learn_coupling(list(readings), observations, CALM, N)
    for k in (0, 1):
        assert learned.expected(k, readings[k]).std() < 0.06


def test_that_contented_customers_have_better_metrics_is_no_coupling(observations, readings):
    level = np.random.default_rng(3).normal(size=N)
    better = [x + 3 * level[:, None] for x in readings]
    learned = learn_coupling(
        better, replace(observations, y=observations.y + 2 * level[observations.customer]), CALM, N
    )
    assert learned.expected(0, better[0]).std() < 0.06


def test_without_readings_nothing_is_expected(observations, readings):
    learned = learn_coupling(
        [readings[0]], replace(observations, y=readings[0][observations.customer, observations.week]), CALM, N
    )
    gappy = readings[0].copy()
    gappy[3] = np.nan
    gappy[4, :50] = np.nan
    expected = learned.expected(0, gappy)
    assert np.isfinite(expected).all()
    assert not expected[3].any()
    assert learned.expected(0, gappy[:0]).shape == (0, WEEKS)
    assert learn_coupling([], observations, CALM, N) == Coupling(())


def test_expectations_are_around_the_customers_own_mean(observations, readings):
    learned = learn_coupling(
        [readings[0]], replace(observations, y=readings[0][observations.customer, observations.week]), CALM, N
    )
    assert np.allclose(learned.expected(0, readings[0] + 5).mean(1), 0)
