"""Steps without one voice from the inverse of all, against the plain way: taking the voice away and inverting anew."""

from dataclasses import fields, replace

import numpy as np
import pytest
from support.simulated_observations import WEEKS, simulated

from voc.detection.process import gls, satisfaction_process
from voc.detection.process.onsets import ONSETS
from voc.detection.process.satisfaction_process import Process

PROCESS = Process(trust=0.8, week=0.1, person=0.2, wander=0.3, persistence=0.9, level=0.7)
N, LOOKBACK = 12, 78


@pytest.fixture(scope="module")
def talk():
    rng = np.random.default_rng(21)
    observations = simulated(rng, PROCESS, n=N, rate=0.4, people=15)
    return replace(
        observations,
        touchpoint=rng.integers(-1, 2, observations.week.size),
        expected=rng.normal(size=observations.week.size),
    )


def differences(talk, touchpoint):
    """Of each voice in view: the largest difference between the two ways, and whether the leaving makes strangers."""
    changes_strangers = satisfaction_process.changes_strangers(talk, WEEKS)
    for batch in satisfaction_process.batches(talk, PROCESS, N, WEEKS, LOOKBACK, by_touchpoint=True):
        found = gls.leave_one_out_steps(batch, talk, WEEKS, ONSETS, touchpoint)
        for j, position in enumerate(batch.members.position):
            rest = np.flatnonzero(talk.customer == talk.customer[position])
            alone = talk[rest[rest != position]]
            alone = replace(alone, customer=np.zeros_like(alone.customer))
            anew = satisfaction_process.steps(alone, PROCESS, 1, WEEKS, ONSETS, LOOKBACK, touchpoint)[0]
            off = [_apart(getattr(found, f.name)[j], getattr(anew, f.name)) for f in fields(anew)]
            yield max(off), changes_strangers[position]


def _apart(a, b):
    assert np.array_equal(np.isinf(a), np.isinf(b))
    return np.abs(np.where(np.isinf(a), 0, a) - np.where(np.isinf(b), 0, b)).max()


@pytest.mark.parametrize("touchpoint", [-1, 0, 1])
def test_steps_without_a_voice_are_those_of_a_customer_who_never_said_it(talk, touchpoint):
    off, changes_strangers = map(np.array, zip(*differences(talk, touchpoint), strict=True))
    assert off.size > 200
    assert off[~changes_strangers].max() < 1e-9


def test_voices_whose_leaving_makes_others_strangers_are_known(talk):
    off, changes_strangers = map(np.array, zip(*differences(talk, -1), strict=True))
    assert 0 < changes_strangers.sum() < 0.1 * off.size
    assert (off[changes_strangers] > 1e-3).any()


def test_without_the_only_voice_since_a_start_nothing_was_said_of_it():
    rng = np.random.default_rng(22)
    talk = simulated(rng, PROCESS, n=1, rate=3.0)
    talk = talk[np.r_[np.flatnonzero(talk.week < 78), -1]]
    talk = replace(talk, week=np.r_[talk.week[:-1], WEEKS - 2])
    (batch,) = satisfaction_process.batches(talk, PROCESS, 1, WEEKS, LOOKBACK)
    found = gls.leave_one_out_steps(batch, talk, WEEKS, ONSETS)
    assert np.isinf(found.se[-1]).all()
    assert not found.size[-1].any()
    assert not found.after[-1].any()
    assert np.isfinite(found.se[:-1]).all()
