"""What people may do to cases."""

from datetime import timedelta

import pytest
from support.sightings import FIRST, new_case

from voc.domain.cases import acts
from voc.domain.cases.case import LIVE, State, Verdict
from voc.domain.cases.trust import trust
from voc.errors import InputError

BY = "ann"


def test_a_closing_needs_a_verdict_and_is_dated_by_the_newest_night():
    event = acts.close(new_case(), Verdict.TIMING, "late feed", FIRST, BY)
    assert (event.after.state, event.after.closed_on, event.after.verdict) == (State.CLOSED, FIRST, Verdict.TIMING)
    assert (event.by, event.note) == (BY, "timing: late feed")


def test_a_snooze_must_end_after_the_newest_night():
    assert acts.snooze(new_case(), FIRST + timedelta(days=1), FIRST, BY).after.state is State.SNOOZED
    with pytest.raises(InputError, match="name a later day"):
        acts.snooze(new_case(), FIRST, FIRST, BY)


@pytest.mark.parametrize("state", sorted(set(State) - LIVE))
def test_what_is_over_is_neither_acknowledged_nor_snoozed(state):
    for act in (acts.acknowledge, lambda case, on, by: acts.snooze(case, on + timedelta(days=1), on, by)):
        with pytest.raises(InputError, match=f"is {state}"):
            act(new_case(state=state), FIRST, BY)


def test_a_closed_case_is_not_closed_again_before_it_is_reopened():
    closed = acts.close(new_case(), Verdict.TIMING, "x", FIRST, BY).after
    with pytest.raises(InputError, match="is closed"):
        acts.close(closed, Verdict.BOTH_TRUE, "y", FIRST, BY)
    reopened = acts.reopen(closed, 14, FIRST, BY).after
    assert (reopened.state, reopened.verdict, reopened.closed_on) == (State.REOPENED, None, None)
    with pytest.raises(InputError, match="not over yet"):
        acts.reopen(reopened, 14, FIRST, BY)


def test_a_metric_that_customers_prove_wrong_loses_trust_and_one_they_confirm_gains_it():
    wrong = [trust([Verdict.METRIC_WRONG] * n).mean for n in range(4)]
    right = [trust([Verdict.BOTH_TRUE] * n).mean for n in range(4)]
    assert wrong == sorted(wrong, reverse=True)
    assert right == sorted(right)
    assert wrong[0] == right[0] == 0.5


def test_trust_after_no_verdict_says_that_nothing_is_known():
    nothing = trust([])
    assert (nothing.n_verdicts, nothing.low, nothing.high) == (0, pytest.approx(0.025), pytest.approx(0.975))


def test_the_interval_of_trust_is_the_beta_posteriors():
    # Beta(3, 2): quantiles from its closed form F(x) = 4x^3 - 3x^4
    said = trust([Verdict.BOTH_TRUE, Verdict.TIMING, Verdict.METRIC_WRONG, Verdict.DATA_FAULT])
    assert (said.n_verdicts, said.n_right, said.n_wrong, said.mean) == (4, 2, 1, 0.6)
    assert [4 * x**3 - 3 * x**4 for x in (said.low, said.high)] == pytest.approx([0.025, 0.975])
