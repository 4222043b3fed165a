"""What only the made-up shops do: a Christmas, states of mood, stars and a grade a quarter."""

from functools import cache

import numpy as np
from worlds import World
from worlds.retail import christmas, retail
from worlds.retail_answers import COMPLAINT, STAR
from worlds.retail_metrics import QUARTERLY


@cache
def company() -> World:
    return retail(seed=4, n=3000)


def test_christmas_is_near_in_december_only():
    calendar = np.datetime64("2024-01-01") + 7 * np.arange(104)
    near = dict(zip(calendar.astype(str), christmas(calendar), strict=True))
    assert near["2024-12-23"] == 1
    assert 0 < near["2024-12-02"] < 0.5
    assert near["2024-06-24"] == near["2024-11-11"] == near["2025-01-27"] == 0


def test_a_mood_stays_for_weeks_and_then_goes_at_once():
    world = company()
    ordinary = np.setdiff1d(np.arange(3000), [*world.planted, *world.decoys])
    usual = christmas(world.panel.weeks) == 0
    quiet = np.flatnonzero(usual[1:] & usual[:-1])
    steps = np.abs(np.diff(world.mood[ordinary]))[:, quiet] / world.mood.std()
    assert 0.75 < (steps < 0.05).mean() < 0.98
    assert np.median(steps[steps > 0.3]) > 0.5


def test_most_answers_have_five_stars_and_complaints_are_bad():
    panel = company().panel
    stars = panel.sentiment[panel.channel == STAR]
    assert 0.5 < (stars == 1).mean() < 0.7
    assert (stars == -1).mean() > (stars == -0.5).mean()
    assert panel.sentiment[panel.channel == COMPLAINT].mean() < -0.3


def test_a_grade_is_one_of_twenty_steps_and_comes_once_a_quarter():
    grades = company().panel.kpi_values[:, QUARTERLY]
    read = np.isfinite(grades)
    assert read.any(0).sum() <= 13
    assert (grades[read] % 5 == 0).mean() > 0.95
