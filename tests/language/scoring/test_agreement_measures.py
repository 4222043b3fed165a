"""The measures of agreement beside scikit-learn's and beside simulation."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from voc.language.scoring.agreement import auc, auc_gain, balanced_accuracy, calibration_error

RNG = np.random.default_rng(3)


def draw(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, a good score with ties, and a worse one."""
    warm = rng.random(n) < 0.3
    return warm, np.round(warm + rng.normal(0, 1, n), 1), warm + rng.normal(0, 2, n)


def test_auc_and_balanced_accuracy_are_scikit_learns():
    warm, score, _ = draw(RNG, 400)
    assert auc(score, warm) == pytest.approx(roc_auc_score(warm, score))
    assert balanced_accuracy(score, warm, 0.4) == pytest.approx(balanced_accuracy_score(warm, score > 0.4))


def test_without_one_of_the_classes_there_is_no_auc():
    assert np.isnan(auc(np.arange(3.0), np.ones(3, bool)))


def test_the_error_of_a_gain_is_its_spread_over_samples():
    samples = [draw(RNG, 300) for _ in range(300)]
    found = [auc_gain(score, worse, warm, np.arange(300)) for warm, score, worse in samples]
    gains, errors = np.array(found).T
    assert np.mean(errors) == pytest.approx(np.std(gains), rel=0.15)


def test_respondents_who_repeat_themselves_do_not_make_it_surer():
    warm, score, worse = draw(RNG, 200)
    _, alone = auc_gain(score, worse, warm, np.arange(200))
    _, repeated = auc_gain(*(np.repeat(x, 5) for x in (score, worse, warm)), np.repeat(np.arange(200), 5))
    assert repeated == pytest.approx(alone, rel=0.02)


def test_calibrated_probabilities_are_hardly_off_and_a_constant_lie_is():
    p = RNG.random(20_000)
    truth = (RNG.random(20_000) < p).astype(float)
    assert calibration_error(p, truth) < 0.015
    assert calibration_error(np.clip(p + 0.2, 0, 1), truth) == pytest.approx(0.18, abs=0.03)
