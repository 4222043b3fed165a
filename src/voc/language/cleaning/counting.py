"""Counts in how many texts of a source the same piece occurs: a line, a sentence, or two neighbouring ones."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat, zip_longest
from operator import methodcaller

import numpy as np
from numpy.typing import NDArray

from voc.language.null_answers import AROUND

LEAST_SHARING_TEXTS = 20
"""A piece that fewer texts share may be the habit of one customer who writes often."""

# A text of shared pieces alone was somebody's whole answer. It outweighs three others, so that a piece counts only if
# more than three in four of its texts have something of their own.
_VOTE_ALONE = -3
_LEAST_SHARE = 0.001  # of the texts counted at once; what fewer share is no boilerplate

_TEXT_BREAK = "\0"
_NUMBER = re.compile(r"\d+")
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth 1998, The Art of Computer Programming, 6.4)


@dataclass(frozen=True)
class Level:
    """What is counted as a piece, and in how many texts it is boilerplate."""

    end: re.Pattern[str]
    """Where a piece ends."""
    share: float
    """Of a source's items: a piece in more of them is boilerplate."""
    words: int
    characters: int
    """A piece has at least so many of either; what is shorter is shared by people who never met."""

    def chance(self, n_items: int) -> float:
        """The most of ``n_items`` that may share a piece without its being boilerplate."""
        return max(self.share * n_items, LEAST_SHARING_TEXTS - 1)


def count(texts: Sequence[str], level: Level) -> Counter[str]:
    """For each shared piece, how many of its texts hold something else, less three times those that do not.

    Pieces are in lower case with "0" for a number and single blanks, two neighbours with a line break between. Those
    that less than a thousandth of the texts share are left out, to bound the memory.
    """
    pieces, owner = _cut(texts, level.end)
    key, start, size = _long_enough(pieces, owner, level)
    once = _first_in_text(key, owner[start])
    key, start, size = key[once], start[once], size[once]
    _, example, which, n_texts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)

    common = (n_texts > level.chance(len(texts)))[which]
    own = np.ones(len(pieces), dtype=bool)
    own[start[common]] = own[start[common] + size[common] - 1] = False
    n_own = np.bincount(owner, weights=own, minlength=len(texts))
    alone = (n_own == 0) | (np.bincount(owner, minlength=len(texts)) == 1)
    votes = np.bincount(which, weights=np.where(alone[owner[start]], _VOTE_ALONE, 1)).astype(int)

    shared = np.flatnonzero(n_texts >= max(2, _LEAST_SHARE * len(texts)))
    first, n = start[example[shared]].tolist(), size[example[shared]].tolist()
    names = ["\n".join(pieces[i : i + k]) for i, k in zip(first, n, strict=True)]
    return Counter(dict(zip(names, votes[shared].tolist(), strict=True)))


def count_ends(texts: Sequence[str], level: Level) -> Counter[str]:
    """For each ending that enough pieces share, in how many texts it follows other words without a break."""
    pieces, owner = _cut(texts, level.end)
    ends = [" ".join(piece.rsplit(" ", level.words)[-level.words :]) for piece in pieces]
    least = max(LEAST_SHARING_TEXTS, _LEAST_SHARE * len(texts))
    shared = {end for end, n in Counter(ends).items() if n >= least and end.count(" ") == level.words - 1}
    groups = defaultdict(list)
    for i in compress(range(len(ends)), map(shared.__contains__, ends)):
        groups[ends[i]].append(i)
    counts: Counter[str] = Counter()
    for group in groups.values():
        end = " ".join(reversed(list(_shared_words([pieces[i] for i in group]))))
        counts[end] = len({int(owner[i]) for i in group if pieces[i].endswith(f" {end}")})
    return counts


def _cut(texts: Sequence[str], end: re.Pattern[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Every piece of the texts, in the form of `count` without punctuation around it, and the position of its text."""
    joined = f"\n{_TEXT_BREAK}\n".join(map(methodcaller("replace", _TEXT_BREAK, " "), texts))
    one_a_line = _NUMBER.sub("0", _BLANKS.sub(" ", end.sub("\n", joined).lower()))
    lines = list(filter(None, map(methodcaller("strip", AROUND), one_a_line.split("\n"))))
    between = np.fromiter(map(_TEXT_BREAK.__eq__, lines), dtype=np.bool_, count=len(lines))
    return list(compress(lines, ~between)), np.cumsum(between, dtype=np.int64)[~between]


def _long_enough(
    pieces: list[str], owner: NDArray[np.int64], level: Level
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """For long enough pieces, and pairs that belong together: a hash, the position of the first piece, and 1 or 2."""
    n = len(pieces)
    hashes = np.fromiter(map(hash, pieces), dtype=np.int64, count=n).view(np.uint64)
    words = np.fromiter(map(str.count, pieces, repeat(" ")), dtype=np.int64, count=n) + 1
    characters = np.fromiter(map(len, pieces), dtype=np.int64, count=n)
    pair_start = np.flatnonzero((owner[1:] == owner[:-1]) & _belong_together(hashes))
    start = np.concatenate([np.arange(n), pair_start])
    size = np.repeat([1, 2], [n, len(pair_start)])
    key = np.concatenate([hashes, hashes[pair_start] * _MIX + hashes[pair_start + 1]])
    n_words = np.concatenate([words, words[pair_start] + words[pair_start + 1]])
    n_characters = np.concatenate([characters, characters[pair_start] + characters[pair_start + 1]])
    long_enough = (n_words >= level.words) | (n_characters >= level.characters)
    return key[long_enough], start[long_enough], size[long_enough]


def _belong_together(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """For each piece but the last, whether it and the next one occur mostly together.

    "Good", followed by a footer, does not belong to it: the footer follows other words as well.
    """
    _, piece_code, n_piece = np.unique(hashes, return_inverse=True, return_counts=True)
    _, pair_code, n_pair = np.unique(hashes[:-1] * _MIX + hashes[1:], return_inverse=True, return_counts=True)
    n_each = n_piece[piece_code]
    together: NDArray[np.bool_] = 2 * n_pair[pair_code] > np.maximum(n_each[:-1], n_each[1:])
    return together


def _first_in_text(key: NDArray[np.uint64], owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of each piece's first occurrence in its text, in order."""
    order = np.lexsort((key, owner))
    again = (key[order][1:] == key[order][:-1]) & (owner[order][1:] == owner[order][:-1])
    return np.sort(order[np.concatenate([[True], ~again])[: len(order)]])


def _shared_words(pieces: list[str]) -> Iterator[str]:
    """The words that more than half of the pieces end with, from the last one backwards."""
    for column in zip_longest(*(reversed(piece.split(" ")) for piece in pieces)):
        word, n = Counter(column).most_common(1)[0]
        if word is None or 2 * n <= len(pieces):
            return
        yield word
