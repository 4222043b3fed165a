"""A process that dies while mailing: nobody is forgotten, and at most one mail comes twice, as the same mail."""

import pytest
from support.killed_process import killed_at
from support.told_cases import OTHER, OWNER, a_case, after, mail_server, publish, rows, run, tell


@pytest.fixture
def file(tmp_path, state):
    cases = [a_case(1), a_case(2, owner_email=OTHER), a_case(3)]
    tell(state, cases[:2])
    return publish(tmp_path / "m.duckdb", cases)


@pytest.mark.parametrize(("at", "duplicates"), [("alert:queued", 0), ("alert:claimed", 0), ("alert:sent", 1)])
def test_killed_at_any_point_everybody_is_mailed_and_at_most_one_mail_comes_twice(state, file, mailbox, at, duplicates):
    with mail_server(mailbox) as smtp:
        killed_at(at, run, state, file, smtp)
        assert len(mailbox.arrived) == duplicates
        run(state, file, smtp, now=after(5))  # whatever the dead process had in hand may still be on its way
        run(state, file, smtp, now=after(11))
        assert run(state, file, smtp, now=after(60)).sent == 0
    assert len(mailbox.arrived) == 2 + duplicates
    assert len(set(mailbox.arrived)) == 2
    assert {recipient for recipient, _ in mailbox.arrived} == {OWNER, OTHER}
    assert len({message["Message-ID"] for message in mailbox.messages}) == 2
    assert rows(state, "select status, count(*) from mails group by status") == [("sent", 2)]


def test_a_mail_that_may_have_arrived_is_not_composed_anew_by_the_next_night(state, file, mailbox):
    with mail_server(mailbox) as smtp:
        killed_at("alert:sent", run, state, file, smtp)
        ((first, content),) = mailbox.arrived
        tell(state, [a_case(3, owner_email=first)], run_id="next night")
        run(state, file, smtp, now=after(24 * 60))
    assert [got for recipient, got in mailbox.arrived if recipient == first][:2] == [content, content]
    assert len(mailbox.arrived) == 4


def test_killed_without_a_mail_server_there_is_one_file_a_mail(state, file):
    killed_at("alert:sent", run, state, file)
    run(state, file, now=after(5))
    run(state, file, now=after(11))
    assert len(list((state / "outbox").glob("*.eml"))) == len(list((state / "outbox").iterdir())) == 2
