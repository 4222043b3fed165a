"""From a notice that waits to the mail that tells of it, in a real control store."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.queued_mails import attempt, queue, regroup, statuses
from support.told_cases import NOW, OTHER, OWNER, RUN, a_case, change, rows, tell

from voc.adapters.channels.outcome import Delayed
from voc.adapters.control_store import control, mail_queue, notices
from voc.domain.cases.case import News, State


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def test_what_waits_is_ranked_by_stake_with_unknown_ones_last(state):
    tell(state, [a_case(3), a_case(1), a_case(2, value_at_stake=None), a_case(4, owner_email=OTHER)])
    assert regroup(state) == {
        OWNER: [("c00001", News.NEW), ("c00003", News.NEW), ("c00002", News.NEW)],
        OTHER: [("c00004", News.NEW)],
    }


def test_a_case_with_several_notices_is_told_once_by_the_first(state):
    tell(state, [a_case(1)])
    tell(state, [a_case(1)], news=News.WORSE)
    assert regroup(state) == {OWNER: [("c00001", News.NEW)]}
    queue(state)
    assert statuses(state) == ["mailed", "mailed"]


def test_a_night_that_was_never_published_tells_nothing(state):
    tell(state, [a_case(1)], run_id="died")
    tell(state, [a_case(2)])
    assert regroup(state, lambda run_id: run_id == RUN) == {OWNER: [("c00002", News.NEW)]}
    assert statuses(state) == ["pending", "pending"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.CLOSED},
        {"state": State.CLEARED},
        {"state": State.SNOOZED, "snoozed_until": date(2026, 4, 1)},
        {"owner_email": OTHER},
    ],
    ids=["closed", "cleared", "snoozed", "somebody else's"],
)
@pytest.mark.parametrize("is_composed", [False, True])
def test_what_is_no_news_any_more_is_withdrawn_also_from_a_mail_that_has_not_left(state, changes, is_composed):
    tell(state, [a_case(1), a_case(2)])
    if is_composed:
        queue(state)
    change(state, a_case(1, **changes))
    assert regroup(state) == {OWNER: [("c00002", News.NEW)]}
    assert statuses(state) == ["withdrawn", "pending"]


def test_a_case_that_could_not_be_judged_waits(state):
    tell(state, [a_case(1)])
    change(state, a_case(1, held_because="source bi is late"))
    assert regroup(state) == {}
    change(state, a_case(1))
    assert regroup(state) == {OWNER: [("c00001", News.NEW)]}


def test_a_mail_that_has_not_left_is_dissolved_by_new_notices_so_that_one_mail_tells_it_all(state):
    tell(state, [a_case(1)])
    first = queue(state)
    attempt(state, first, Delayed("down", is_everybodys=True))
    tell(state, [a_case(2)], run_id="next night")
    assert regroup(state) == {OWNER: [("c00001", News.NEW), ("c00002", News.NEW)]}
    assert rows(state, "select count(*) from mails") == [(0,)]
    assert queue(state) != first


def test_a_mail_without_anything_new_stays_as_it_is(state):
    tell(state, [a_case(1)])
    name = queue(state)
    assert regroup(state) == {}
    assert rows(state, "select mail_id, status from mails") == [(name, "pending")]


@pytest.mark.parametrize("outcome", [None, Delayed("fell silent", may_have_left=True)])
def test_a_mail_that_may_have_left_is_never_dissolved(state, outcome):
    tell(state, [a_case(1)])
    name = queue(state)
    with control.opened(state) as store:
        claimed = mail_queue.claim(store, "smtp", name, NOW)
        if outcome:
            mail_queue.settle(store, claimed, outcome, NOW)
    tell(state, [a_case(2)], run_id="next night")
    assert regroup(state) == {OWNER: [("c00002", News.NEW)]}
    later = NOW + timedelta(hours=5)
    assert attempt(state, name, Delayed("down", is_everybodys=True), later) is not None
    change(state, a_case(1, state=State.CLOSED))
    regroup(state)
    assert rows(state, "select mail_id, status, message from mails") == [(name, "sending", b"bytes")]


def test_held_notices_wait_for_an_answer(state):
    tell(state, [a_case(1)], status="held")
    assert regroup(state) == {}
    assert notices.standing(state)["held"] == 1
    with control.opened(state) as store:
        assert notices.release(store, "send") == 1
    assert regroup(state) == {OWNER: [("c00001", News.NEW)]}
    tell(state, [a_case(2)], status="held")
    with control.opened(state) as store:
        assert notices.release(store, "drop") == 1
    assert regroup(state) == {OWNER: [("c00001", News.NEW)]}


def test_somebody_elses_case_is_told_to_its_new_owner_only(state):
    tell(state, [a_case(1)])
    tell(state, [replace(a_case(1), owner_email=OTHER)], news=News.REASSIGNED, run_id="next night")
    assert regroup(state) == {OTHER: [("c00001", News.REASSIGNED)]}
    assert statuses(state) == ["withdrawn", "pending"]
