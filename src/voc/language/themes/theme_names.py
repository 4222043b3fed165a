"""What free themes are called, and how a name stays with its theme from block to block."""

from collections.abc import Iterable
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]

_NAME_WORDS = 3  # in the name of a free theme
_SAME = 0.5  # cosine from which two components are one theme: nearer to one another than to a right angle by far


def matched(terms: NDArray[np.str_], components: Floats, old_terms: NDArray[np.str_], old: Floats) -> dict[int, int]:
    """Row of each component that is an old one changed a little -> row of the old one; each old one once.

    components, old: of length 1, shapes (K, terms) and (L, old terms); compared on the words both know, as a whole
    (Kuhn 1955, the Hungarian method).
    """
    _, columns, old_columns = np.intersect1d(terms, old_terms, return_indices=True)
    alike = components[:, columns] @ old[:, old_columns].T
    rows, old_rows = linear_sum_assignment(-alike)
    pairs = zip(rows.tolist(), old_rows.tolist(), strict=True)
    return {row: old_row for row, old_row in pairs if alike[row, old_row] >= _SAME}


def name(terms: NDArray[np.str_], component: Floats, taken: Iterable[str]) -> str:
    """The three weightiest words, "driver, route, van"; more where that is taken."""
    words = terms[np.argsort(-component, kind="stable")].tolist()
    names = (", ".join(words[:n]) for n in count(_NAME_WORDS))
    held = set(taken)
    return next(name for name in names if name not in held)
