"""A contradiction without any one of its voices, against the plain way: taking the voice away and judging anew."""

from dataclasses import fields, replace

import numpy as np
import pytest
from support.hand_made_cases import WEEKS, judged

from voc.detection.decisions import leave_one_out
from voc.detection.hypotheses.contrasts import LOOKBACK, Seen, see
from voc.detection.hypotheses.posterior import likelihoods_of
from voc.detection.inputs.observations import Observations
from voc.detection.process import satisfaction_process
from voc.detection.process.onsets import STARTS

LEAST = 4


@pytest.fixture(scope="module")
def night():
    return see(judged().panel, judged().detector.company_, 12)


@pytest.fixture(scope="module")
def rows():
    return np.array(sorted(judged().row.values())[:3])


@pytest.fixture(scope="module")
def left_out(night, rows):
    return leave_one_out.leave_one_out_scores(night.said, night.seen, rows, WEEKS, judged().detector.company_, LEAST)


def score(night, row, voices):
    """Of one customer, were it the only one and had it said only ``voices``."""
    return score_of(night, row, night.said[voices])


def score_of(night, row, of):
    """Of one customer, were it the only one and all it said ``of``."""
    company = judged().detector.company_
    alone = Observations(np.zeros_like(of.customer), *(getattr(of, f.name) for f in fields(of)[1:]))
    steps = satisfaction_process.steps(alone, company.process, 1, WEEKS, STARTS, LOOKBACK)
    seen = Seen(steps, night.seen.of([row]).moves)
    return float(likelihoods_of(seen, alone, WEEKS, company, LEAST).log_odds(company.priors)[0] / np.log(10))


def voices_of(night, row):
    return np.flatnonzero(night.said.customer == row)


def test_every_voice_of_the_window_is_left_out_once_in_order(night, rows, left_out):
    for row, of in zip(rows, left_out, strict=True):
        shown = voices_of(night, row)[night.said.week[voices_of(night, row)] >= WEEKS - LOOKBACK]
        assert np.array_equal(of.item, night.said.item[shown])
        assert of.score.shape == of.item.shape


def test_a_score_without_a_voice_is_that_of_a_customer_who_never_said_it(night, rows, left_out):
    for row, of in zip(rows, left_out, strict=True):
        voices = voices_of(night, row)
        for j in (0, len(of.item) // 2, len(of.item) - 1):
            rest = voices[night.said.item[voices] != of.item[j]]
            assert of.score[j] == pytest.approx(score(night, row, rest), abs=1e-6)


def test_a_score_with_all_voices_is_that_of_the_findings(night, rows):
    for row in rows:
        assert score(night, row, voices_of(night, row)) == pytest.approx(-judged().findings.agreement[row], abs=1e-6)


def test_customers_in_smaller_parts_give_the_same(night, rows, left_out, monkeypatch):
    monkeypatch.setattr(leave_one_out, "AT_ONCE", 1)
    again = leave_one_out.leave_one_out_scores(night.said, night.seen, rows, WEEKS, judged().detector.company_, LEAST)
    for one, other in zip(left_out, again, strict=True):
        assert np.array_equal(one.item, other.item)
        assert np.allclose(one.score, other.score, atol=1e-9)


def test_of_nobody_nothing_is_left_out(night):
    nobody = np.zeros(0, int)
    assert (
        leave_one_out.leave_one_out_scores(night.said, night.seen, nobody, WEEKS, judged().detector.company_, LEAST)
        == []
    )


def alone(night, row, said):
    """The scores without each voice of one customer, were it the only one and all it said ``said``."""
    said = Observations(np.zeros_like(said.customer), *(getattr(said, f.name) for f in fields(said)[1:]))
    company = judged().detector.company_
    return said, leave_one_out.leave_one_out_scores(
        said, night.seen.of([row]), np.zeros(1, int), WEEKS, company, LEAST
    )[0]


def test_without_one_of_the_newest_voices_of_the_talkative_the_next_older_one_is_weighed(night, rows):
    said, of = alone(night, rows[0], night.said[np.repeat(voices_of(night, rows[0]), 3)])
    in_view = np.flatnonzero(said.week >= WEEKS - LOOKBACK)
    assert in_view.size > of.score.size == satisfaction_process.MAX_VOICES
    for j in (0, 70, 149):
        rest = np.delete(np.arange(said.week.size), in_view[j - 150])
        assert of.score[j] == pytest.approx(score_of(night, rows[0], said[rest]), abs=1e-9)


def test_without_the_one_old_voice_of_a_person_its_others_are_a_strangers(night, rows):
    said = night.said[voices_of(night, rows[0])]
    old = int(np.flatnonzero(said.week >= WEEKS - LOOKBACK)[3])
    ours = np.r_[old, np.flatnonzero(said.week >= WEEKS - 20)[::2]]
    said = replace(said, respondent=np.where(np.isin(np.arange(said.week.size), ours), 99, said.respondent))
    said, of = alone(night, rows[0], said)
    rest = np.delete(np.arange(said.week.size), old)
    assert satisfaction_process.make_strangers(said, WEEKS)[old]
    assert of.score[3] == pytest.approx(score_of(night, rows[0], said[rest]), abs=1e-9)
