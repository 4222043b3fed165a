"""What goes wrong with mail: hostile names, servers that are down or refuse, runs that come twice."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import duckdb
import pytest
from support.told_cases import (
    AS_OF,
    CUSTOMERS_WORDS,
    OTHER,
    OWNER,
    RUN,
    SENDER,
    a_case,
    after,
    first_night,
    free_port,
    mail_server,
    publish,
    rows,
    run,
    tell,
)

from voc.adapters.channels.smtp import SmtpChannel
from voc.adapters.control_store import notices
from voc.domain.cases.case import News

OPERATOR = "ops@lumen.example"
SESAME = "hunter2-correct-horse"
PAYLOADS = [
    "Acme\r\nBcc: victim@evil.example",
    "Acme\nContent-Type: text/html\n\n<h1>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{% raw %}",
    "</td></table><!--",
    "javascript:alert(1)",
    "exe.\u202egnp\u202c\u2066\x00\x1b[31m",
    "-- \r\n.\r\nQUIT",
]


class Page(HTMLParser):
    """Tags, names of attributes and text of an HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def file(tmp_path):
    """Marts that hold the cases told below, and a customer's words beside them."""
    file = publish(tmp_path / "m.duckdb", [a_case(n, owner_email=OTHER if n == 2 else OWNER) for n in range(1, 4)])
    with duckdb.connect(str(file)) as marts:
        marts.execute("create table marts.fct_feedback as select ? as safe_text", [CUSTOMERS_WORDS])
    return file


def html_and_text(message):
    return message.get_body(("html",)).get_content(), message.get_body(("plain",)).get_content()


# 25: header injection


def test_hostile_names_end_no_header_and_run_nothing(state, tmp_path, mailbox):
    cases = [a_case(n, reason=f"{it} held.", owner_why=f"route segment {it}") for n, it in enumerate(PAYLOADS)]
    tell(state, cases)
    file = publish(tmp_path / "m.duckdb", cases, {f"C{n}": payload for n, payload in enumerate(PAYLOADS)})
    with mail_server(mailbox) as smtp:
        assert run(state, file, smtp).sent == 1
    assert [recipient for recipient, _ in mailbox.arrived] == [OWNER]
    (message,) = mailbox.messages
    assert (message["To"], message["Bcc"]) == (OWNER, None)
    assert message["Subject"] == f"{len(PAYLOADS)} cases for you: Lumen Broadband, 1 March"
    html, text = html_and_text(message)
    page = Page(html)
    assert set(page.tags) <= {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "h1", "h2", "p",
                              "strong", "img", "ul", "li", "div", "a"}  # fmt: skip
    assert (page.tags.count("img"), page.tags.count("h1"), page.attributes & {"onerror", "onload"}) == (10, 1, set())
    for part in (page.text, text):
        for payload in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "Acme Bcc: victim"):
            assert payload in part
        assert not set("\u202e\u202c\u2066\x00\x1b") & set(part)


@pytest.mark.parametrize(
    "owner",
    ["ann@lumen.example\r\nBcc: victim@evil.example", "victim@evil.example", "ann@lumen.example, x@evil.example", ""],
)
def test_mail_to_anything_but_one_allowed_address_is_never_sent(state, file, mailbox, owner):
    tell(state, [a_case(1), a_case(2, owner_email=owner)])
    with mail_server(mailbox) as smtp:
        alerted = run(state, file, smtp)
    assert (alerted.sent, alerted.dead) == (1, 1)
    assert [recipient for recipient, _ in mailbox.arrived] == [OWNER]
    (dead,) = notices.standing(state)["dead"]
    assert dead["why"] == "the recipient is outside alerts.allowed_domains"


# 26: the mail server is down


def test_after_an_outage_each_owner_gets_one_grouped_mail(state, file, mailbox):
    tell(state, [a_case(1), a_case(2, owner_email=OTHER)])
    port = free_port()
    down = SmtpChannel(SENDER, "127.0.0.1", port, starttls=False)
    alerted = run(state, file, down)
    assert (alerted.sent, alerted.delayed, alerted.dead) == (0, 2, 0)
    (warning,) = alerted.warnings
    assert "is delayed: no session with the mail server: ConnectionRefusedError" in warning
    assert rows(state, "select status, sum(attempts), count(next_try_at) from mails group by status") == [
        ("pending", 1, 1)
    ]

    tell(state, [a_case(3)], run_id="next night")
    tell(state, [a_case(1)], run_id="next night", news=News.WORSE)
    with mail_server(mailbox, port) as smtp:
        assert smtp == down
        alerted = run(state, file, smtp, now=after(24 * 60))
    assert (alerted.sent, alerted.delayed) == (2, 0)
    assert {message["To"]: message["Subject"] for message in mailbox.messages} == {
        OWNER: "2 cases for you: Lumen Broadband, 1 March",
        OTHER: "1 case for you: Lumen Broadband, 1 March",
    }


def test_a_mail_is_left_alone_until_its_time_has_come(state, file, mailbox):
    tell(state, [a_case(1)])
    mailbox.answers[OWNER] = "451 4.7.1 later"
    with mail_server(mailbox) as smtp:
        assert run(state, file, smtp).delayed == 1
        mailbox.answers.clear()
        assert run(state, file, smtp, now=after(29)).sent == 0
        assert run(state, file, smtp, now=after(46)).sent == 1
    assert len(mailbox.arrived) == 1


def test_a_wrong_password_delays_all_mails_buries_none_and_is_told_nowhere(state, file, mailbox, capfd, caplog):
    tell(state, [a_case(1), a_case(2, owner_email=OTHER)])
    with mail_server(mailbox) as smtp:  # it offers no login at all
        for minutes in (0, 6 * 24 * 60):
            alerted = run(state, file, replace(smtp, user="voc", password=SESAME), now=after(minutes))
            assert (alerted.delayed, alerted.dead, len(alerted.warnings)) == (2, 0, 1)
    told = [repr(alerted), repr(notices.standing(state)), *map(repr, rows(state, "select * from mails")), caplog.text]
    assert [SESAME in text for text in (*told, *capfd.readouterr())] == [False] * (len(told) + 2)


# 27 is test_alert_crash.py


def test_a_second_run_sends_nothing(state, file, mailbox):
    tell(state, [a_case(1), a_case(2, owner_email=OTHER)])
    with mail_server(mailbox) as smtp:
        assert run(state, file, smtp, operator=OPERATOR, late=["source bi is late"]).sent == 3
        for minutes in (0, 60, 9 * 24 * 60):
            again = run(state, file, smtp, operator=OPERATOR, late=["source bi is late"], now=after(minutes))
            assert (again.sent, again.delayed, again.dead) == (0, 0, 0)
    assert len(mailbox.arrived) == 3


def test_without_a_server_a_mail_is_one_file_and_a_second_run_writes_nothing(state, file):
    tell(state, [a_case(1), a_case(2, owner_email=OTHER)])
    assert run(state, file).sent == 2
    written = {path: path.stat().st_mtime_ns for path in (state / "outbox").iterdir()}
    assert sorted(message_from_bytes(p.read_bytes(), policy=default)["To"] for p in written) == [OWNER, OTHER]
    assert run(state, file).sent == 0
    assert {path: path.stat().st_mtime_ns for path in (state / "outbox").iterdir()} == written


# 28: one recipient is refused


@pytest.mark.parametrize(("answer", "delayed", "dead"), [("550 5.1.1 unknown", 0, 1), ("450 4.2.1 busy", 1, 0)])
def test_a_refused_recipient_leaves_the_others_alone(state, file, mailbox, answer, delayed, dead):
    tell(state, [a_case(1), a_case(2, owner_email=OTHER)])
    mailbox.answers[OWNER] = answer
    with mail_server(mailbox) as smtp:
        alerted = run(state, file, smtp)
        assert (alerted.sent, alerted.delayed, alerted.dead) == (1, delayed, dead)
        mailbox.answers.clear()
        assert run(state, file, smtp, now=after(60)).sent == delayed
    assert [recipient for recipient, _ in mailbox.arrived] == [OTHER] + [OWNER] * delayed
    assert len(notices.standing(state)["dead"]) == dead


# what a mail is about


def test_the_first_nights_mail_says_first_look_and_the_next_does_not(state, file, mailbox):
    first_night(state, AS_OF)
    with mail_server(mailbox) as smtp:
        tell(state, [a_case(1)])
        run(state, file, smtp)
        tell(state, [a_case(3)], run_id="next night", as_of=AS_OF.replace(day=2))
        run(state, file, smtp, now=after(24 * 60))
    assert ["First look" in message["Subject"] for message in mailbox.messages] == [True, False]


def test_no_customers_words_leave_by_mail(state, file, mailbox):
    tell(state, [a_case(1)])
    with mail_server(mailbox) as smtp:
        run(state, file, smtp)
    (message,) = mailbox.messages
    for part in html_and_text(message):
        assert "C1" in part
        assert not any(word in part for word in ("fitter", "nobody called"))


def test_a_night_that_was_never_published_is_not_told(state, file, mailbox):
    tell(state, [a_case(1)], run_id="died before publish")
    with mail_server(mailbox) as smtp:
        assert run(state, file, smtp, is_published=lambda run_id: run_id == RUN).sent == 0
