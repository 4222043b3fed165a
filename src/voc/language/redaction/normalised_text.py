"""A text as the rules read it: digits, dashes, spaces and letters in plain form, nothing invisible between them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PLACEHOLDER_KINDS = ("email", "phone", "card", "iban", "national id", "ip", "secret", "name", "customer id")
"""What a placeholder may say."""
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(PLACEHOLDER_KINDS)})\]")
MASK = "\uffff"
"""Replaces what is found already; a noncharacter, which is neither a word, a space nor punctuation."""
EDGE, END = r"(?<![^\W_])", r"(?![^\W_])"
"""Where a find may begin and end: no other letter or digit touches it."""

Span = tuple[int, int]

INVISIBLE = frozenset({"Mn", "Me", "Cf"})
"""Unicode categories of marks (accents, keycaps), zero-width and bidi characters and soft hyphens."""


class _Plain(dict[int, str]):
    """For `str.translate`: what a character is read as, looked up once."""

    def __init__(self, gap: str) -> None:
        self.gap = gap

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category, digit = unicodedata.category(char), unicodedata.digit(char, None)
        compatible = unicodedata.normalize("NFKC", char)
        if category in INVISIBLE:
            plain = self.gap
        elif digit is not None:
            plain = str(digit)
        elif category == "Pd" or char == "\u2212":
            plain = "-"
        elif category == "Zs":
            plain = " "
        else:
            plain = compatible if len(compatible) == 1 else char
        self[code] = plain
        return plain


_WITHOUT_INVISIBLE, _WITH_SPACES = _Plain(""), _Plain(" ")


def plain(text: str) -> str:
    """The text with every kind of digit, dash and space as the ASCII one and without invisible characters."""
    return text if text.isascii() else text.translate(_WITHOUT_INVISIBLE)


@dataclass(frozen=True)
class NormalisedText:
    """A text read plainly, placeholders masked; ``origin`` holds the place of each plain character, and the end."""

    plain: str
    origin: range | list[int]

    def replace(self, text: str, found: Iterable[tuple[Span, str]]) -> str:
        """``text`` with the placeholder of its kind in place of each span of the plain text."""
        pieces, done = [], 0
        for (start, end), kind in sorted(found):
            pieces += [text[done : self.origin[start]], f"[{kind}]"]
            done = self.origin[end]
        return "".join(pieces) + text[done:]


def views(text: str) -> Iterator[NormalisedText]:
    """The text with its invisible characters left out and, if it has any, with spaces in their place.

    Both are needed: a zero-width space may be meant to part two words or to hide a number.
    """
    closed = plain(text)
    if len(closed) == len(text):
        yield NormalisedText(_masked(closed), range(len(text) + 1))
        return
    origin = [place for place, char in enumerate(text) if char.isascii() or _WITHOUT_INVISIBLE[ord(char)]]
    yield NormalisedText(_masked(closed), [*origin, len(text)])
    yield NormalisedText(_masked(text.translate(_WITH_SPACES)), range(len(text) + 1))


def _masked(text: str) -> str:
    return PLACEHOLDER.sub(lambda found: MASK * len(found[0]), text)


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with `MASK` over each span, as long as before."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], MASK * (end - start)]
        done = end
    return "".join(pieces) + text[done:]


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, overlapping ones as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
