"""In which language a text is written, where nobody said."""

from collections.abc import Sequence
from functools import cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

SURE = 0.9
"""Of 24,000 tweets, NHS and Olist comments, 55 to 82 % are told with this probability, and one of them wrongly (a row
of random letters); the likeliest language whatever its probability is wrong for 1 to 12 %
(`python benchmarks/sentiment.py`)."""
LONGEST = 1000
"""Characters looked at; more tell nothing new."""


def recognise(texts: Sequence[str], declared: Sequence[str]) -> NDArray[np.object_]:
    """Two-letter code of each text's language: the declared one, else one that is told with certainty, else ''.

    Each text is looked at alone. Of langid (Lui and Baldwin 2012), package py3langid (BSD), with its 97 languages.
    """
    found = np.array(declared, dtype=object)
    unknown = np.flatnonzero(found == "").tolist()
    shortened = map(itemgetter(slice(LONGEST)), [texts[i] for i in unknown])
    for i, (language, probability) in zip(unknown, map(_identifier().classify, shortened), strict=True):
        if probability >= SURE and len(language) == 2:
            found[i] = language
    return found


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
