"""Intervals of starts, from likelihoods whose law is known."""

import numpy as np
import pytest

from voc.detection.process.start_interval import (
    EARLIEST,
    IS_GRADUAL,
    LATEST,
    LOG_PRIOR,
    MASS,
    START_WEEKS,
    STARTS,
    interval,
)

ALL = np.ones((1, len(STARTS)), bool)
STEPS = np.flatnonzero(~IS_GRADUAL)


def log_weight(by_week, shape=1):
    """Of starts of one shape, all others impossible."""
    ramp = np.array([start.ramp for start in STARTS])
    log = np.full((1, len(STARTS)), -np.inf)
    for weeks, weight in by_week.items():
        log[0, (weeks == START_WEEKS) & (ramp == shape)] = np.log(weight)
    return log


def told(by_week, usable=ALL, shape=1):
    found = interval(log_weight(by_week, shape), usable)
    return int(START_WEEKS[found.likeliest[0]]), int(found.first[0]), int(found.last[0])


def test_it_is_the_shortest_run_of_weeks_with_nineteen_in_twenty():
    assert told({10: 1.0}) == (10, 10, 10)
    assert told({9: 0.02, 10: 0.5, 11: 0.45, 12: 0.03}) == (10, 11, 10)
    assert told({5: 0.04, 10: 0.5, 11: 0.42, 30: 0.04}) == (10, 11, 5)
    assert told({LATEST: 0.5, EARLIEST: 0.5}) == (LATEST, EARLIEST, LATEST)


def test_a_start_with_too_little_on_one_side_is_not_named_unless_there_is_no_other():
    usable = ALL & (START_WEEKS > 3)
    assert told({2: 0.7, 4: 0.3}, usable) == (4, 4, 2)
    assert told({2: 0.7, 4: 0.3}, ALL & False) == (2, 4, 2)


@pytest.mark.parametrize(("gradual", "said"), [(0.8, True), (0.7, False)])
def test_it_came_gradually_by_three_to_one(gradual, said):
    log = np.logaddexp(log_weight({10: 1 - gradual}), log_weight({12: gradual}, shape=6)) - LOG_PRIOR
    assert bool(interval(log, ALL).is_gradual[0]) is said


def test_it_holds_the_start_as_often_as_it_says():
    """Steps in independent noise, whose likelihood is known exactly."""
    rng, n = np.random.default_rng(4), 3000
    true = rng.integers(LATEST, EARLIEST + 1, n)
    week = np.arange(104)
    x = rng.normal(size=(n, week.size)) - 1.2 * (week >= 104 - true[:, None])
    heights = np.array([STARTS[i].height(week, 104) for i in STEPS])
    log = np.full((n, len(STARTS)), -np.inf)
    log[:, STEPS] = -1.2 * x @ heights.T - 1.2**2 * heights.sum(1) / 2
    found = interval(log, np.ones(log.shape, bool))
    held = (found.last <= true) & (true <= found.first)
    assert held.mean() >= MASS - 0.01
    assert held.mean() < 0.995
    assert np.median(found.first - found.last + 1) < 12


def test_nothing_seen_is_as_likely_gradual_as_not_and_anywhere():
    found = interval(np.zeros((1, len(STARTS))), ALL)
    assert not found.is_gradual[0]
    assert found.first[0] - found.last[0] + 1 > 0.8 * (EARLIEST - LATEST + 1)
