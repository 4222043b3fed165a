"""One mail, as bytes: to an owner with what is new of their cases, or to the operator in a few plain lines."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from voc.domain.cases.case import News, Verdict
from voc.domain.cases.case_view import CaseView
from voc.domain.cases.case_words import facts, kind_words, look_first, news_words, stake_words, verdict_words
from voc.domain.display_text import display_text
from voc.domain.formatting import counted, day

_TEMPLATES = Path(__file__).parent / "templates"
_WIDTH = 78  # RFC 5322 (2.1.1): lines should be no longer
_POLICY = SMTP.clone(cte_type="7bit")  # not every server announces 8BITMIME, and smtplib would send 8 bits regardless


@dataclass(frozen=True)
class Envelope:
    """Who gets a mail from whom, and which one it is. ``composed_at``: aware UTC."""

    mail_id: str
    sender: str
    recipient: str
    company: str
    as_of: date
    composed_at: datetime


@dataclass(frozen=True)
class Item:
    """A case that is told in full: what is new of it, and its picture (PNG) with the words in its place."""

    view: CaseView
    news: News
    picture: bytes
    alt: str


@dataclass(frozen=True)
class Letter:
    """What an owner is told. ``others``: ids of the cases for which there was no room; ``late``: data that is late."""

    items: Sequence[Item]
    others: Sequence[str]
    late: Sequence[str]
    is_first: bool
    """The first night opens everything that was going on for long."""
    report_url: str | None


def compose(to: Envelope, letter: Letter) -> bytes:
    """An owner's mail: text, HTML, and each case's picture inside the mail. No customer's words, nothing to fetch."""
    n_cases = len(letter.items) + len(letter.others)
    subject = f"{counted(n_cases, 'case')} for you: {_night_of(to)}"
    pictures = [f"chart-{n}.{to.mail_id}@{_domain(to)}" for n in range(1, len(letter.items) + 1)]
    told = {
        "letter": letter,
        "cases": [_case(item, cid) for item, cid in zip(letter.items, pictures, strict=True)],
        "others": [display_text(case_id) for case_id in letter.others],
        "late": [display_text(line) for line in letter.late],
        "title": counted(n_cases, "case") + " for you",
        "night": _night_of(to),
        "verdicts": {verdict.value: verdict_words(verdict) for verdict in Verdict},
    }
    message = _message(to, f"First look: {subject}" if letter.is_first else subject)
    message.set_content(_render("mail.txt.j2", told), cte="quoted-printable")
    message.add_alternative(_render("mail.html.j2", told), subtype="html", cte="quoted-printable")
    html = message.get_payload()[1]  # type: ignore[index]  # of two parts, the stubs think of one text
    for item, cid in zip(letter.items, pictures, strict=True):
        html.add_related(  # type: ignore[union-attr]  # as above
            item.picture,
            "image",
            "png",
            cid=f"<{cid}>",
            disposition="inline",
            filename=f"{display_text(item.view.case_id)}.png",
        )
    if pictures:
        html.set_param("type", "text/html")  # type: ignore[union-attr]  # RFC 2387 (3.1) requires it
    return message.as_bytes()


def compose_plain(to: Envelope, subject: str, lines: Sequence[str]) -> bytes:
    """An operator's mail: a few sentences, each its own paragraph."""
    message = _message(to, subject)
    message.set_content("\n\n".join(_wrapped(line) for line in lines) + "\n", cte="quoted-printable")
    return message.as_bytes()


def _message(to: Envelope, subject: str) -> EmailMessage:
    """The head of a mail. Whatever came from outside is stripped of what could end a header."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = display_text(to.sender)
    message["To"] = display_text(to.recipient)
    message["Subject"] = display_text(subject)
    message["Date"] = format_datetime(to.composed_at)
    message["Message-ID"] = f"<{to.mail_id}@{_domain(to)}>"
    message["List-Id"] = f"voc cases <voc.{_domain(to)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies are not wanted
    return message


def _case(item: Item, cid: str) -> dict[str, Any]:
    """One case in words, fit to be shown."""
    view = item.view
    about = [text for text in (view.subject, view.segment, view.region, view.plan) if text and text != view.name]
    case_id = display_text(view.case_id)
    said: dict[str, Any] = {
        "name": view.name,
        "about": ", ".join(about),
        "news": news_words(item.news),
        "kind": kind_words(view.kind),
        "stake": stake_words(view),
        "reason": view.reason,
        "look_first": look_first(view),
        "alt": item.alt,
        "why": f"Why you: {view.owner_why}. Due {day(view.due_on, view.as_of)}.",
    }
    return {
        **{key: display_text(text) for key, text in said.items()},
        "case_id": case_id,
        "cid": cid,
        "facts": [display_text(fact) for fact in facts(view)],
        "commands": [
            f"voc case show {case_id}",
            f"voc case acknowledge {case_id}",
            f'voc case close {case_id} --verdict VERDICT --note "what you found"',
        ],
    }


def _night_of(to: Envelope) -> str:
    return f"{to.company}, {day(to.as_of, to.composed_at.date())}"


def _domain(to: Envelope) -> str:
    return display_text(to.sender).rpartition("@")[2]


def _render(template: str, told: Mapping[str, Any]) -> str:
    return _environment().get_template(template).render(told)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html.j2"], disabled_extensions=["txt.j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = _wrapped
    return environment


def _wrapped(text: str, indent: str = "") -> str:
    """The text in lines that every mail client shows whole."""
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent), break_on_hyphens=False
    )
