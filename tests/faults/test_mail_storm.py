"""Too many cases at once, and nights that went badly: what is held, and what the operator hears."""

import time

import pytest
from support.told_cases import NOW, OTHER, OWNER, RUN, a_case, after, delivery, mail_server, publish, rows, run, tell

from voc.steps import alert

OPERATOR = "ops@lumen.example"


@pytest.fixture
def file(tmp_path):
    return publish(tmp_path / "m.duckdb", [a_case(1), a_case(3)])


# 29: far too many cases


def test_five_thousand_new_cases_are_one_mail_an_owner_composed_in_seconds(state, tmp_path, mailbox):
    cases = [a_case(n, owner_email=OTHER if n % 2 else OWNER) for n in range(5_000)]
    tell(state, cases)
    file = publish(tmp_path / "m.duckdb", cases)
    began = time.monotonic()
    with mail_server(mailbox) as smtp:
        assert run(state, file, smtp).sent == 2
    assert time.monotonic() - began < 60
    for message in mailbox.messages:
        html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
        assert message["Subject"] == "2,500 cases for you: Lumen Broadband, 1 March"
        assert html.count("<img") == text.count("voc case show") == 10
        assert "And 2,490 more" in text
    assert rows(state, "select status, count(*) from outbox group by status") == [("mailed", 5_000)]


def test_held_notices_reach_nobody_but_the_operator_until_somebody_answers(state, file, mailbox):
    tell(state, [a_case(1), a_case(3)], status="held")
    with mail_server(mailbox) as smtp:
        for _ in range(2):
            alerted = run(state, file, smtp, operator=OPERATOR)
            assert alerted.held == 2
            assert f"2 notices of the night {RUN} held" in alerted.warnings[0]
        assert [message["To"] for message in mailbox.messages] == [OPERATOR]
        assert "voc alert --held send" in " ".join(mailbox.messages[0].get_content().split())
        assert run(state, file, smtp, operator=OPERATOR, held="send").sent == 1
    assert [message["To"] for message in mailbox.messages] == [OPERATOR, OWNER]


def test_dropped_notices_are_never_told(state, file, mailbox):
    tell(state, [a_case(1)], status="held")
    with mail_server(mailbox) as smtp:
        alerted = run(state, file, smtp, held="drop")
    assert (alerted.sent, alerted.held, mailbox.arrived) == (0, 0, [])


# 30: data is late


def test_late_data_is_told_once_a_fact_and_to_owners_too(state, file, mailbox):
    late = "source bi is late: nothing newer than 2026-02-20 05:00 UTC"
    with mail_server(mailbox) as smtp:
        assert run(state, file, smtp, operator=OPERATOR, late=[late]).warnings == (late,)
        tell(state, [a_case(1)])
        run(state, file, smtp, operator=OPERATOR, late=[late], now=after(24 * 60))
        run(state, file, smtp, operator=OPERATOR, late=[late.replace("20 05", "27 05")], now=after(48 * 60))
    assert [message["To"] for message in mailbox.messages] == [OPERATOR, OWNER, OPERATOR]
    assert mailbox.messages[0]["Subject"] == "Data late: Lumen Broadband"
    assert late in " ".join(mailbox.messages[1].get_body(("plain",)).get_content().split())


def test_without_an_operator_there_are_warnings_only(state, file):
    tell(state, [a_case(1)], status="held")
    alerted = run(state, file, late=["source bi is late"])
    assert (alerted.sent, alerted.held, len(alerted.warnings)) == (0, 1, 2)


def test_a_failed_night_is_told_to_the_operator_once_a_day(state, mailbox):
    with mail_server(mailbox) as smtp:
        for hours in (0, 1, 24):
            alert.tell_operator(
                state,
                subject="Night failed",
                lines=["step land"],
                now=after(60 * hours),
                delivery=delivery(state, smtp, OPERATOR),
            )
        alert.tell_operator(state, subject="Night failed", lines=["step land"], now=NOW, delivery=delivery(state, smtp))
    assert [(message["To"], message["Subject"]) for message in mailbox.messages] == [(OPERATOR, "Night failed")] * 2


def test_held_notices_are_still_told_of_when_the_file_of_their_night_has_been_pruned(state, file):
    tell(state, [a_case(1)], status="held")
    assert run(state, file).held == 1
    alerted = run(state, file, is_published=lambda run_id: False)
    assert (alerted.held, len(alerted.warnings)) == (1, 1)
