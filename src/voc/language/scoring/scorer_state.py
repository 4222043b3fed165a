"""A learned scorer as plain numbers, words and arrays, and back."""

from typing import Any

from numpy.typing import NDArray

from voc.language.scoring.learned_scorer import LearnedScorer
from voc.language.terms import Terms

_ARRAYS = ("coef_", "intercept_", "taught_", "fold_")
_NUMBERS = ("length_", "noise_", "scale_", "shift_", "gain_", "gain_se_", "auc_")

About = dict[str, str | float | int | None]
Arrays = dict[str, NDArray[Any]]
SerialisedScorer = tuple[About, dict[str, tuple[str, ...]], Arrays]


def serialise(scorer: LearnedScorer) -> SerialisedScorer:
    """Everything that `LearnedScorer.predict` needs; predictions of the texts learned from are left out."""
    terms = scorer.terms_
    numbers = {name: float(getattr(scorer, name)) for name in _NUMBERS}
    arrays = {name: getattr(scorer, name) for name in _ARRAYS} | {"pairs": terms.pairs, "idf": terms.idf}
    return {**numbers, "key": scorer.key_.hex()}, {"words": terms.words, "stems": terms.stems}, arrays


def deserialise(about: About, terms: dict[str, tuple[str, ...]], arrays: Arrays) -> LearnedScorer:
    """The scorer that `serialise` gave. Raises KeyError when a part is missing."""
    scorer = LearnedScorer()
    scorer.terms_ = Terms(terms["words"], arrays["pairs"], terms["stems"], arrays["idf"])
    for name in _ARRAYS:
        setattr(scorer, name, arrays[name])
    for name in _NUMBERS:
        setattr(scorer, name, float(about[name] or 0.0))
    scorer.key_ = bytes.fromhex(str(about["key"]))
    return scorer
