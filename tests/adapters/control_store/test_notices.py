"""From a notice that waits to a mail that is settled, in a real control store."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.told_cases import AS_OF, NOW, OTHER, OWNER, RUN, a_case, after, change, rows, tell

from voc.adapters.channels.smtp import Dead, Delayed, Sent
from voc.adapters.control_store import cases, control, mail_queue, notices
from voc.adapters.control_store.mail_queue import GIVE_UP, LEASE, Mail
from voc.domain.cases.case import News, State


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def all_published(run_id: str) -> bool:
    return True


def regroup(state, is_published=all_published):
    """(case, news) by owner."""
    with control.opened(state) as store:
        cases.note_published(store, is_published)
        told = notices.regroup(store)
    return {owner: [(case.case_id, case.news) for case in waiting] for owner, waiting in told.items()}


def queue(state, recipient=OWNER, now=NOW) -> str:
    """Puts what waits for an owner into a mail."""
    with control.opened(state) as store:
        cases.note_published(store, all_published)
        waiting = notices.regroup(store)[recipient]
        notice_ids = [notice for case in waiting for notice in case.notices]
        name = mail_queue.mail_id(recipient, notice_ids)
        assert mail_queue.queue(store, Mail(name, recipient, RUN, AS_OF, mail_queue.CASES, b"bytes"), notice_ids, now)
    return name


def attempt(state, name, outcome, now=NOW):
    """What a try comes to; None when it is nobody's turn."""
    with control.opened(state) as store:
        claimed = mail_queue.claim(store, name, now)
        return claimed and mail_queue.settle(store, claimed, outcome, now)


def due(state, now):
    with control.opened(state) as store:
        return mail_queue.due(store, now)


def statuses(state):
    return [status for (status,) in rows(state, "select status from outbox order by notice_id")]


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
        claimed = mail_queue.claim(store, name, NOW)
        if outcome:
            mail_queue.settle(store, claimed, outcome, NOW)
    tell(state, [a_case(2)], run_id="next night")
    assert regroup(state) == {OWNER: [("c00002", News.NEW)]}
    later = NOW + timedelta(hours=5)
    assert attempt(state, name, Delayed("down", is_everybodys=True), later) is not None
    change(state, a_case(1, state=State.CLOSED))
    regroup(state)
    assert rows(state, "select mail_id, status, message from mails") == [(name, "sending", b"bytes")]


def test_a_mail_in_the_hands_of_a_process_is_left_alone_until_its_lease_is_over(state):
    tell(state, [a_case(1)])
    name = queue(state)
    with control.opened(state) as store:
        assert mail_queue.claim(store, name, NOW) is not None
        assert mail_queue.claim(store, name, NOW) is None
    almost = NOW + LEASE - timedelta(seconds=1)
    assert due(state, almost) == []
    assert due(state, NOW + LEASE) == [name]
    with control.opened(state) as store:
        again = mail_queue.claim(store, name, NOW + LEASE)
    assert (again.message, again.attempts, again.is_uncertain) == (b"bytes", 2, True)


def test_tries_are_half_an_hour_apart_then_one_and_two_to_three_hours(state):
    for attempts, least, most in ((1, 30, 45), (2, 60, 90), (3, 120, 180), (9, 120, 180), (500, 120, 180)):
        waits = [mail_queue.wait(attempts) / timedelta(minutes=1) for _ in range(200)]
        assert least <= min(waits) < max(waits) <= most
    tell(state, [a_case(1)])
    name = queue(state)
    attempt(state, name, Delayed("451"))
    assert due(state, after(29)) == []
    assert due(state, after(46)) == [name]
    assert rows(state, "select status, attempts, last_error from mails") == [("pending", 1, "451")]


def test_a_mail_is_given_up_after_five_days_unless_the_trouble_was_everybodys(state):
    for who, outcome in ((OWNER, Delayed("451")), (OTHER, Delayed("535", is_everybodys=True))):
        tell(state, [a_case(len(who), case_id=who, subject=who, owner_email=who)])
        name = queue(state, who)
        assert attempt(state, name, outcome, NOW + GIVE_UP - timedelta(hours=4)) == outcome
        last = attempt(state, name, outcome, NOW + GIVE_UP)
        assert isinstance(last, Dead) == (who == OWNER)
    assert notices.standing(state)["dead"][0]["why"] == "given up after 5 days: 451"


def test_a_mail_that_arrived_keeps_no_bytes_and_one_that_was_refused_is_tried_again_when_asked(state):
    for who, outcome in ((OWNER, Sent()), (OTHER, Dead("550 5.1.1"))):
        tell(state, [a_case(len(who), case_id=who, subject=who, owner_email=who)])
        assert attempt(state, queue(state, who), outcome) == outcome
    assert due(state, NOW + timedelta(days=9)) == []
    assert rows(state, "select status, message from mails order by status") == [("dead", b"bytes"), ("sent", None)]
    with control.opened(state) as store:
        assert mail_queue.try_again(store, NOW) == 1
    assert len(due(state, NOW)) == 1


def test_a_mail_and_its_notices_are_queued_together_or_not_at_all(state):
    tell(state, [a_case(1), a_case(2)])
    with control.opened(state) as store:
        assert not mail_queue.queue(store, Mail("m", OWNER, RUN, AS_OF, mail_queue.CASES, b""), [1, 2, 3], NOW)
    assert statuses(state) == ["pending", "pending"]
    assert rows(state, "select * from mails") == []


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


def test_the_outbox_tells_how_it_stands_without_words_or_bytes(state):
    assert notices.standing(state) == {"pending": 0, "delayed": 0, "sending": 0, "dead": [], "held": 0}
    assert not state.exists()
    for n, who in enumerate(("a", "b", "c", "d")):
        tell(state, [a_case(n, owner_email=f"{who}@lumen.example")])
    names = [queue(state, f"{who}@lumen.example") for who in "abcd"]
    attempt(state, names[0], Delayed("451"))
    attempt(state, names[1], Dead("550 5.1.1"))
    with control.opened(state) as store:
        mail_queue.claim(store, names[2], NOW)
    dead = {"mail_id": names[1], "recipient": "b@lumen.example", "as_of": "2026-03-01", "why": "550 5.1.1"}
    assert notices.standing(state) == {"pending": 2, "delayed": 1, "sending": 1, "dead": [dead], "held": 0}


def test_the_same_notices_to_the_same_person_are_the_same_mail():
    assert mail_queue.mail_id(OWNER, [1, 2]) == mail_queue.mail_id(OWNER, [1, 2])
    assert (
        len({mail_queue.mail_id(OWNER, [1, 2]), mail_queue.mail_id(OTHER, [1, 2]), mail_queue.mail_id(OWNER, [12])})
        == 3
    )


def test_somebody_elses_case_is_told_to_its_new_owner_only(state):
    tell(state, [a_case(1)])
    tell(state, [replace(a_case(1), owner_email=OTHER)], news=News.REASSIGNED, run_id="next night")
    assert regroup(state) == {OTHER: [("c00001", News.REASSIGNED)]}
    assert statuses(state) == ["withdrawn", "pending"]
