import numpy as np
import pytest

from voc.detection.hypotheses.hypotheses import HYPOTHESES, IS_CONTRADICTION
from voc.detection.hypotheses.priors import learn_priors

NAMES = [hypothesis.name for hypothesis in HYPOTHESES]
PRIOR = np.array([hypothesis.prior for hypothesis in HYPOTHESES])
THOUGHT = PRIOR[IS_CONTRADICTION].sum()


def company(n: int, **clear: int) -> np.ndarray:
    """Customers of whom nothing happened to most, and as many as said clearly had another story."""
    log_ratios = np.where(np.arange(len(HYPOTHESES)) > 0, -1.0, 0.0) * np.ones((n, 1))
    first = 0
    for name, count in clear.items():
        log_ratios[first : first + count, NAMES.index(name.replace("_", " "))] = 12.0
        first += count
    return log_ratios


def test_priors_of_harmless_hypotheses_are_learned_and_those_of_common_contradictions_stay():
    learned = learn_priors(company(3000, both_rose=900, only_the_customer_fell=600))
    assert learned.sum() == pytest.approx(1)
    assert np.array_equal(learned[IS_CONTRADICTION], PRIOR[IS_CONTRADICTION])
    assert learned[NAMES.index("both rose")] > 0.2


def test_contradictions_are_rarer_where_hardly_any_is_seen_all_kinds_alike():
    learned = learn_priors(company(3000, both_rose=100))[IS_CONTRADICTION]
    assert learned.sum() < 0.2 * THOUGHT
    assert np.allclose(learned / learned.sum(), PRIOR[IS_CONTRADICTION] / THOUGHT)


def test_a_few_customers_cannot_tell_that_contradictions_are_rare():
    assert np.allclose(learn_priors(company(0)), PRIOR / PRIOR.sum(), atol=0.01)
    assert learn_priors(company(60))[IS_CONTRADICTION].sum() == pytest.approx(THOUGHT)


def test_the_rarer_they_are_the_smaller_their_share():
    seen = [learn_priors(company(3000, only_the_customer_fell=n))[IS_CONTRADICTION].sum() for n in (0, 10, 20, 150)]
    assert seen == sorted(seen)
    assert seen[0] < seen[1] < seen[3] == pytest.approx(THOUGHT)
