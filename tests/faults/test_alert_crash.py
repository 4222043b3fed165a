"""A process that dies while mailing: nobody is forgotten, and at most one mail comes twice, as the same mail."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import TESTS
from support.told_cases import OTHER, OWNER, Mailbox, a_case, after, free_port, mail_server, publish, rows, run, tell

CHILD = """
import sys
from pathlib import Path
from support.told_cases import SENDER, run
from voc.adapters.channels.smtp import SmtpChannel
state, file, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
run(state, file, SmtpChannel(SENDER, "127.0.0.1", port, starttls=False) if port else None)
"""


@pytest.fixture
def file(tmp_path, state):
    cases = [a_case(1), a_case(2, owner_email=OTHER), a_case(3)]
    tell(state, cases[:2])
    return publish(tmp_path / "m.duckdb", cases)


def run_and_die(state: Path, file: Path, at: str, port: int = 0) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(state), str(file), str(port)],
        env=os.environ | {"VOC_CRASH_AT": at, "PYTHONPATH": str(TESTS)},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("at", "duplicates"), [("alert:queued", 0), ("alert:claimed", 0), ("alert:sent", 1)])
def test_killed_at_any_point_everybody_is_mailed_and_at_most_one_mail_comes_twice(state, file, at, duplicates):
    mailbox, port = Mailbox(), free_port()
    with mail_server(mailbox, port) as smtp:
        run_and_die(state, file, at, port)
        assert len(mailbox.arrived) == duplicates
        run(state, file, smtp, now=after(5))  # whatever the dead process had in hand may still be on its way
        run(state, file, smtp, now=after(11))
        assert run(state, file, smtp, now=after(60)).sent == 0
    assert len(mailbox.arrived) == 2 + duplicates
    assert len(set(mailbox.arrived)) == 2
    assert {recipient for recipient, _ in mailbox.arrived} == {OWNER, OTHER}
    assert len({message["Message-ID"] for message in mailbox.messages}) == 2
    assert rows(state, "select status, count(*) from mails group by status") == [("sent", 2)]


def test_a_mail_that_may_have_arrived_is_not_composed_anew_by_the_next_night(state, file):
    mailbox, port = Mailbox(), free_port()
    with mail_server(mailbox, port) as smtp:
        run_and_die(state, file, "alert:sent", port)
        ((first, content),) = mailbox.arrived
        tell(state, [a_case(3, owner_email=first)], run_id="next night")
        run(state, file, smtp, now=after(24 * 60))
    assert [got for recipient, got in mailbox.arrived if recipient == first][:2] == [content, content]
    assert len(mailbox.arrived) == 4


def test_killed_without_a_mail_server_there_is_one_file_a_mail(state, file):
    run_and_die(state, file, "alert:sent")
    run(state, file, now=after(5))
    run(state, file, now=after(11))
    assert len(list((state / "outbox").glob("*.eml"))) == len(list((state / "outbox").iterdir())) == 2
