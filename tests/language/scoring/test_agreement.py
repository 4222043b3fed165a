"""The zero-label scorer beside people and the packages, on real comments; the benchmark reads and counts."""

import runpy
import sys

import numpy as np
import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))  # it shares its sets with other benchmarks
BENCHMARK = runpy.run_path(str(ROOT / "benchmarks/lexicon.py"))


@pytest.fixture(scope="module", params=["tweets", "nhs", "olist"])
def sample(request, real_data):
    return BENCHMARK[request.param](real_data)


def test_it_agrees_with_people_better_than_the_package_does(sample):
    low, _ = BENCHMARK["interval"](sample, sample.score().tone, BENCHMARK["package"](sample)())
    assert low > 0, "the 95 % interval of the gain in AUC lies above nothing"


def test_portuguese_is_told_warm_from_cold(real_data):
    orders = BENCHMARK["olist"](real_data)
    assert orders.auc(orders.score().tone) >= 0.87


def test_blocking_the_names_puts_the_airlines_in_the_order_people_put_them(real_data):
    tweets = BENCHMARK["tweets"](real_data)
    assert tweets.entity_correlation(tweets.score().tone) > 0.9
    assert tweets.entity_correlation(tweets.score(blocked=False).tone) < 0.6


def test_the_stated_error_and_scale_are_those_of_the_data(sample):
    tones = sample.score()
    scored = ~np.isnan(tones.tone)
    human, ours = sample.human[scored], tones.tone[scored]
    error = np.std(human - ours)
    assert error == pytest.approx(tones.tone_se[scored].mean(), abs=0.05)
    assert np.polyfit(ours, human, 1)[0] == pytest.approx(1.0, abs=0.25)


def test_guessing_the_language_refuses_hardly_any_text_of_a_covered_one(sample):
    guessed = sample.score(declared=False)
    assert np.mean(guessed.unscored_reason == "language_not_covered") < 0.001
