"""The laws that uneven made-up companies share: sizes, histories, drifts, periods and noises."""

import numpy as np
import pytest
from worlds import noise
from worlds.changes import drift
from worlds.periods import complete, ends, mean, months, quarters
from worlds.uneven import LARGEST, SHORTEST, SMALLEST, Uneven, histories, moves, names, tailed

from voc.domain.kinds import Kind

CALENDAR = np.datetime64("2024-01-01") + 7 * np.arange(106)


def roles(rng: np.random.Generator, parts: dict[str, float]) -> Uneven:
    """Of 2,000 customers with three metrics, a tenth is planted and half are decoys."""
    n = 2000
    name = names(rng, np.arange(n), n, 0.1, 0.5, parts)
    size, moved, nought = tailed(rng, 0.6, n), tailed(rng, 0.6, n, 3), np.zeros(n, int)
    return moves(rng, name, np.full(n, 90), size, moved, rng.integers(0, 3, n), nought, nought)


@pytest.mark.parametrize("exponent", [0.6, 1.3])
def test_sizes_reach_from_the_smallest_to_the_largest_and_most_are_small(exponent):
    size = tailed(np.random.default_rng(1), exponent, 20_000)
    assert size.min() == pytest.approx(SMALLEST, abs=0.01)
    assert size.max() == pytest.approx(LARGEST, abs=0.1)
    assert np.median(size) < 2
    assert 0.01 < (size > 5).mean() < 0.2


def test_a_planted_metric_moves_by_a_size_its_own_way_and_no_other_does():
    of = roles(np.random.default_rng(2), {"agreed_decline": 1})
    for kind, sign in ((Kind.SILENT_RISK, -1), (Kind.GAMED_METRIC, 1)):
        rows = of.rows(kind)
        named = sign * of.kpi_size[rows, of.kpi[rows]]
        assert SMALLEST <= named.min() < 2
        assert 5 < named.max() <= LARGEST
        moved = (of.kpi_size[rows] != 0).sum(1)
        np.testing.assert_array_equal(moved, 1 + (of.also[rows] >= 0))
    assert not of.kpi_size[of.rows(Kind.WATERMELON)].any()
    assert (of.kpi_size[of.rows("agreed_decline")].min(1) <= -1.2).all()


def test_a_move_begins_in_its_week_and_is_whole_within_its_rise():
    of = roles(np.random.default_rng(3), {"thin": 1})
    rows = of.rows("thin")
    shape = of.shape(rows, 110)
    assert not shape[:, :90].any()
    assert (shape[:, 90] > 0).all()
    np.testing.assert_array_equal((shape < 1).sum(1), 90 + of.rise[rows] - 1)


def test_histories_begin_at_any_time_and_last_the_shortest_at_least():
    company = histories(np.random.default_rng(4), 5000, 160)
    lasts = company.last - company.first + 1
    assert lasts.min() == SHORTEST
    assert 0.35 < (company.first == 0).mean() < 0.45
    assert 0.01 < (company.last < 159).mean() < 0.03


def test_a_drift_falls_a_little_every_week():
    rng = np.random.default_rng(5)
    of = roles(rng, {"slow_drift": 1})
    mood, z = np.zeros((2000, 160)), np.zeros((2000, 3, 160))
    drift(rng, of, mood, z, np.ones((2000, 3)), 1.0)
    fallen = np.concatenate([mood[mood.any(1)], z[z.any(2)]])
    assert len(fallen) == of.rows("slow_drift").size
    steps = np.diff(fallen, axis=1)
    assert steps.max() <= 0
    assert steps.min() > -0.1
    assert fallen[:, -1].max() < -0.4
    assert set(np.flatnonzero(mood.any(1))) <= set(of.rows("slow_drift"))


def test_months_and_quarters_end_where_the_calendar_says():
    assert ends(CALENDAR, months).sum() == 24
    np.testing.assert_array_equal(
        CALENDAR[ends(CALENDAR, quarters)][:2], np.array(["2024-03-25", "2024-06-24"], "M8[D]")
    )


def test_a_period_counts_only_for_who_was_there_from_its_beginning():
    whole, late = complete(CALENDAR, quarters, np.array([0, 1]))
    assert whole.sum() == late.sum() + 1


def test_means_of_a_period_stand_in_all_its_weeks():
    x = np.arange(106.0)[None]
    got = mean(x, CALENDAR, months)[0]
    np.testing.assert_allclose(got[:5], 2)  # January 2024 has five Mondays
    assert got.mean() == pytest.approx(x.mean())


def test_a_fractional_memory_outlasts_any_short_one():
    x = noise.fractional(noise.white(np.random.default_rng(6), 3000, 400), 0.25)[:, 200:]
    near, far = (np.mean(x[:, :-lag] * x[:, lag:]) / x.var() for lag in (1, 50))
    assert near == pytest.approx(0.25 / (1 - 0.25), abs=0.03)  # d / (1 - d)
    assert far > 0.025  # near ** 50 would be nothing


def test_stable_noise_has_tails_that_fade_as_a_power():
    x = np.abs(noise.stable(np.random.default_rng(7), 1.5, 400_000))
    assert (x > 20).mean() / (x > 80).mean() == pytest.approx(4**1.5, rel=0.2)
