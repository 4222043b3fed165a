"""Which word list an undeclared text is to be scored with, guessed from its function words."""

import numpy as np
from numpy.typing import NDArray

from voc.language.scoring.lexicon import LISTED

OTHER = -1
"""In place of a row of `LISTED`: a language without a word list."""

# One function word is chance ("die", "met"); a lead with two or more is another language. Refused wrongly, when nothing
# is declared: 5 of 14,427 tweets, 2 of 6,164 NHS comments, 1 of 3,584 Olist reviews (`python benchmarks/lexicon.py`).
_CLEAR = 2


def guess_rows(function_words: NDArray[np.int64], hits: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of `LISTED` for each text, or `OTHER` where a language without a list clearly wins.

    function_words: how many each text has of each language, shape (7, texts), rows as in `FUNCTION_WORDS`.
    hits:           how many words each list knows of each text, shape (2, texts); decides where the first is a tie,
                    and English where both are.
    """
    covered, others = function_words[: len(LISTED)], function_words[len(LISTED) :].max(axis=0)
    evidence = covered * (hits.max(initial=0) + 1) + hits  # hits count only between equal function words
    is_other = (others >= _CLEAR) & (others > covered.max(axis=0))
    return np.where(is_other, OTHER, evidence.argmax(axis=0))
