"""What a person is told: an owner what is new of their cases, the operator a few plain lines."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from voc.adapters.channels.channel import Message, Picture
from voc.domain.cases.case import News, Verdict
from voc.domain.cases.case_view import CaseView
from voc.domain.cases.case_words import facts, kind_words, look_first, news_words, stake_words, verdict_words
from voc.domain.display_text import display_text
from voc.domain.formatting import counted, day

_TEMPLATES = Path(__file__).parent / "templates"
_WIDTH = 78  # RFC 5322 (2.1.1): lines should be no longer


@dataclass(frozen=True)
class Envelope:
    """Whom a message is for, and which one it is. ``composed_at``: aware UTC."""

    message_id: str
    recipient: str
    company: str
    as_of: date
    composed_at: datetime


@dataclass(frozen=True)
class DigestCase:
    """A case that is told in full: what is new of it, and its picture (PNG) with the words in its place."""

    view: CaseView
    news: News
    picture: bytes
    alt: str


@dataclass(frozen=True)
class Digest:
    """What an owner is told. ``others``: ids of the cases for which there was no room; ``late``: data that is late."""

    items: Sequence[DigestCase]
    others: Sequence[str]
    late: Sequence[str]
    is_first: bool
    """The first night opens everything that was going on for long."""
    report_url: str | None


def compose_digest(to: Envelope, digest: Digest) -> Message:
    """An owner's message: text, HTML, and a picture of each case. No customer's words, nothing to fetch."""
    n_cases = len(digest.items) + len(digest.others)
    subject = f"{counted(n_cases, 'case')} for you: {_night_of(to)}"
    pictures = tuple(Picture(f"{display_text(item.view.case_id)}.png", item.picture, item.alt) for item in digest.items)
    context = {
        "digest": digest,
        "cases": [_case(item, picture) for item, picture in zip(digest.items, pictures, strict=True)],
        "others": [display_text(case_id) for case_id in digest.others],
        "late": [display_text(line) for line in digest.late],
        "title": counted(n_cases, "case") + " for you",
        "night": _night_of(to),
        "verdicts": {verdict.value: verdict_words(verdict) for verdict in Verdict},
    }
    return Message(
        to.message_id,
        to.recipient,
        to.composed_at,
        subject=display_text(f"First look: {subject}" if digest.is_first else subject),
        text=_render("mail.txt.j2", context),
        html=_render("mail.html.j2", context),
        pictures=pictures,
    )


def compose_plain(to: Envelope, subject: str, lines: Sequence[str]) -> Message:
    """An operator's message: a few sentences, each its own paragraph."""
    text = "\n\n".join(_wrapped(line) for line in lines) + "\n"
    return Message(to.message_id, to.recipient, to.composed_at, display_text(subject), text)


def _case(item: DigestCase, picture: Picture) -> dict[str, Any]:
    """One case in words, fit to be shown."""
    view = item.view
    about = [text for text in (view.subject, view.segment, view.region, view.plan) if text and text != view.name]
    case_id = display_text(view.case_id)
    texts: dict[str, Any] = {
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
        **{key: display_text(text) for key, text in texts.items()},
        "case_id": case_id,
        "picture": picture.name,
        "facts": [display_text(fact) for fact in facts(view)],
        "commands": [
            f"voc case show {case_id}",
            f"voc case acknowledge {case_id}",
            f'voc case close {case_id} --verdict VERDICT --note "what you found"',
        ],
    }


def _night_of(to: Envelope) -> str:
    return f"{to.company}, {day(to.as_of, to.composed_at.date())}"


def _render(template: str, context: Mapping[str, Any]) -> str:
    return _environment().get_template(template).render(context)


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
