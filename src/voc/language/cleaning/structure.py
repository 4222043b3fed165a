"""Rules that look at one text alone, tried only on the texts they can apply to."""

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from voc.language.cleaning import footers, markup, quotes, signatures

_STRIPPING = (
    (quotes.QUOTE_MARKS, quotes.without_quotes),
    (footers.FOOTER_MARKS, footers.without_footers),
)
_SEARCHED_AT_ONCE = 8192  # texts searched at once: bounds the memory; any size gives the same result
_TRAILING = re.compile(r"[ \t]+(?=\n)")
_BLANK_LINES = re.compile(r"\n{3,}")


def strip(texts: list[str]) -> list[int]:
    """Take HTML, quoted mail and ticket footers off the texts, in place; positions of the texts that may be signed."""
    signed: list[int] = []
    for start in range(0, len(texts), _SEARCHED_AT_ONCE):
        lowered = list(map(str.lower, texts[start : start + _SEARCHED_AT_ONCE]))
        html = start + holding(lowered, markup.MARKUP_MARKS)  # its tags and entities may hide the marks of other rules
        put(texts, html, markup.to_text)
        for marks, rule in _STRIPPING:
            put(texts, np.union1d(html, start + holding(lowered, marks)), rule)
        signed += np.union1d(html, start + holding(lowered, signatures.SIGNATURE_MARKS)).tolist()
    return signed


def unsign(texts: list[str], signed: list[int]) -> None:
    """Take the signatures off the texts at these positions, in place."""
    put(texts, np.array(signed, dtype=np.intp), signatures.without_signature)


def put(texts: list[str], places: NDArray[np.intp], rule: Callable[[str], str]) -> None:
    """Replace the texts at ``places`` by what ``rule`` leaves of them, tidied; an unchanged text stays as it is."""
    for i in places.tolist():
        own = rule(texts[i])
        if own != texts[i]:
            texts[i] = _BLANK_LINES.sub("\n\n", _TRAILING.sub("", own)).strip()


def holding(texts: Sequence[str], marks: Iterable[str]) -> NDArray[np.intp]:
    """Positions, in order, of the ``texts`` that hold any of ``marks``; case matters.

    All texts are searched at once for one mark after the other, many times faster than each text for all marks.
    """
    joined = "\0".join(texts)
    starts = np.cumsum([0, *(length + 1 for length in map(len, texts))])
    found: list[int] = []
    for mark in marks:
        position = joined.find(mark)
        while position >= 0:
            found.append(position)
            position = joined.find(mark, position + len(mark))
    return np.unique(np.searchsorted(starts, np.array(found, dtype=np.intp), side="right") - 1)
