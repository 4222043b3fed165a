"""Two channels, of which one is down or dies: neither silences, repeats or waits for the other."""

import json

import pytest
from support.killed_process import killed_at
from support.told_cases import (
    OTHER,
    OWNER,
    SENDER,
    a_case,
    after,
    free_port,
    mail_server,
    publish,
    rows,
    run,
    tell,
)
from support.wall_channel import Wall

from voc.adapters.channels.smtp import SmtpChannel
from voc.adapters.control_store import notices
from voc.domain.cases.case import News, State

OWNERS = [OWNER, OTHER, "eve@lumen.example"]


@pytest.fixture
def wall(tmp_path):
    folder = tmp_path / "wall"
    folder.mkdir()
    return Wall(folder)


@pytest.fixture
def file(tmp_path, state):
    cases = [a_case(n, owner_email=owner) for n, owner in enumerate(OWNERS, 1)]
    tell(state, cases)
    return publish(tmp_path / "m.duckdb", [*cases, a_case(9)])


def counts(alerted):
    return {of_one.channel: (of_one.sent, of_one.delayed, of_one.dead) for of_one in alerted.channels}


def by_channel(state):
    """(channel, status, mails, tries)."""
    return rows(state, "select channel, status, count(*), sum(attempts) from mails group by 1, 2 order by 1, 2")


@pytest.mark.parametrize("is_first", [True, False], ids=["asked first", "asked last"])
def test_a_channel_that_is_down_all_night_silences_no_other_and_its_messages_come_later_once(
    state, file, wall, mailbox, is_first
):
    down = SmtpChannel(SENDER, "127.0.0.1", free_port(), starttls=False)
    channels = [down, wall] if is_first else [wall, down]
    alerted = run(state, file, channels=channels)
    assert counts(alerted) == {"smtp": (0, 3, 0), "wall": (3, 0, 0)}
    assert [recipient for recipient, _ in wall.notes] == OWNERS
    assert by_channel(state) == [("smtp", "pending", 3, 1), ("wall", "sent", 3, 3)]  # one try found out for all three
    (warning,) = alerted.warnings
    assert "is delayed: no session with the mail server" in warning
    for hours in (1, 3, 6, 9):
        assert counts(run(state, file, channels=channels, now=after(60 * hours))) == {
            "smtp": (0, 3, 0),
            "wall": (0, 0, 0),
        }
    standing = notices.standing(state)
    assert (standing["pending"], standing["channels"]["wall"]["sent"]) == (3, 3)
    assert standing["channels"]["smtp"]["delayed"] >= 1
    with mail_server(mailbox, down.port):
        for hours in (24, 27, 48):
            run(state, file, channels=channels, now=after(60 * hours))
    assert sorted(recipient for recipient, _ in mailbox.arrived) == OWNERS
    assert [recipient for recipient, _ in wall.notes] == OWNERS
    assert by_channel(state)[0][:3] == ("smtp", "sent", 3)


def test_after_an_outage_one_mail_tells_it_all_though_the_other_channel_has_told_it_night_by_night(
    state, file, wall, mailbox
):
    down = SmtpChannel(SENDER, "127.0.0.1", free_port(), starttls=False)
    run(state, file, channels=[down, wall])
    tell(state, [a_case(9)], run_id="next night")
    tell(state, [a_case(2, owner_email=OTHER, state=State.CLOSED)], run_id="next night", news=News.WORSE)
    run(state, file, channels=[down, wall], now=after(24 * 60))
    assert [recipient for recipient, _ in wall.notes] == sorted([*OWNERS, OWNER])
    with mail_server(mailbox, down.port):
        run(state, file, channels=[down, wall], now=after(48 * 60))
    subjects = {message["To"]: message["Subject"].split(":")[0] for message in mailbox.messages}
    assert subjects == {OWNER: "2 cases for you", "eve@lumen.example": "1 case for you"}


def test_each_channel_renders_the_message_in_its_own_way_and_is_counted_as_what_it_is(state, file, wall, mailbox):
    with mail_server(mailbox) as smtp:
        alerted = run(state, file, channels=[smtp, wall])
    assert alerted.sentence == "smtp: 3 mails sent; wall: 3 notes sent, on the wall"
    assert (alerted.sent, alerted.to_json()["channels"]["wall"]) == (6, {"sent": 3, "delayed": 0, "dead": 0})
    notes = {note["id"]: note for note in map(json.loads, (line for _, line in wall.notes))}
    for message in mailbox.messages:
        note = notes[message["Message-ID"][1:].split("@")[0]]
        assert note["title"] == message["Subject"]
        assert note["text"].split() == message.get_body(("plain",)).get_content().split()


def test_notices_that_are_held_are_held_before_any_channel(state, wall, tmp_path, mailbox):
    tell(state, [a_case(1)], status="held")
    file = publish(tmp_path / "m.duckdb", [a_case(1)])
    with mail_server(mailbox) as smtp:
        alerted = run(state, file, channels=[smtp, wall])
        assert (alerted.sent, alerted.held, wall.notes) == (0, 1, [])
        assert counts(run(state, file, channels=[smtp, wall], held="send")) == {"smtp": (1, 0, 0), "wall": (1, 0, 0)}


@pytest.mark.parametrize("first", ["smtp", "wall"])
def test_killed_between_send_and_settle_the_same_bytes_go_once_more_in_their_own_channel_only(
    state, file, wall, mailbox, first
):
    with mail_server(mailbox) as smtp:
        channels = [smtp, wall] if first == "smtp" else [wall, smtp]
        killed_at("alert:sent", run, state, file, channels=channels)
        arrived = {"smtp": lambda: mailbox.arrived, "wall": lambda: wall.notes}
        other = "wall" if first == "smtp" else "smtp"
        (twice,) = arrived[first]()
        assert arrived[other]() == []
        for minutes in (5, 11, 60):
            run(state, file, channels=[smtp, wall], now=after(minutes))
    assert arrived[first]().count(twice) == 2
    assert len(arrived[first]()) == 4
    assert [recipient for recipient, _ in sorted(arrived[other]())] == OWNERS
    assert {row[:3] for row in by_channel(state)} == {("smtp", "sent", 3), ("wall", "sent", 3)}
