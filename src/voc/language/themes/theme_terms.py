"""Which words a text uses that can say what it is about, for all texts at once."""

import re
from collections.abc import Sequence
from itertools import compress, repeat
from operator import ne

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from voc.language.terms import distinct
from voc.language.tokens import BOUNDARY, fold_all

# A word of letters alone, of three or more: shorter ones are grammar, and digits are dates, sums and order numbers.
_TERM = re.compile(rf"[^\W\d_]{{3,}}|{BOUNDARY}")
_NOT_SAID = re.compile(rf"\[\w+\]|(?:https?://|www\.)[^\s{BOUNDARY}]+")  # "[email]" and links
_NON_WORD = re.compile(rf"[^\w{BOUNDARY}]+")
_UNKNOWN = -1
_MOST_TERMS = 5000  # the commonest ones are kept; the next word stands in about one text of 5,000


def vocabulary(
    texts: Sequence[str], customers: NDArray[np.int64], stops: frozenset[str], least_customers: int
) -> NDArray[np.str_]:
    """The words that at least so many customers used and that are no stop words, in the order of the alphabet.

    customers: a code of the customer of each text. A word that fewer use could tell who wrote it. Of more than 5,000
    words the commonest are kept.
    """
    tokens, row = _terms(texts)
    ids = {term: i for i, term in enumerate(dict.fromkeys(tokens))}
    column = np.fromiter(map(ids.__getitem__, tokens), dtype=np.int64, count=len(tokens))
    users, in_texts = distinct(column, customers[row], len(ids)), distinct(column, row, len(ids))
    names = list(ids)
    commonest = (names[i] for i in np.argsort(-in_texts, kind="stable") if users[i] >= least_customers)
    return np.array(sorted([name for name in commonest if name not in stops][:_MOST_TERMS]), dtype=np.str_)


def uses(texts: Sequence[str], terms: NDArray[np.str_]) -> sparse.csr_array:
    """1 where a text uses a term, however often, shape (texts, terms)."""
    tokens, row = _terms(texts)
    ids = {term: i for i, term in enumerate(terms.tolist())}
    column = np.fromiter(map(ids.get, tokens, repeat(_UNKNOWN)), dtype=np.int64, count=len(tokens))
    is_known = column != _UNKNOWN
    # 64 bits are more than scikit-learn takes
    cells = row[is_known].astype(np.int32), column[is_known].astype(np.int32)
    used = sparse.csr_array((np.ones(len(cells[0])), cells), shape=(len(texts), len(terms)))  # sums what repeats
    used.data[:] = 1.0
    return used


def bare(texts: Sequence[str]) -> list[str]:
    """Each text as its words alone, folded, one blank between them."""
    lines = _NON_WORD.sub(" ", fold_all(texts)).split(BOUNDARY)
    return list(map(" ".join, map(str.split, lines)))[: len(texts)]


def _terms(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """All words of the texts in their order, folded, and the row of the text each stands in."""
    tokens = _TERM.findall(_NOT_SAID.sub(" ", fold_all(texts)))
    is_word = np.fromiter(map(ne, tokens, repeat(BOUNDARY)), dtype=np.bool_, count=len(tokens))
    row = np.cumsum(~is_word, dtype=np.int64)
    return list(compress(tokens, is_word)), row[is_word]


def rarity(used: sparse.csr_array) -> NDArray[np.float64]:
    """Weight of each term, shape (terms,): the smoothed log of how many texts there are for one that uses it."""
    n_texts = used.shape[0]
    weights: NDArray[np.float64] = np.log((1 + n_texts) / (1 + used.sum(axis=0))) + 1
    return weights


def weighed(used: sparse.csr_array, idf: NDArray[np.float64]) -> sparse.csr_array:
    """TF-IDF of length 1 a text, of the terms used, shape (texts, terms); a text without terms stays nothing."""
    heavy = used @ sparse.diags_array(idf)
    length = np.sqrt(heavy.power(2).sum(axis=1))
    return (sparse.diags_array(1 / np.where(length > 0, length, 1.0)) @ heavy).tocsr()
