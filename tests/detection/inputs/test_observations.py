"""What items say of satisfaction: who counts once, which channel is believed, and whose mood is taken out."""

import json
from dataclasses import replace

import numpy as np
import pytest
from support.simulated_observations import remembered
from support.small_worlds import KPIS

from voc.detection.inputs.channel_reliability import ChannelReliability, learn_channel_reliability, satisfaction_sd
from voc.detection.inputs.observations import OBSERVATION_LIMIT, observe
from voc.detection.panel import Panel

N, WEEKS = 200, 104


@pytest.fixture(scope="module")
def talk():
    return spoken(np.random.default_rng(1))


def spoken(rng, bias=(0.0, 0.0), noise=(1.0, 1.0), mood=0.0, link=np.tanh):
    """Customers who wander a little and say one thing a week in a channel, each with its ``bias`` and ``noise``."""
    feeling = 0.9 * rng.normal(size=(N, 1)) + 0.45 * remembered(rng, (N, WEEKS), 0.9) + mood
    customer, week = np.nonzero(rng.random((N, WEEKS)) < 0.7)
    m = customer.size
    channel = rng.integers(0, len(bias), m)
    said = feeling[customer, week] + np.asarray(noise)[channel] * rng.normal(size=m) + np.asarray(bias)[channel]
    return panel_of(customer, week, link(0.5 * said), channel)


def panel_of(customer, week, sentiment, channel, respondent=None, touchpoint=None, text=None, se=None, group=None):
    m = len(customer)
    plain = np.full(m, -1)
    return Panel(
        customers=np.array([f"c{i:04d}" for i in range(N)]),
        weeks=np.datetime64("2024-01-01") + 7 * np.arange(WEEKS),
        first_week=np.zeros(N, int),
        last_week=np.full(N, WEEKS - 1),
        kpis=KPIS,
        kpi_values=np.ones((N, len(KPIS), WEEKS)),
        offsets=np.searchsorted(customer, np.arange(N + 1)),
        item_id=np.arange(m).astype(str),
        item_week=np.asarray(week),
        sentiment=np.asarray(sentiment, float),
        sentiment_se=np.full(m, 0.2) if se is None else se,
        channel=np.asarray(channel),
        touchpoint=plain if touchpoint is None else np.asarray(touchpoint),
        respondent=plain if respondent is None else np.asarray(respondent),
        channels=("mail", "survey", "chat"),
        item_text=plain if text is None else np.asarray(text),
        levels=("region",) if group is not None else (),
        groups=(("north", "south"),) if group is not None else (),
        group=np.asarray(group)[None] if group is not None else np.zeros((0, 0), int),
    )


def noise_of(channel_reliability: ChannelReliability, channel: str) -> float:
    return float(np.mean([curve.noise for curve in channel_reliability.curves[channel]]))


def fall(x, week):
    """Mean since week 90 minus mean before."""
    return x[week >= 90].mean() - x[week < 90].mean()


def few(talk, week, **columns):
    """What customer 3 alone says, heard as everybody is."""
    m = len(week)
    given = {"channel": np.zeros(m, int), "sentiment": np.zeros(m)} | columns
    return observe(panel_of(np.full(m, 3), week, **given), learn_channel_reliability(talk))


def test_one_person_counts_once_a_week_and_touchpoint(talk):
    observations = few(
        talk,
        week=[50, 50, 50, 50, 50, 51],
        respondent=[7, 7, 7, 8, -1, 7],
        touchpoint=[1, 1, 2, 1, 1, 1],
        sentiment=[-0.6, 0.2, 0, 0, 0, 0],
    )
    found = set(
        zip(
            observations.week,
            np.where(observations.respondent < 0, -1, observations.respondent),
            observations.touchpoint,
            strict=True,
        )
    )
    assert len(observations.y) == 5
    assert found == {(50, 7, 1), (50, 7, 2), (50, 8, 1), (50, -1, 1), (51, 7, 1)}


def test_unnamed_people_are_not_one_person(talk):
    observations = few(talk, week=[50, 50, 50])
    assert len(observations.y) == len(np.unique(observations.respondent)) == 3
    assert (observations.respondent < 0).all()


def test_the_same_words_count_once_within_a_quarter_and_again_later(talk):
    observations = few(talk, week=[10, 10, 12, 30, 40, 60], text=[5, 5, 5, 5, 6, 5])
    assert observations.week.tolist() == [10, 30, 40, 60]
    wordless = few(talk, week=[10, 10, 12], text=[-1, -1, -1])
    assert len(wordless.y) == 3


def test_the_same_words_of_somebody_else_count():
    twice = panel_of([3, 4], [10, 10], [0.1, 0.1], [0, 0], text=[5, 5])
    assert len(observe(twice, learn_channel_reliability(twice)).y) == 2
    colleagues = panel_of([3] * 5, [10, 11, 12, 12, 13], [0.1] * 5, [0] * 5, respondent=[1, 2, 1, 3, -1], text=[5] * 5)
    observations = observe(colleagues, learn_channel_reliability(colleagues))
    assert sorted(zip(observations.week.tolist(), (observations.respondent >= 0).tolist(), strict=True)) == [
        (10, True), (11, True), (12, True), (13, False),
    ]  # fmt: skip


def test_every_voice_names_an_item_of_its_customer_and_week(talk):
    observations = observe(talk, learn_channel_reliability(talk))
    assert np.array_equal(talk.item_customer[observations.item], observations.customer)
    assert np.array_equal(talk.item_week[observations.item], observations.week)
    assert np.array_equal(np.lexsort((observations.week, observations.customer)), np.arange(observations.y.size))


def test_a_harsh_or_kind_channel_does_not_matter():
    plain, biased = (spoken(np.random.default_rng(2), bias=bias) for bias in ((0.0, 0.0), (0.0, 0.5)))
    as_plain, as_biased = (observe(of, learn_channel_reliability(of)) for of in (plain, biased))
    in_channel = biased.channel[as_biased.item] == 1
    assert abs(as_biased.y[in_channel].mean() - as_biased.y[~in_channel].mean()) < 0.1
    assert np.corrcoef(as_plain.y, as_biased.y)[0, 1] > 0.97


def test_what_is_said_is_in_standard_deviations_of_satisfaction():
    rng = np.random.default_rng(3)
    feeling = rng.normal(size=(N, 1)) * np.ones(WEEKS)
    customer, week = np.nonzero(rng.random((N, WEEKS)) < 0.7)
    said = feeling[customer, week] + 0.7 * rng.normal(size=customer.size)
    observations = observe(
        of := panel_of(customer, week, 0.2 * said, np.zeros_like(week)), learn_channel_reliability(of)
    )
    level = np.bincount(observations.customer, observations.y, minlength=N) / np.bincount(
        observations.customer, minlength=N
    )
    assert np.polyfit(feeling[:, 0], level, 1)[0] == pytest.approx(1.0, abs=0.1)
    assert observations.noise.mean() == pytest.approx(0.49, abs=0.12)
    assert satisfaction_sd(of, learn_channel_reliability(of)) == pytest.approx(0.2, abs=0.03)


def test_a_noisy_channel_is_believed_less_and_a_toneless_one_hardly_at_all():
    good, noisy, toneless = 0.6, 1.6, 40.0
    channel_reliability = learn_channel_reliability(
        spoken(np.random.default_rng(4), (0.0,) * 3, (good, noisy, toneless))
    )
    noises = [noise_of(channel_reliability, name) for name in ("mail", "survey", "chat")]
    assert noises[1] > 3 * noises[0]
    assert noises[2] > 20  # the largest there is: (1 − .02) / .02
    assert noises[2] <= (1 - 0.02) / 0.02


def test_surer_readings_of_a_channel_are_believed_more(talk):
    rng = np.random.default_rng(5)
    se = rng.choice([0.1, 0.2, 0.4], talk.sentiment.size)
    blurred = replace(talk, sentiment=np.clip(talk.sentiment + 3 * se * rng.normal(size=se.size), -1, 1))
    curves = learn_channel_reliability(replace(blurred, sentiment_se=se)).curves["mail"]
    assert [curve.noise for curve in curves] == sorted(curve.noise for curve in curves)
    assert curves[-1].noise > 2 * curves[0].noise


def test_a_bent_scale_is_straightened():
    """Sentiment that hardly tells the contented apart says no more of them than of others."""
    bent = spoken(np.random.default_rng(6), link=lambda x: np.tanh(3 * x + 1.5))
    straight = spoken(np.random.default_rng(6), link=lambda x: x)
    observations, should = (observe(of, learn_channel_reliability(of)).y for of in (bent, straight))
    assert np.corrcoef(observations, should)[0, 1] > 0.85 > np.corrcoef(bent.sentiment, straight.sentiment)[0, 1] - 0.1


def test_where_customers_hardly_differ_from_each_other_the_scale_stays_straight():
    """As where an account is a whole state: then chance alone would bend it, most at its ends."""
    talk = spoken(np.random.default_rng(8))
    mixed = replace(talk, sentiment=np.random.default_rng(9).permutation(talk.sentiment))
    (curve,) = learn_channel_reliability(mixed).curves[""]
    assert np.corrcoef(curve.x, curve.y)[0, 1] > 0.98
    assert curve.noise > 20


def test_a_new_channel_is_heard_as_all_are_but_for_its_own_centre(talk):
    channel_reliability = learn_channel_reliability(talk)
    new = replace(talk, channels=("letter", "survey", "chat"), sentiment=np.clip(talk.sentiment - 0.3, -1, 1))
    observations = observe(new, channel_reliability)
    letters = new.item_channel[observations.item] == "letter"
    assert abs(observations.y[letters].mean()) < 0.1
    assert set(observations.noise[letters]) == {channel_reliability.curves[""][0].noise}


def test_the_whole_companys_mood_of_a_week_is_taken_out(talk):
    shaken = replace(talk, sentiment=talk.sentiment - np.where(talk.item_week >= 90, 0.3, 0.0))
    calm, observations = (observe(of, learn_channel_reliability(talk)) for of in (talk, shaken))
    assert abs(fall(observations.y - calm.y, observations.week)) < 0.2 * abs(
        fall(observations.of_company, observations.week)
    )
    assert fall(observations.of_company, observations.week) * satisfaction_sd(
        talk, learn_channel_reliability(talk)
    ) == pytest.approx(-0.3, abs=0.08)


def test_the_mood_of_a_group_is_taken_out_and_told_apart(talk):
    group = np.arange(N) % 2
    item_group = group[talk.item_customer]
    shaken = replace(
        talk,
        sentiment=talk.sentiment - np.where((talk.item_week >= 90) & (item_group == 1), 0.3, 0.0),
        levels=("region",),
        groups=(("north", "south"),),
        group=group[None],
    )
    observations, calm = (observe(of, learn_channel_reliability(talk)) for of in (shaken, talk))
    ours = group[observations.customer] == 1
    moved, of_groups = observations.y - calm.y, observations.of_groups
    assert (
        fall(of_groups[ours], observations.week[ours]) < -0.2 < 0.2 < fall(of_groups[~ours], observations.week[~ours])
    )
    # a hundred customers tell of their group's week with so much chance that a part is left
    assert abs(fall(moved[ours], observations.week[ours])) < 0.35
    assert abs(fall(moved[~ours], observations.week[~ours])) < 0.35


def test_the_mood_of_one_customer_is_not_taken_for_the_companys(talk):
    loud = replace(talk, sentiment=np.where((talk.item_customer == 5) & (talk.item_week >= 80), -1.0, talk.sentiment))
    observations = observe(loud, learn_channel_reliability(talk))
    since = (observations.customer == 5) & (observations.week >= 80)
    assert observations.y[since].mean() < observations.y[(observations.customer == 5) & ~since].mean() - 1.0
    assert np.abs(observations.of_company).max() < 0.3


def test_one_item_counts_at_most_three_of_its_own_standard_deviations(talk):
    observations = few(talk, week=[10, 40, 70], sentiment=[-1.0, 1.0, 0.0])
    assert (np.abs(observations.y) <= OBSERVATION_LIMIT * np.sqrt(1 + observations.noise) + 1e-12).all()


def test_what_was_learned_of_hearing_survives_json(talk):
    channel_reliability = learn_channel_reliability(spoken(np.random.default_rng(8), noise=(0.6, 1.6)))
    again = ChannelReliability.from_state(json.loads(json.dumps(channel_reliability.get_state(), allow_nan=False)))
    assert again == channel_reliability


def test_few_items_of_one_tone_or_none_at_all_are_no_crash():
    for customer, sentiment in (([], []), ([3], [0.5]), ([3] * 300, [0.5] * 300)):
        odd = panel_of(customer, np.arange(len(customer)) % WEEKS, sentiment, np.zeros(len(customer), int))
        odd = replace(odd, item_week=np.sort(odd.item_week))
        observations = observe(odd, learn_channel_reliability(odd))
        assert np.isfinite(observations.y).all()
        assert (observations.noise > 0).all()
        assert np.isfinite(satisfaction_sd(odd, learn_channel_reliability(odd)))
