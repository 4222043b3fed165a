"""Themes of feedback in one language, without labels: learned from texts, and texts assigned to them.

A theme is a direction among words. A seeded one holds the words that are commoner in texts with its touchpoint's words
than in all texts. The texts without any such word are factorised by NMF into free themes, for what no seed covers. A
text is about the theme nearest to its words. Agreement with human readers, beside plain NMF and k-means:
`python benchmarks/themes.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.language.terms import LEAST_CUSTOMERS
from voc.language.themes import theme_names
from voc.language.themes.components import centres, free, new_words, used_seeds
from voc.language.themes.stop_words import stop_words
from voc.language.themes.theme_terms import rarity, uses, vocabulary, weighed
from voc.language.themes.touchpoint_words import NAMES

Floats = NDArray[np.float64]

NONE = -1
"""In place of a theme: the text is about nothing that any theme is about."""

MAX_LEARNED_TEXTS = 10_000
"""Texts that themes are learned from at most: a word in one of 1,000 still stands in ten of them."""
_NEAR = 0.02  # cosine below which a text is about nothing: best for Olist of five (`benchmarks/themes.py`)
_SECOND = 0.5  # a second theme is one at least half as near as the first
_ASSIGNED_AT_ONCE = 65_536  # texts at once: bounds memory; any size gives the same result


@dataclass(frozen=True)
class Themes:
    """Themes of one language as plain arrays, to be stored without pickle; seeded ones stand before free ones.

    Attributes
    ----------
    language : str
        Two-letter code.
    terms : ndarray of str, shape (V,)
        Folded words, each used by at least `LEAST_CUSTOMERS` customers.
    idf : ndarray of float, shape (V,)
        Weight of each word: the rarer, the heavier.
    components : ndarray of float, shape (K, V)
        Each theme's direction among the words: not negative, of length 1.
    keys, names : ndarray of str, shape (K,)
        What a theme is stored and read as. A seeded theme's key is the same in every language.
    n_seeded : int
        How many of the themes have a seed.
    """

    language: str
    terms: NDArray[np.str_]
    idf: Floats
    components: Floats
    keys: NDArray[np.str_]
    names: NDArray[np.str_]
    n_seeded: int


@dataclass(frozen=True)
class Assigned:
    """The themes of some texts, shape (texts, 2): the nearest one and, where it is half as near, another.

    ``theme`` holds rows of `Themes.keys` or `NONE`; ``weight`` the cosine between text and theme, in [0, 1], 0 if none.
    """

    theme: NDArray[np.int64]
    weight: Floats


def learn(
    texts: Sequence[str],
    customers: NDArray[np.int64],
    language: str,
    seeds: Mapping[str, Iterable[str]],
    *,
    is_latest: NDArray[np.bool_] | None = None,
    previous: Themes | None = None,
) -> Themes:
    """The themes of the texts of one language; a pure function of what it is given.

    texts:     cleaned and redacted, in order of time; of more than 10,000, evenly spaced ones are learned from.
    customers: a code of the customer of each text, shape (texts,).
    seeds:     words to start each theme from, by its key: `voc.language.themes.touchpoint_words.seeds`.
    is_latest: whether a text is new since the last block, shape (texts,); words that came up then may make a theme.
    previous:  themes of the block before: a free theme that is one of those but for a little keeps its key and name.
    Raises ValueError when the lengths differ.
    """
    if len(texts) != len(customers) or (is_latest is not None and len(texts) != len(is_latest)):
        raise ValueError(f"{len(texts)} texts, {len(customers)} customers: one of each is needed")
    rows = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), MAX_LEARNED_TEXTS)).astype(np.int64))
    sample = [texts[row] for row in rows]
    terms = vocabulary(sample, customers[rows], stop_words(language), LEAST_CUSTOMERS)
    used = uses(sample, terms)
    idf = rarity(used)
    tfidf = weighed(used, idf)

    found = used_seeds(used, terms, seeds)
    words = list(found.values())
    if is_latest is not None:
        taken = np.any([*words, np.zeros(len(terms), dtype=np.bool_)], axis=0)
        words += new_words(used, taken, is_latest[rows])
    components = np.vstack([centres(tfidf, words), free(tfidf, words)])
    keys, names = _called(language, list(found), terms, components, previous)
    return Themes(language, terms, idf, components, np.array(keys, np.str_), np.array(names, np.str_), len(found))


def assign(themes: Themes, texts: Sequence[str]) -> Assigned:
    """What each text is about; it depends on that text and the themes alone.

    texts: cleaned and redacted, of the themes' language.
    """
    starts = range(0, max(len(texts), 1), _ASSIGNED_AT_ONCE)
    parts = [_assign(themes, texts[i : i + _ASSIGNED_AT_ONCE]) for i in starts]
    return Assigned(np.concatenate([part.theme for part in parts]), np.concatenate([part.weight for part in parts]))


def _assign(themes: Themes, texts: Sequence[str]) -> Assigned:
    """The themes of one batch."""
    near = weighed(uses(texts, themes.terms), themes.idf) @ themes.components.T
    near = np.hstack([near, np.zeros((len(texts), 2))])  # two to choose where there are fewer themes
    order = np.argsort(-near, axis=1, kind="stable")[:, :2]
    weight = np.take_along_axis(near, order, axis=1)
    is_about = weight >= np.maximum(_NEAR, weight[:, :1] * [[0.0, _SECOND]])
    return Assigned(np.where(is_about, order, NONE), np.where(is_about, np.minimum(weight, 1.0), 0.0))


def _called(
    language: str, seeds: list[str], terms: NDArray[np.str_], components: Floats, previous: Themes | None
) -> tuple[list[str], list[str]]:
    """Keys and names of the components: the seeds', those of the block before, or the weightiest words."""
    keys, names = list(seeds), [NAMES.get(seed, seed) for seed in seeds]
    kept: dict[int, int] = {}
    if previous is not None:
        old = previous.components[previous.n_seeded :]
        kept = theme_names.matched(terms, components[len(seeds) :], previous.terms, old)
    held = [] if previous is None else previous.names.tolist()
    for row, component in enumerate(components[len(seeds) :]):
        if previous is not None and row in kept:
            old_row = previous.n_seeded + kept[row]
            keys.append(str(previous.keys[old_row]))
            names.append(str(previous.names[old_row]))
        else:
            name = theme_names.name(terms, component, [*held, *names])
            keys.append(f"{language}: {name}")
            names.append(name)
    return keys, names
