"""Boilerplate: what is repeated word for word in many texts of a source, beside something that differs."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from voc.language.cleaning.counting import Level, count, count_ends
from voc.language.cleaning.structure import holding, put, strip

# Customers hardly ever share a sentence of such a length: of 7,394 NHS answers, 14,640 tweets and 3,584 Olist reviews
# the one that most texts hold beside others is an airline's slogan, in 0.4 % of the tweets. Customers with few words do
# repeat sentences: in the demo one occurs in 4 % of the tickets. Therefore a piece on a customer's own line must be
# more common than a line of its own.
_LINES = Level(end=re.compile(r"\n"), share=0.01, words=4, characters=20)
_SENTENCES = Level(
    end=re.compile(r"[.!?…]+[\"'”’)\]]*[^\S\n]+|(?<=[a-z])[.!?](?=[A-Z])|\n"), share=0.10, words=6, characters=30
)
_SENTENCE_MARK = " "  # stands before a piece counted among sentences
_WORD = re.compile(r"[^\W\d]+")
_COUNTED_AT_ONCE = 65536  # texts at once: bounds the memory


def boilerplate_counts(texts: Sequence[str]) -> dict[str, int]:
    """Votes for each shared line or sentence to be boilerplate; those of two nights may be added.

    texts: one source's items as they came, many at once: what only one of them has is not counted, and what follows a
    customer's words without a full stop is found only in 20.

    A text that holds something else adds one vote; a text of nothing but shared pieces takes off three, so that a count
    may be negative.
    """
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), _COUNTED_AT_ONCE):
        own = list(texts[start : start + _COUNTED_AT_ONCE])
        strip(own)
        within = count(own, _SENTENCES)
        within.update(count_ends(own, _SENTENCES))
        counts.update(count(own, _LINES))
        counts.update({_SENTENCE_MARK + piece: n for piece, n in within.items()})
    return dict(sorted(counts.items()))


def boilerplate(counts: Mapping[str, int], n_items: int) -> frozenset[str]:
    """What is boilerplate in a source of ``n_items``, given the sum of its `boilerplate_counts`.

    A line of its own is that in more than 1 % of the items, a sentence on a customer's line in more than 10 %; either
    in at least 20.
    """
    least = {True: _SENTENCES.chance(n_items), False: _LINES.chance(n_items)}
    return frozenset(
        piece.removeprefix(_SENTENCE_MARK) for piece, n in counts.items() if n > least[piece.startswith(_SENTENCE_MARK)]
    )


def take_out(texts: list[str], pieces: frozenset[str]) -> None:
    """Take ``pieces`` out of the texts, in place, also where they follow on the customer's own line."""
    pattern = _pattern(pieces)
    marks = {max(_WORD.findall(piece), key=len, default=piece) for piece in pieces}
    for start in range(0, len(texts) if pieces else 0, _COUNTED_AT_ONCE):
        lowered = list(map(str.lower, texts[start : start + _COUNTED_AT_ONCE]))
        put(texts, start + holding(lowered, sorted(marks)), lambda text: _without(text, pattern))


@lru_cache(maxsize=8)
def _pattern(pieces: frozenset[str]) -> re.Pattern[str]:
    """Finds each piece as it is written, up to the end of its sentence or line, also where two overlap."""
    longest_first = sorted(pieces, key=lambda piece: (-len(piece), piece))
    written = (re.escape(piece).replace("0", r"\d+").replace("\\\n", r"\W+") for piece in longest_first)
    either = "|".join(written).replace("\\ ", r"[^\S\n]+")
    return re.compile(rf"(?<!\w)(?=((?:{either})(?!\w)(?:[^\w\n]*?[.!?…]+|[^\w\n]*$)))", re.I | re.M)


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """The text without what ``pattern`` finds in its first group."""
    kept, end = [], 0
    for found in pattern.finditer(text):
        kept.append(text[end : max(end, found.start(1))])
        end = max(end, found.end(1))
    return "".join([*kept, text[end:]])
