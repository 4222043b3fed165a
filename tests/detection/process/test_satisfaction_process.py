"""How satisfaction wanders and how far it stepped, on voices of customers whose true process is known."""

from dataclasses import replace

import numpy as np
import pytest
from support.simulated_observations import WEEKS, observations_of, simulated

from voc.detection.process import satisfaction_process
from voc.detection.process.onsets import ONSETS, Onset
from voc.detection.process.satisfaction_process import Process, learn_process, steps

CALM = Process(trust=1.0, week=0.0, person=0.0, wander=0.25, persistence=0.9, level=0.75)
LOOKBACK = 78
TEN = (Onset(10),)


def variances(process: Process) -> np.ndarray:
    return np.array([process.trust, process.week, process.person, process.wander])


@pytest.mark.parametrize(
    "truth",
    [CALM, replace(CALM, week=0.2), replace(CALM, trust=2.0, wander=0.4, persistence=0.8)],
    ids=["wandering", "weeks", "noisier"],
)
def test_the_process_is_recovered_from_what_was_said(truth):
    learned = learn_process(simulated(np.random.default_rng(1), truth, n=800), 800, WEEKS)
    assert np.allclose(variances(learned), variances(truth), atol=0.08)
    assert learned.persistence == pytest.approx(truth.persistence, abs=0.08)
    assert learned.level == pytest.approx(truth.level, abs=0.15)


def test_biases_of_people_are_found_where_several_are_named():
    truth = replace(CALM, person=0.3)
    biased, alike = (simulated(np.random.default_rng(2), of, n=800, people=3) for of in (truth, CALM))
    assert 0.15 < learn_process(biased, 800, WEEKS).person < 0.4
    assert learn_process(alike, 800, WEEKS).person < 0.05


def test_what_people_and_weeks_add_is_taken_for_noise_of_items_and_the_wandering_is_not():
    """Voices of one week are mostly of different people, so biases look like noise; a third of all pairs are one
    person's, who agrees with himself, so biases come out a third too small; and what is known of them is taken off the
    weeks, where it is not. The parts are not told apart, but they add up."""
    truth = replace(CALM, week=0.2, person=0.3)
    learned = learn_process(simulated(np.random.default_rng(3), truth, n=800, people=3), 800, WEEKS)
    assert learned.trust == pytest.approx(truth.trust + truth.person * 2 / 3, abs=0.1)
    assert learned.person == pytest.approx(truth.person * 2 / 3, abs=0.08)
    assert learned.week < 0.05
    assert variances(learned)[:3].sum() == pytest.approx(variances(truth)[:3].sum(), abs=0.08)
    assert (learned.wander, learned.persistence) == pytest.approx((truth.wander, truth.persistence), abs=0.08)


def test_a_customer_weighs_as_its_voices_and_not_as_their_pairs():
    """Ten of 400 customers say a third of everything and wander far; of all pairs theirs are four in five."""
    rng = np.random.default_rng(4)
    many, loud = simulated(rng, CALM, n=390), simulated(rng, replace(CALM, wander=4.0), n=10, rate=20.0)
    share = loud.y.size / (loud.y.size + many.y.size)
    assert 0.25 < share < 0.5
    columns = {name: np.r_[getattr(many, name), getattr(loud, name)] for name in ("week", "y", "noise")}
    both = observations_of(customer=np.r_[many.customer, loud.customer + 390], **columns)
    assert learn_process(both, 400, WEEKS).wander < 1.2 * (share * 4.0 + (1 - share) * CALM.wander)


@pytest.mark.parametrize(
    ("truth", "people"),
    [(CALM, 0), (replace(CALM, week=0.2), 0), (replace(CALM, person=0.3), 3), (replace(CALM, week=0.2, person=0.3), 3)],
    ids=["plain", "weeks", "people", "weeks and people"],
)
def test_the_standard_error_of_a_step_is_the_scatter_of_calm_customers(truth, people):
    calm = simulated(np.random.default_rng(5), truth, n=800, people=people)
    found = steps(calm, learn_process(calm, 800, WEEKS), 800, WEEKS, ONSETS, LOOKBACK)
    z = np.where((found.after >= 4) & (found.before >= 4), found.size / found.se, np.nan)
    assert np.isfinite(z).sum(0).min() > 200
    assert np.nanstd(z) == pytest.approx(1.0, abs=0.08)
    assert (np.abs(np.nanstd(z, axis=0) - 1) < 0.2).all()
    assert abs(np.nanmean(z)) < 0.08


@pytest.mark.parametrize("start", [Onset(8), Onset(21), Onset(17, ramp=6)], ids=str)
def test_a_step_is_measured_without_bias(start):
    calm = simulated(np.random.default_rng(6), CALM, n=800)
    fallen = replace(calm, y=calm.y - 1.5 * start.height(calm.week, WEEKS))
    found = steps(fallen, CALM, 800, WEEKS, (start,), LOOKBACK)
    heard = (found.after[:, 0] >= 4) & (found.before[:, 0] >= 4)
    sure = 1 / found.se[heard, 0] ** 2
    assert np.average(found.size[heard, 0], weights=sure) == pytest.approx(-1.5, abs=4 / np.sqrt(sure.sum()))


def test_what_the_metrics_lead_one_to_expect_is_taken_out_of_what_is_left():
    calm = simulated(np.random.default_rng(7), CALM, n=50)
    fall = -1.2 * TEN[0].height(calm.week, WEEKS)
    found = steps(replace(calm, y=calm.y + fall, expected=fall), CALM, 50, WEEKS, TEN, LOOKBACK)
    unmoved = steps(calm, CALM, 50, WEEKS, TEN, LOOKBACK)
    assert np.allclose(found.residual, unmoved.size)
    assert np.allclose(found.size[found.after > 0], unmoved.size[found.after > 0] - 1.2)


def test_what_is_said_later_does_not_change_a_step_of_the_past():
    talk = simulated(np.random.default_rng(8), replace(CALM, person=0.2), n=60, people=3)
    later = talk.week >= 70
    changed = replace(talk, y=np.where(later, -9.0, talk.y), respondent=np.where(later, 99, talk.respondent))
    process = replace(CALM, person=0.2)
    then, now, cut = (
        steps(of, process, 60, 70, ONSETS, LOOKBACK) for of in (talk, changed, talk[np.flatnonzero(~later)])
    )
    for name in vars(then):
        assert np.array_equal(getattr(then, name), getattr(now, name))
        assert np.array_equal(getattr(then, name), getattr(cut, name))


def test_a_step_is_the_generalised_least_squares_of_the_voices_covariance():
    """By the textbook formula, for one customer with two named people."""
    process = Process(trust=0.8, week=0.1, person=0.2, wander=0.3, persistence=0.9, level=0.7)
    rng = np.random.default_rng(9)
    week = np.sort(rng.integers(40, WEEKS, 25))
    who, noise, y = rng.integers(0, 2, 25), rng.uniform(0.5, 2, 25), rng.normal(size=25)
    apart = np.abs(np.subtract.outer(week, week))
    cov = process.level + process.wander * process.persistence**apart + process.week * (apart == 0)
    cov += process.person * np.equal.outer(who, who) + np.diag(process.trust * noise)
    template = (week >= WEEKS - 10).astype(float)
    weights = np.linalg.solve(cov, template)
    talk = observations_of(customer=np.zeros(25, int), week=week, respondent=who, y=y, noise=noise)
    found = steps(talk, process, 1, WEEKS, TEN, LOOKBACK)
    assert found.size[0, 0] == pytest.approx(weights @ y / (weights @ template))
    assert found.se[0, 0] == pytest.approx(1 / np.sqrt(weights @ template))
    assert (found.after[0, 0], found.before[0, 0]) == (template.sum(), 25 - template.sum())


def test_one_new_loud_person_counts_less_than_several_people():
    """Eight furious items since the start, of one newcomer or of eight known people."""
    week = np.r_[np.arange(30, 94, 2), np.arange(96, 104)]
    known = np.arange(week.size) % 8
    y = np.where(week >= 94, -2.0, 0.0)
    process = replace(CALM, person=0.1)
    alone, several = (
        steps(observations_of(np.zeros(week.size, int), week, y=y, respondent=who), process, 1, WEEKS, TEN, LOOKBACK)
        for who in (np.where(week >= 94, 50, known), known)
    )
    assert abs(alone.size / alone.se)[0, 0] < 0.6 * abs(several.size / several.se)[0, 0]


def test_a_touchpoint_that_always_was_worse_has_not_fallen():
    """A customer is asked of one touchpoint mostly since the start, and always says the same of it."""
    rng = np.random.default_rng(13)
    week = np.repeat(np.arange(40, WEEKS), 8)
    touchpoint = np.where(rng.random(week.size) < np.where(week >= WEEKS - 10, 0.5, 0.02), 1, 0)
    y = rng.normal(size=week.size) - 1.5 * touchpoint
    talk = observations_of(np.zeros(week.size, int), week, y=y, touchpoint=touchpoint)
    unaware, aware = (
        steps(talk, replace(CALM, touchpoint=variance), 1, WEEKS, TEN, LOOKBACK, touchpoint=1)
        for variance in (0.0, 1.0)
    )
    z = [float((found.size / found.se)[0, 0]) for found in (unaware, aware)]
    assert z[0] < -5
    assert abs(z[1]) < 2


def test_what_customers_think_of_touchpoints_is_learned():
    rng = np.random.default_rng(14)
    plain = simulated(rng, CALM, n=800)
    touchpoint = rng.integers(0, 4, plain.week.size)
    bias = rng.normal(size=(800, 4)) * np.sqrt(0.4)
    said = replace(plain, touchpoint=touchpoint, y=plain.y + bias[plain.customer, touchpoint])
    assert learn_process(replace(plain, touchpoint=touchpoint), 800, WEEKS).touchpoint < 0.05
    assert learn_process(said, 800, WEEKS).touchpoint == pytest.approx(0.3, abs=0.1)  # all pairs hold a quarter of it


def test_a_fall_at_one_touchpoint_is_measured_against_the_others():
    week = np.repeat(np.arange(40, WEEKS), 2)
    touchpoint = np.tile([0, 1], week.size // 2)
    y = np.where((week >= WEEKS - 10) & (touchpoint == 1), -2.0, 0.0)
    talk = observations_of(np.zeros(week.size, int), week, y=y, touchpoint=touchpoint)
    at = [steps(talk, CALM, 1, WEEKS, TEN, LOOKBACK, touchpoint=t).size[0, 0] for t in (-1, 0, 1)]
    assert at[2] < -1.5 < at[0] < -0.5 < at[1]


def test_who_said_nothing_has_no_step_and_no_end_of_error():
    talk = observations_of([0, 0, 2], [90, 100, 50], y=[0.5, -0.5, 1.0])
    found = steps(talk, CALM, 3, WEEKS, ONSETS, LOOKBACK)
    assert np.isinf(found.se[1]).all()
    assert not found.size[1].any()
    assert not found.after[1].any()
    assert np.isinf(found.se[2]).all()  # heard, but not since any start


def test_of_the_talkative_everything_counts():
    """Fifteen hundred observations, some of them by five named people, by the textbook formula."""
    process, n = replace(CALM, person=0.2, week=0.1), 1500
    rng = np.random.default_rng(10)
    week = np.sort(rng.integers(30, WEEKS, n))
    who = np.where(rng.random(n) < 0.3, rng.integers(0, 5, n), -1 - np.arange(n))
    noise, y = rng.uniform(0.5, 2, n), rng.normal(size=n)
    apart = np.abs(np.subtract.outer(week, week))
    cov = process.level + process.wander * process.persistence**apart + process.week * (apart == 0)
    cov += process.person * np.equal.outer(who, who) + np.diag(noise)
    template = (week >= WEEKS - 10).astype(float)
    weights = np.linalg.solve(cov, template)
    talk = observations_of(np.zeros(n, int), week, respondent=who, y=y, noise=noise)
    found = steps(talk, process, 1, WEEKS, TEN, LOOKBACK)
    assert found.size[0, 0] == pytest.approx(weights @ y / (weights @ template))
    assert found.se[0, 0] == pytest.approx(1 / np.sqrt(weights @ template))
    assert (found.after[0, 0], found.before[0, 0]) == (template.sum(), n - template.sum())


def test_ten_times_as_many_answers_make_a_step_surer():
    rng = np.random.default_rng(12)
    week = np.sort(rng.integers(30, WEEKS, 300))
    y = rng.normal(size=300) - 1.0 * (week >= WEEKS - 10)
    few, many = (
        steps(
            observations_of(np.zeros(times * 300, int), np.repeat(week, times), y=np.repeat(y, times)),
            *(CALM, 1, WEEKS, TEN, LOOKBACK),
        )
        for times in (1, 10)
    )
    assert many.after[0, 0] == 10 * few.after[0, 0]
    assert many.se[0, 0] < few.se[0, 0]
    assert many.size[0, 0] / many.se[0, 0] < few.size[0, 0] / few.se[0, 0] < -1


def test_batches_hold_every_heard_customer_once_however_small_they_are(monkeypatch):
    talk = simulated(np.random.default_rng(11), CALM, n=80)
    whole = steps(talk, CALM, 80, WEEKS, ONSETS, LOOKBACK)
    monkeypatch.setattr(satisfaction_process, "BATCH_NUMBERS", 500)
    rows = np.concatenate([batch.rows for batch in satisfaction_process.batches(talk, CALM, 80, WEEKS, LOOKBACK)])
    assert np.array_equal(np.sort(rows), np.unique(talk.customer[talk.week >= WEEKS - LOOKBACK]))
    assert np.allclose(steps(talk, CALM, 80, WEEKS, ONSETS, LOOKBACK).size, whole.size)


def test_without_voices_the_process_is_the_usual_one():
    nothing = observations_of(np.zeros(0, int), np.zeros(0, int))
    assert learn_process(nothing, 5, WEEKS) == Process()
    assert np.isinf(steps(nothing, CALM, 5, WEEKS, ONSETS, LOOKBACK).se).all()
