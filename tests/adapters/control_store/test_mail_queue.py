"""From a queued mail to one that is settled, in a real control store."""

from datetime import timedelta

import pytest
from support.queued_mails import SMTP, attempt, due, queue, regroup, statuses
from support.told_cases import AS_OF, NOW, OTHER, OWNER, RUN, a_case, after, rows, tell

from voc.adapters.channels.outcome import Dead, Delayed, Sent
from voc.adapters.control_store import control, mail_queue, notices
from voc.adapters.control_store.mail_queue import GIVE_UP, LEASE, Mail
from voc.domain.cases.case import News


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def test_a_mail_in_the_hands_of_a_process_is_left_alone_until_its_lease_is_over(state):
    tell(state, [a_case(1)])
    name = queue(state)
    with control.opened(state) as store:
        assert mail_queue.claim(store, "smtp", name, NOW) is not None
        assert mail_queue.claim(store, "smtp", name, NOW) is None
    almost = NOW + LEASE - timedelta(seconds=1)
    assert due(state, almost) == []
    assert due(state, NOW + LEASE) == [name]
    with control.opened(state) as store:
        again = mail_queue.claim(store, "smtp", name, NOW + LEASE)
    assert (again.content, again.attempts, again.is_uncertain) == (b"bytes", 2, True)


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
        assert not mail_queue.queue(store, Mail("m", "smtp", OWNER, RUN, AS_OF, mail_queue.CASES, b""), [1, 2, 3], NOW)
    assert statuses(state) == ["pending", "pending"]
    assert rows(state, "select * from mails") == []


def test_the_outbox_tells_how_it_stands_without_words_or_bytes(state):
    assert notices.standing(state) == {"pending": 0, "delayed": 0, "sending": 0, "dead": [], "held": 0, "channels": {}}
    assert not state.exists()
    for n, who in enumerate(("a", "b", "c", "d")):
        tell(state, [a_case(n, owner_email=f"{who}@lumen.example")])
    names = [queue(state, f"{who}@lumen.example") for who in "abcd"]
    attempt(state, names[0], Delayed("451"))
    attempt(state, names[1], Dead("550 5.1.1"))
    with control.opened(state) as store:
        mail_queue.claim(store, "smtp", names[2], NOW)
    counts = {"pending": 2, "delayed": 1, "sending": 1, "sent": 0, "dead": 1}
    dead = {
        "mail_id": names[1],
        "recipient": "b@lumen.example",
        "as_of": "2026-03-01",
        "why": "550 5.1.1",
        "channel": "smtp",
    }
    assert notices.standing(state) == {
        "pending": 2,
        "delayed": 1,
        "sending": 1,
        "dead": [dead],
        "held": 0,
        "channels": {"smtp": counts},
    }


def test_the_same_notices_to_the_same_person_are_the_same_mail():
    assert mail_queue.mail_id(OWNER, [1, 2]) == mail_queue.mail_id(OWNER, [1, 2])
    assert (
        len({mail_queue.mail_id(OWNER, [1, 2]), mail_queue.mail_id(OTHER, [1, 2]), mail_queue.mail_id(OWNER, [12])})
        == 3
    )


def settled(state):
    return rows(state, "select channel, status, last_error from mails order by channel")


def test_a_channel_that_is_not_set_any_more_hands_on_what_has_not_left(state):
    tell(state, [a_case(1)])
    queue(state)
    with control.opened(state) as store:
        mail_queue.retire(store, ["files"])
        assert list(notices.regroup(store, ["files"])) == ["files"]
    assert settled(state) == []


def test_what_a_channel_that_is_not_set_any_more_may_have_sent_is_told_to_a_person(state):
    tell(state, [a_case(1)])
    attempt(state, queue(state), Delayed("fell silent", may_have_left=True))
    with control.opened(state) as store:
        mail_queue.retire(store, ["files"])
    assert settled(state) == [("smtp", "dead", "its channel, smtp, is not set any more; it may have arrived")]
    with control.opened(state) as store:
        mail_queue.try_again(store, NOW)
        mail_queue.retire(store, ["files"])
    assert regroup(state, channels=["files"]) == {OWNER: [("c00001", News.NEW)]}


def test_a_retired_channel_leaves_the_mails_of_others_alone(state):
    tell(state, [a_case(1)])
    queue(state)
    with control.opened(state) as store:
        mail_queue.retire(store, SMTP)
    assert settled(state) == [("smtp", "pending", None)]


def test_a_channel_that_is_set_later_tells_nothing_old(state):
    tell(state, [a_case(1)])
    queue(state)
    assert regroup(state, channels=["smtp", "chat"]) == {}


def test_a_notice_is_in_one_mail_of_a_channel(state):
    tell(state, [a_case(1)])
    with control.opened(state) as store:
        for name, channel, is_new in (("m", "smtp", True), ("n", "smtp", False), ("m", "chat", True)):
            mail = Mail(name, channel, OWNER, RUN, AS_OF, mail_queue.CASES, b"")
            assert mail_queue.queue(store, mail, [1], NOW) == is_new


def test_news_that_one_channel_has_told_are_known_to_the_owner_when_the_other_no_longer_needs_to(state):
    tell(state, [a_case(1)])
    with control.opened(state) as store:
        mail_queue.queue(store, Mail("m", "smtp", OWNER, RUN, AS_OF, mail_queue.CASES, b""), [1], NOW)
    attempt(state, "m", Sent())
    tell(state, [a_case(1, owner_email=OTHER)], run_id="next night")
    assert regroup(state, channels=["smtp", "chat"]) == {OTHER: [("c00001", News.NEW)]}
    assert statuses(state) == ["mailed", "pending"]
