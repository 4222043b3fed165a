"""One mail as its reader's program takes it apart: head, text, HTML, pictures."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from support.told_cases import AS_OF, NOW, OWNER, SENDER, a_case, publish

from voc.adapters.channels import mime
from voc.adapters.channels.compose import Digest, DigestCase, Envelope, compose_digest, compose_plain
from voc.adapters.published import case_views
from voc.adapters.report import case_chart
from voc.domain.cases.case import News, Verdict
from voc.domain.cases.case_words import facts, look_first

ENVELOPE = Envelope("5e5e", OWNER, "Lumen Broadband", AS_OF, NOW)


class Page(HTMLParser):
    """The tags and the text of an HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def views(tmp_path_factory):
    cases = [a_case(n) for n in range(3)]
    return case_views.read(publish(tmp_path_factory.mktemp("marts") / "m.duckdb", cases, {"C0": "Brouwer Dental"}))


def items(views, news=News.NEW):
    return [DigestCase(view, news, case_chart.png(view), case_chart.alt(view)) for view in views]


def digest(views, **changes) -> Digest:
    return replace(Digest(items(views), others=(), late=(), is_first=False, report_url=None), **changes)


def mail(to: Envelope, digest: Digest, sender: str = SENDER) -> bytes:
    return mime.encode(compose_digest(to, digest), sender)


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def html_of(message: EmailMessage) -> Page:
    return Page(message.get_body(("html",)).get_content())


def test_the_head_says_what_mail_programs_need(views):
    message = parsed(mail(ENVELOPE, digest(views)))
    assert dict(message.items()) == {
        "From": "voc@lumen.example",
        "To": OWNER,
        "Subject": "3 cases for you: Lumen Broadband, 1 March",
        "Date": "Mon, 02 Mar 2026 05:00:00 +0000",
        "Message-ID": "<5e5e@lumen.example>",
        "List-Id": "voc cases <voc.lumen.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "multipart/related"]


def test_one_case_is_one_case_and_an_old_night_names_its_year(views):
    old = replace(ENVELOPE, as_of=date(2025, 12, 31))
    assert parsed(mail(old, digest(views[:1])))["Subject"] == "1 case for you: Lumen Broadband, 31 December 2025"


def test_the_first_night_says_so(views):
    message = parsed(mail(ENVELOPE, digest(views, is_first=True)))
    assert message["Subject"].startswith("First look: 3 cases for you")
    assert "First look" in text_of(message)
    assert "First look" in html_of(message).text


def test_the_text_is_whole_without_the_html(views):
    text = text_of(parsed(mail(ENVELOPE, digest(views))))
    flat = " ".join(text.split())
    for view in views:
        told = (view.name, view.reason, look_first(view), view.owner_why, "a month at stake", *facts(view))
        assert [said for said in told if " ".join(said.split()) not in flat] == []
        lines = text.splitlines()
        assert f"voc case show {view.case_id}" in lines
        assert f"voc case acknowledge {view.case_id}" in lines
        assert f'voc case close {view.case_id} --verdict VERDICT --note "what you found"' in lines
    assert [verdict for verdict in Verdict if f"- {verdict}:" not in text] == []
    assert max(map(len, text.splitlines())) <= 78


def test_text_and_html_say_the_same(views):
    message = parsed(mail(ENVELOPE, digest(views, others=["c8", "c9"], late=["source bi is late"])))
    squeezed = re.sub(r"[-\s]", "", html_of(message).text).casefold()
    lines = [re.sub(r"[-\s]", "", line).casefold() for line in text_of(message).splitlines()]
    assert len(lines) > 60
    assert [line for line in lines if line.replace("(new)", "") not in squeezed] == []


@pytest.mark.parametrize("news", News)
def test_each_piece_of_news_is_told_as_what_it_is(views, news):
    message = parsed(mail(ENVELOPE, digest([], items=items(views[:1], news))))
    words = {
        "new": "new", "worse": "worse than you were told", "reopened": "came back",
        "reassigned": "yours now, somebody else's before", "back": "its snooze is over",
        "changed": "now about something else than you were told",
    }  # fmt: skip
    assert f"1. Brouwer Dental ({words[news]}" in " ".join(text_of(message).split())
    assert words[news] in html_of(message).text


def test_each_picture_is_in_the_mail_and_shown_once_with_words_in_its_place(views):
    message = parsed(mail(ENVELOPE, digest(views)))
    related = list(message.iter_parts())[1]
    pictures = [part for part in related.iter_parts() if part.get_content_type() == "image/png"]
    shown = html_of(message).all("img")
    assert [image["src"] for image in shown] == [f"cid:{part['Content-ID'].strip('<>')}" for part in pictures]
    assert len({image["src"] for image in shown}) == len(views)
    assert [part.get_content() for part in pictures] == [case_chart.png(view) for view in views]
    assert [image["alt"] for image in shown] == [case_chart.alt(view) for view in views]
    assert all(image["alt"] for image in shown)
    assert {part.get_content_disposition() for part in pictures} == {"inline"}
    assert related.get_param("type") == "text/html"


def test_nothing_is_fetched_or_run(views):
    page = html_of(parsed(mail(ENVELOPE, digest(views))))
    assert page.all("script") == page.all("link") == page.all("form") == page.all("iframe") == []
    links = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")]
    assert [link for link in links if not link.startswith("cid:")] == []
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_the_page_tells_its_language_and_its_headings_in_order(views):
    page = html_of(parsed(mail(ENVELOPE, digest(views))))
    assert page.all("html") == [{"lang": "en"}]
    assert [tag for tag, _ in page.tags if tag in ("h1", "h2", "h3")] == ["h1", "h2", "h2", "h2"]
    assert {table["role"] for table in page.all("table")} == {"presentation"}


def test_what_had_no_room_is_counted_and_listed_or_linked(views):
    others = [f"c{n}" for n in range(100, 4_100)]
    listed = parsed(mail(ENVELOPE, digest(views, others=others)))
    assert listed["Subject"].startswith("4,003 cases for you")
    for part in (text_of(listed), html_of(listed).text):
        assert "And 4,000 more" in part
        assert set(re.findall(r"\bc\d{3,4}\b", part)) == set(others)
    linked = parsed(mail(ENVELOPE, digest(views, others=others, report_url="https://voc.lumen.example/latest/")))
    assert "c100" not in text_of(linked)
    assert "https://voc.lumen.example/latest/" in text_of(linked).splitlines()
    assert [link["href"] for link in html_of(linked).all("a")] == ["https://voc.lumen.example/latest/"]


def test_late_data_is_told(views):
    message = parsed(mail(ENVELOPE, digest(views, late=["source bi is late: nothing newer than 2026-02-20"])))
    for part in (text_of(message), html_of(message).text):
        assert "Not all data is in: source bi is late: nothing newer than 2026-02-20" in part


def test_only_seven_bits_travel(views):
    name = "Zoë " * 400
    content = mail(ENVELOPE, digest([replace(views[0], name=name)]))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert "Zoë Zoë" in text_of(parsed(content))
    assert max(map(len, text_of(parsed(content)).splitlines())) <= 78


def test_a_long_domain_keeps_its_message_id_whole(views):
    sender = f"voc@{'a' * 60}.{'b' * 60}.example"
    content = mail(replace(ENVELOPE, message_id="f" * 24), digest(views[:1]), sender)
    assert f"<{'f' * 24}@{sender[4:]}>".encode() in content


def test_the_operators_mail_is_a_few_plain_lines():
    plain = compose_plain(ENVELOPE, "Data late: Lumen Broadband", ["source bi is late", "and more " * 20])
    message = parsed(mime.encode(plain, SENDER))
    assert message["Subject"] == "Data late: Lumen Broadband"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().splitlines()[:2] == ["source bi is late", ""]
