"""Which themes a subject speaks of more than it did, and more than its peers do.

The share of a subject's items that are about a theme is compared before and after a week, as a log odds ratio with half
an item added to each cell (Haldane 1955, Anscombe 1956: the Jeffreys prior), so that none of four counts can be zero.
A theme grew when it grew against the subject's own past and against what the peers' share did meanwhile, both: the
larger p-value of the two counts (an intersection-union test, Berger 1982), Holm's correction over the themes of a
subject on top. What happened to everybody is in the second, what was so before in the first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

LEAST_ITEMS = 4
"""Items a subject needs before and after, as for any judgement of it (`min_feedback_items`)."""
ALPHA = 0.05
"""Chance that one or more of a subject's themes are said to have grown when none did."""
_HALF = 0.5
_Z = float(norm.ppf(0.975))


@dataclass(frozen=True)
class Growth:
    """What `grown` found, shape (S, K) unless said otherwise.

    Attributes
    ----------
    share_before, share_after : ndarray of float
        Share of the subject's items that are about the theme; NaN without items.
    change, low, high : ndarray of float
        Growth of the log odds beyond the peers', or in itself where there are no peers, and its 95 % interval.
    p_value : ndarray of float
        One-sided, Holm-adjusted over the subject's themes; 1 with too little evidence.
    has_grown : ndarray of bool
        Whether ``p_value`` is at most ``ALPHA``.
    is_enough : ndarray of bool, shape (S,)
        Whether there are items enough to say; if not, "too little evidence" is the answer for each theme.
    """

    share_before: Floats
    share_after: Floats
    change: Floats
    low: Floats
    high: Floats
    p_value: Floats
    has_grown: NDArray[np.bool_]
    is_enough: NDArray[np.bool_]


def grown(
    counts: Counts,
    totals: Counts,
    peer_counts: Counts | None = None,
    peer_totals: Counts | None = None,
) -> Growth:
    """How each theme grew within each subject.

    counts:      items about theme k of subject s before ([..., 0]) and after ([..., 1]) its week, shape (S, K, 2).
    totals:      all of its items, whatever they are about, shape (S, 2).
    peer_counts, peer_totals: the same of everyone else, the same weeks; None for a whole company, which has only its
    own past. Raises ValueError when a count exceeds its total.
    """
    if (counts > totals[:, None, :]).any():
        raise ValueError("more items about a theme than there are items: totals count every item once")
    own, own_se = _change(counts, totals)
    p = norm.sf(own / own_se)
    beyond, se = own, own_se
    if peer_counts is not None and peer_totals is not None:
        peers, peers_se = _change(peer_counts, peer_totals)
        beyond, se = own - peers, np.hypot(own_se, peers_se)
        p = np.maximum(p, norm.sf(beyond / se))
    is_enough: NDArray[np.bool_] = np.all(totals >= LEAST_ITEMS, axis=1)
    p = np.where(is_enough[:, None], _holm(p), 1.0)
    has_grown: NDArray[np.bool_] = np.less_equal(p, ALPHA)
    with np.errstate(invalid="ignore"):
        share = counts / totals[:, None, :]
    low, high = beyond - _Z * se, beyond + _Z * se
    return Growth(share[..., 0], share[..., 1], beyond, low, high, p, has_grown, is_enough)


def log_odds_change(
    before: Counts, n_before: Counts | int, after: Counts, n_after: Counts | int
) -> tuple[Floats, Floats]:
    """Growth of the log odds of a share and its standard error; counts of any shapes that broadcast."""
    cells = [c + _HALF for c in (after, n_after - after, before, n_before - before)]
    change: Floats = np.log(cells[0] / cells[1]) - np.log(cells[2] / cells[3])
    se: Floats = np.sqrt(sum(1 / cell for cell in cells))
    return change, se


def _change(counts: Counts, totals: Counts) -> tuple[Floats, Floats]:
    """`log_odds_change` of counts (S, K, 2) out of totals (S, 2)."""
    out_of = totals[:, None, :]
    return log_odds_change(counts[..., 0], out_of[..., 0], counts[..., 1], out_of[..., 1])


def _holm(p: Floats) -> Floats:
    """Holm's (1979) adjusted p-values along the last axis."""
    order = np.argsort(p, axis=-1)
    left = np.arange(p.shape[-1], 0, -1)  # hypotheses not yet rejected
    stepped = np.maximum.accumulate(np.take_along_axis(p, order, axis=-1) * left, axis=-1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(stepped, 1.0), axis=-1)
    return adjusted
