"""A contradiction without any one of its voices, against the plain way: taking the voice away and judging anew."""

from dataclasses import fields, replace

import numpy as np
import pytest
from support.hand_made_cases import WEEKS, judged

from voc.detection.decisions import leave_one_out
from voc.detection.hypotheses.contrasts import LOOKBACK, Contrasts, prepare
from voc.detection.hypotheses.posterior import likelihoods_of
from voc.detection.inputs.observations import Observations
from voc.detection.process import satisfaction_process
from voc.detection.process.onsets import ONSETS

LEAST = 4


@pytest.fixture(scope="module")
def prepared():
    return prepare(judged().panel, judged().detector.company_, 12)


@pytest.fixture(scope="module")
def rows():
    return np.array(sorted(judged().row.values())[:3])


@pytest.fixture(scope="module")
def left_out(prepared, rows):
    return leave_one_out.leave_one_out_scores(
        prepared.observations, prepared.contrasts, rows, WEEKS, judged().detector.company_, LEAST
    )


def score(prepared, row, positions):
    """Of one customer, were it the only one and had it said only ``voices``."""
    return score_of(prepared, row, prepared.observations[positions])


def score_of(prepared, row, of):
    """Of one customer, were it the only one and all it said ``of``."""
    company = judged().detector.company_
    alone = Observations(np.zeros_like(of.customer), *(getattr(of, f.name) for f in fields(of)[1:]))
    steps = satisfaction_process.steps(alone, company.process, 1, WEEKS, ONSETS, LOOKBACK)
    contrasts = Contrasts(steps, prepared.contrasts.of([row]).kpi_steps)
    return float(likelihoods_of(contrasts, alone, WEEKS, company, LEAST).log_odds(company.priors)[0] / np.log(10))


def positions_of(prepared, row):
    return np.flatnonzero(prepared.observations.customer == row)


def test_every_voice_of_the_window_is_left_out_once_in_order(prepared, rows, left_out):
    for row, of in zip(rows, left_out, strict=True):
        shown = positions_of(prepared, row)[prepared.observations.week[positions_of(prepared, row)] >= WEEKS - LOOKBACK]
        assert np.array_equal(of.item, prepared.observations.item[shown])
        assert of.score.shape == of.item.shape


def test_a_score_without_a_voice_is_that_of_a_customer_who_never_said_it(prepared, rows, left_out):
    for row, of in zip(rows, left_out, strict=True):
        positions = positions_of(prepared, row)
        for j in (0, len(of.item) // 2, len(of.item) - 1):
            rest = positions[prepared.observations.item[positions] != of.item[j]]
            assert of.score[j] == pytest.approx(score(prepared, row, rest), abs=1e-6)


def test_a_score_with_all_voices_is_that_of_the_findings(prepared, rows):
    for row in rows:
        assert score(prepared, row, positions_of(prepared, row)) == pytest.approx(
            -judged().findings.agreement[row], abs=1e-6
        )


def test_customers_in_smaller_parts_give_the_same(prepared, rows, left_out, monkeypatch):
    monkeypatch.setattr(leave_one_out, "MAX_SQUARES", 1)
    again = leave_one_out.leave_one_out_scores(
        prepared.observations, prepared.contrasts, rows, WEEKS, judged().detector.company_, LEAST
    )
    for one, other in zip(left_out, again, strict=True):
        assert np.array_equal(one.item, other.item)
        assert np.allclose(one.score, other.score, atol=1e-9)


def test_of_nobody_nothing_is_left_out(prepared):
    nobody = np.zeros(0, int)
    assert (
        leave_one_out.leave_one_out_scores(
            prepared.observations, prepared.contrasts, nobody, WEEKS, judged().detector.company_, LEAST
        )
        == []
    )


def alone(prepared, row, observations):
    """The scores without each voice of one customer, were it the only one and all it said ``said``."""
    observations = Observations(
        np.zeros_like(observations.customer), *(getattr(observations, f.name) for f in fields(observations)[1:])
    )
    company = judged().detector.company_
    return observations, leave_one_out.leave_one_out_scores(
        observations, prepared.contrasts.of([row]), np.zeros(1, int), WEEKS, company, LEAST
    )[0]


def test_of_the_talkative_every_voice_is_left_out_once(prepared, rows):
    observations, of = alone(prepared, rows[0], prepared.observations[np.repeat(positions_of(prepared, rows[0]), 3)])
    in_view = np.flatnonzero(observations.week >= WEEKS - LOOKBACK)
    assert in_view.size == of.score.size > 150
    for j in (0, 70, in_view.size - 1):
        rest = np.delete(np.arange(observations.week.size), in_view[j])
        assert of.score[j] == pytest.approx(score_of(prepared, rows[0], observations[rest]), abs=1e-9)


def test_without_the_one_old_voice_of_a_person_its_others_are_a_strangers(prepared, rows):
    observations = prepared.observations[positions_of(prepared, rows[0])]
    old = int(np.flatnonzero(observations.week >= WEEKS - LOOKBACK)[3])
    ours = np.r_[old, np.flatnonzero(observations.week >= WEEKS - 20)[::2]]
    observations = replace(
        observations, respondent=np.where(np.isin(np.arange(observations.week.size), ours), 99, observations.respondent)
    )
    observations, of = alone(prepared, rows[0], observations)
    rest = np.delete(np.arange(observations.week.size), old)
    assert satisfaction_process.changes_strangers(observations, WEEKS)[old]
    assert of.score[3] == pytest.approx(score_of(prepared, rows[0], observations[rest]), abs=1e-9)
