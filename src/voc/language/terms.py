"""Terms: the words, pairs of neighbouring words and beginnings of words by which a channel's texts are compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from voc.language.tokens import TokenisedTexts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

STEM = 4
"""Letters that stand for all forms of a word. Beginnings of four letters get as far as character 2-5-grams at a
fifth of their features (`python benchmarks/sentiment.py`, "slow recipe")."""
LEAST_CUSTOMERS = 3
"""A term that fewer customers used could be one customer's name or number: it is in no model."""


@dataclass(frozen=True)
class Terms:
    """What a channel's texts are counted by: W words, P pairs, S stems.

    Attributes
    ----------
    words : tuple of W str
    pairs : ndarray of int, shape (P, 2): the pair's words, in ascending order of (first, second).
    stems : tuple of S str
    idf : ndarray of float, shape (W + P + S,): smoothed inverse document frequency, ln((1 + n) / (1 + df)) + 1, as in
        scikit-learn.
    """

    words: tuple[str, ...]
    pairs: Ints
    stems: tuple[str, ...]
    idf: Floats

    @classmethod
    def learn(cls, tokenised: TokenisedTexts, customer: Ints) -> "Terms":
        """The terms that at least three customers used.

        customer: shape (texts,), of which only equality means anything.
        """
        customer_code = np.unique(customer, return_inverse=True)[1]
        is_known = (
            distinct(tokenised.number, customer_code[tokenised.owner], len(tokenised.distinct)) >= LEAST_CUSTOMERS
        )
        words = tuple(word for word, keep in zip(tokenised.distinct, is_known.tolist(), strict=True) if keep)
        number = np.where(is_known, np.cumsum(is_known) - 1, -1)[tokenised.number]
        start, key = _pairs(tokenised, number, len(words))
        found, code = np.unique(key, return_inverse=True)
        found = found[distinct(code, customer_code[tokenised.owner[start]], found.size) >= LEAST_CUSTOMERS]
        pairs = np.stack(np.divmod(found, max(len(words), 1)), 1)
        begun = [token[:STEM] for token in tokenised.distinct]
        stems = list(dict.fromkeys(begun))
        place = {stem: i for i, stem in enumerate(stems)}
        code = np.array([place[stem] for stem in begun], dtype=np.int64)[tokenised.number]
        often = distinct(code, customer_code[tokenised.owner], len(stems)) >= LEAST_CUSTOMERS
        kept = tuple(stem for stem, keep in zip(stems, often.tolist(), strict=True) if keep)
        unweighted = cls(words, pairs, kept, np.ones(len(words) + len(pairs) + len(kept)))
        in_texts = np.bincount(unweighted.counts(tokenised).indices, minlength=unweighted.idf.size)
        return cls(words, pairs, kept, np.log((1 + tokenised.n) / (1 + in_texts)) + 1)

    def counts(self, tokenised: TokenisedTexts) -> sparse.csr_matrix:
        """How often each text has each term, shape (texts, W + P + S)."""
        n_words = len(self.words)
        word = _look_up(self._word, tokenised.distinct)[tokenised.number]
        stem = _look_up(self._stem, [token[:STEM] for token in tokenised.distinct])[tokenised.number]
        start, key = _pairs(tokenised, word, n_words)
        place = np.searchsorted(self._pair, key)
        place[place == self._pair.size] = 0
        is_pair = self._pair[place] == key if self._pair.size else np.zeros(key.size, bool)
        is_word, is_stem = word >= 0, stem >= 0
        row = np.concatenate([tokenised.owner[is_word], tokenised.owner[start[is_pair]], tokenised.owner[is_stem]])
        column = np.concatenate([word[is_word], n_words + place[is_pair], n_words + self._pair.size + stem[is_stem]])
        return sparse.csr_matrix((np.ones(row.size), (row, column)), shape=(tokenised.n, self.idf.size))

    def weigh(self, tokenised: TokenisedTexts) -> sparse.csr_matrix:
        """TF-IDF with 1 + ln(count), shape (texts, W + P + S): words and pairs together of length 1, stems too."""
        weighed = self.counts(tokenised)
        weighed.data = (1 + np.log(weighed.data)) * self.idf[weighed.indices]
        row = np.repeat(np.arange(tokenised.n), np.diff(weighed.indptr))
        block = 2 * row + (weighed.indices >= len(self.words) + len(self.pairs))
        length = np.sqrt(np.bincount(block, weights=weighed.data**2, minlength=2 * tokenised.n))
        weighed.data /= length[block]
        return weighed

    @cached_property
    def _word(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def _stem(self) -> dict[str, int]:
        return {stem: i for i, stem in enumerate(self.stems)}

    @cached_property
    def _pair(self) -> Ints:
        return np.asarray(self.pairs[:, 0] * len(self.words) + self.pairs[:, 1], dtype=np.int64)


def _look_up(numbers: dict[str, int], terms: Iterable[str]) -> Ints:
    return np.array([numbers.get(term, -1) for term in terms], dtype=np.int64)


def _pairs(tokenised: TokenisedTexts, word: Ints, n_words: int) -> tuple[Ints, Ints]:
    """Where a known word follows a known word of the same text, and the pair's number."""
    if not word.size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    start = np.flatnonzero((tokenised.owner[1:] == tokenised.owner[:-1]) & (word[1:] >= 0) & (word[:-1] >= 0))
    return start, word[start] * n_words + word[start + 1]


def distinct(code: Ints, value: Ints, n: int) -> Ints:
    """The number of distinct values, 0 or more, that occur with each of ``n`` codes, shape (n,)."""
    size = int(value.max(initial=0)) + 1
    return np.bincount(np.unique(code * size + value) // size, minlength=n)
