"""How many of a group fell at least."""

import numpy as np
import pytest

from voc.detection.groups.enumeration import fell_at_least


@pytest.mark.parametrize(("n", "n_fell", "fall"), [(60, 0, 0.0), (270, 60, 1.5), (60, 30, 2.0), (2000, 200, 3.0)])
def test_the_bound_holds_in_nineteen_of_twenty(n, n_fell, fall):
    rng, held = np.random.default_rng(1), 0
    for _ in range(400):
        z = rng.normal(size=n)
        z[:n_fell] -= fall
        held += fell_at_least(z) <= n_fell
    assert held >= 0.95 * 400 - 9  # two standard errors of a share of 400


def test_it_says_how_many_where_that_is_plain():
    rng = np.random.default_rng(2)
    z = np.r_[rng.normal(-3, 1, 41), rng.normal(0, 1, 229)]
    assert 15 <= fell_at_least(z) <= 41
    assert fell_at_least(np.full(60, -6.0)) == 60
    assert fell_at_least(np.zeros(0)) == 0
    assert fell_at_least(np.full(30, 2.0)) == 0
