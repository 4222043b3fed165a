"""The directions among words that themes are: from seeds, from words that have come up, and from what is left."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF

from voc.language.themes.growth import log_odds_change

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MAX_THEMES = 15
"""Themes of one language at most: more are not read."""
_LEFT_FREE = 3  # of those, never given to seeds, so that what no seed foresaw has a place
_UNSEEDED = 8  # free themes where no seed is used: half of what is read, as nothing says how many there are
_LEAST_SHARE = 0.01  # of texts that a theme must have: a smaller one could not be seen beside the others
_LEAST_TEXTS = 10  # and at least so many, whatever the share
_MOST_NEW = 2  # words that came up of late and are made themes
_COME_UP = 4.0  # standard errors by which such a word grew: by chance, one of 5,000 words in six blocks


def least_texts(n_texts: int) -> int:
    """Texts that a theme must have, of so many."""
    return max(_LEAST_TEXTS, round(_LEAST_SHARE * n_texts))


def used_seeds(used: sparse.csr_array, terms: NDArray[np.str_], seeds: Mapping[str, Iterable[str]]) -> dict[str, Mask]:
    """The seeds whose words enough texts use, in their order, each with its words among the terms, shape (terms,)."""
    masks = {key: _matching(terms, words) for key, words in seeds.items()}
    n_texts = {key: int(np.count_nonzero(used @ mask.astype(float))) for key, mask in masks.items()}
    enough = [key for key in masks if n_texts[key] >= least_texts(used.shape[0])]
    commonest = sorted(enough, key=lambda key: -n_texts[key])[: MAX_THEMES - _LEFT_FREE]
    return {key: masks[key] for key in enough if key in commonest}


def new_words(used: sparse.csr_array, taken: Mask, is_latest: Mask) -> list[Mask]:
    """Up to two words that came up of late, each as a seed, shape (terms,): those whose share of texts grew most.

    taken: words of other seeds, shape (terms,). is_latest: of the latest block or not, shape (texts,). Texts that use
    the first word are left out of account for the second, so that it is about something else.
    """
    found: list[Mask] = []
    left = np.ones(used.shape[0], dtype=np.bool_)
    for _ in range(_MOST_NEW):
        latest, before = used[left & is_latest], used[left & ~is_latest]
        if min(latest.shape[0], before.shape[0]) == 0:
            break
        n_before, n_latest = before.sum(axis=0), latest.sum(axis=0)
        change, se = log_odds_change(n_before, before.shape[0], n_latest, latest.shape[0])
        score = np.where(taken | (n_latest < least_texts(latest.shape[0])), 0.0, change / se)
        if score.max(initial=0.0) < _COME_UP:
            break
        word = np.arange(len(score)) == score.argmax()
        found.append(word)
        left &= used @ word.astype(float) == 0
    return found


def centres(weighed: sparse.csr_array, seeds: Sequence[Mask]) -> Floats:
    """A component of length 1 for each seed: what texts have more of, the more they use it, than all texts have.

    weighed: TF-IDF, shape (texts, terms). Words of another seed are in it at nothing. It is where NMF would start from;
    ten steps further it meets human readers less well (.16 instead of .25 of the information in Olist's subclasses) and
    a rare seed's component points elsewhere (cosine .06); `python benchmarks/themes.py`.
    """
    if not seeds:
        return np.zeros((0, weighed.shape[1]))
    masks = np.array(seeds)
    use = weighed @ masks.T.astype(float)
    usual = weighed.mean(axis=0)
    above = np.maximum((weighed.T @ use).T / use.sum(axis=0)[:, None] - usual, 0.0)
    return _of_length_1(np.where(masks.any(axis=0) & ~masks, 0.0, above))


def free(weighed: sparse.csr_array, seeds: Sequence[Mask]) -> Floats:
    """Components of length 1 of the texts that use no seed, by NMF; those nearest to too few texts are dropped.

    There are as many as make them as large as a seeded theme is on average.
    """
    n_texts, n_terms = weighed.shape
    masks = np.array(seeds).reshape(len(seeds), n_terms)
    uses = weighed @ masks.T.astype(float) > 0
    left = weighed[~uses.any(axis=1)]
    left = left[left.sum(axis=1) > 0]
    wanted = round(left.shape[0] / uses.sum(axis=0).mean()) if seeds else _UNSEEDED
    k = min(max(wanted, 1), _UNSEEDED, MAX_THEMES - len(seeds), left.shape[0] // least_texts(n_texts), n_terms)
    if k == 0:
        return np.zeros((0, n_terms))
    # texts that k directions tell without a rest leave a rest just below 0, of which scikit-learn takes the root
    with np.errstate(invalid="ignore"):
        model = NMF(k, init="nndsvda", tol=1e-3, max_iter=400, random_state=0).fit(left)
    found = _of_length_1(np.where(masks.any(axis=0), 0.0, model.components_))
    size = np.bincount((left @ found.T).argmax(axis=1), minlength=k)
    return found[size >= least_texts(n_texts)]


def _matching(terms: NDArray[np.str_], words: Iterable[str]) -> Mask:
    """Terms that are one of the words or begin with one that ends in a star."""
    found = np.zeros(len(terms), dtype=np.bool_)
    for word in words:
        found |= np.char.startswith(terms, word[:-1]) if word.endswith("*") else terms == word
    return found


def _of_length_1(rows: Floats) -> Floats:
    """The rows, each divided by its length."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length > 0, length, 1.0)
