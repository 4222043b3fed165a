"""Which items to show for a theme: near its centre, not the most shrill, none twice."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voc.language.themes.theme_terms import bare

_READABLE = 4  # words: "late delivery" is all theme and tells nothing


def representative(
    texts: Sequence[str], weight: NDArray[np.float64], sentiment: NDArray[np.float64], n: int = 3
) -> NDArray[np.int64]:
    """Rows of up to ``n`` items of one group, the nearest to their theme first.

    texts:     what is shown of each item (safe text), of one theme in one subject and time.
    weight:    how near each is to the theme (`Assigned.weight`).
    sentiment: of each; NaN where unscored.

    Items of four words and more come first, then those in the half nearest to the group's median sentiment, then by
    weight. Of those that say the same, but for case, accents and signs, the first stands for all.
    """
    bare_text = bare(texts)
    scored = ~np.isnan(sentiment)
    middle = np.median(sentiment[scored]) if scored.any() else 0.0
    off = np.where(scored, np.abs(sentiment - middle), np.inf)
    is_shrill = off > (np.median(off[scored]) if scored.any() else np.inf)
    is_short = np.fromiter(
        (len(words.split()) < _READABLE for words in bare_text), dtype=np.bool_, count=len(bare_text)
    )
    order = np.lexsort((-weight, is_shrill, is_short))
    first = {bare_text[row]: row for row in reversed(order.tolist())}
    chosen = [row for row in order.tolist() if first[bare_text[row]] == row]
    return np.array(chosen[:n], dtype=np.int64)
