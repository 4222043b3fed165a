"""Redaction that needs no knowledge of the customer."""

import re
from collections.abc import Sequence

import phonenumbers

from voc.language.redaction.accounts import cards, ibans
from voc.language.redaction.addresses import AT_WORDS, emails, ips
from voc.language.redaction.links import KEY_STARTS, secrets
from voc.language.redaction.national import national_ids
from voc.language.redaction.normalised_text import NormalisedText, Span, mask, plain, united, views
from voc.language.redaction.phones import phones

# The more specific before the more general, since what one rule takes no later one sees: a link's password may hold an
# address's "@", an IBAN a card's digits, a CPF and an IP address those of a phone number.
_RULES = (
    ("secret", secrets), ("email", emails), ("iban", ibans), ("card", cards), ("national id", national_ids),
    ("ip", ips), ("phone", phones),
)  # fmt: skip

# Three quick searches, each beginning with a set of characters, that together find whatever a rule might.
_DIGIT_HINTS = re.compile(
    r"\d(?:(?:\D{0,3}\d){4}|\.\d{1,3}\.\d{1,3}\.\d|(?<=[A-Za-z]{2}\d)\d(?:[\s.\-]{0,2}[A-Za-z\d]){10})"
)
_SIGN_HINTS = re.compile(r"@(?:(?<=\S@)\S|(?<=\s@)\s)|=(?<=\w=)\S|%40|:[\da-fA-F]*:|//(?=\S{20})")
_WORD_HINTS = re.compile(rf"[(\[{{<]\s*(?i:{AT_WORDS})\s*[)\]}}>]|\s(?i:dot)\s|{KEY_STARTS}")


def redact(texts: Sequence[str], regions: Sequence[str | None]) -> list[str]:
    """Each text with a placeholder for every e-mail, phone, card, account, national id, IP address and secret.

    regions: the ISO 3166 country of each text's customer, in which a number without country code is read; None or
    anything else where it isn't known. Raises ValueError when the lengths differ.

    >>> redact(["Call 020 123 4567 or mail j.doe@example.com!", "Order 12345, 3 May 2024"], ["NL", None])
    ['Call [phone] or mail [email]!', 'Order 12345, 3 May 2024']
    """
    if len(texts) != len(regions):
        raise ValueError(f"{len(texts)} texts but {len(regions)} regions")
    safe = list(texts)
    plains = list(map(plain, safe))
    looks = zip(
        map(_DIGIT_HINTS.search, plains), map(_SIGN_HINTS.search, plains), map(_WORD_HINTS.search, plains), strict=True
    )
    for row in [row for row, look in enumerate(looks) if any(look)]:
        region = regions[row]
        safe[row] = _redacted(safe[row], region if region in phonenumbers.SUPPORTED_REGIONS else None)
    return safe


def _redacted(text: str, region: str | None) -> str:
    """Repeats until nothing is found: each round leaves less text outside placeholders, so that it ends."""
    for view in views(text):
        if found := _find(view, region):
            return _redacted(view.replace(text, found), region)
    return text


def _find(view: NormalisedText, region: str | None) -> list[tuple[Span, str]]:
    found: list[tuple[Span, str]] = []
    remaining = view.plain
    for kind, rule in _RULES:
        spans = united(rule(remaining, region))
        remaining = mask(remaining, spans)
        found += [(span, kind) for span in spans]
    return found
