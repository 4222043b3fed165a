"""Candidate items: the feedback of a candidate, and contrasts of after with before."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class CandidateItems:
    """Items of a candidate, arrays (m,).

    ``y``: sentiment beyond the channel's usual level; ``variance``: of one item around its customer's level; ``after``:
    whether it is not before the start.
    """

    customer: Ints
    week: Ints
    y: Floats
    variance: Floats
    after: Bools
    channel: Ints
    touchpoint: Ints
    respondent: Ints
    text: Ints

    def __getitem__(self, rows: Ints) -> "CandidateItems":
        return CandidateItems(**{name: values[rows] for name, values in vars(self).items()})


def contrast_weights(items: CandidateItems) -> Floats:
    """Coefficients (m,) of the precision-weighted mean after minus before; both sides have items."""
    weight = 1 / items.variance
    after = weight @ items.after
    return np.asarray(np.where(items.after, weight / after, -weight / (weight.sum() - after)))


def weights_within(items: CandidateItems, strata: Ints) -> Floats | None:
    """Coefficients (m,) of the change within strata, None where no stratum has items on both sides.

    Each stratum's change counts by its information A B / (A + B), A and B the precisions after and before (Cochran
    1954): of all weights the ones with the smallest error where strata change alike, and those of the mix itself where
    the mix has not changed. Strata with items on one side only are left out.
    """
    weight = 1 / items.variance
    both = np.bincount(strata, weight)
    after = np.bincount(strata, weight * items.after)
    # a side of rounding errors is empty
    is_both = np.minimum(after, both - after) > 1e-9 * both
    if not is_both.any():
        return None
    after, before = np.where(is_both, after, 1.0), np.where(is_both, both - after, 1.0)
    information = np.where(is_both, after * before / (after + before), 0.0)
    side = np.where(items.after, after[strata], -before[strata])
    return np.asarray((information / information.sum())[strata] * weight / side)


def codes(*columns: Ints) -> tuple[Ints, Ints]:
    """First position of each distinct combination, and each row's code of its combination."""
    key, size = np.zeros(columns[0].size, np.int64), 1
    for column in columns:
        low = int(column.min())
        width = int(column.max()) - low + 1
        if size * width >= 2**63:
            key = np.unique(key, return_inverse=True)[1]
            size = key.size
        key, size = key * width + (column - low), size * width
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    return first, code


def rows_of(offsets: Ints, members: Ints) -> tuple[Ints, Ints]:
    """Positions of the items of ``members`` in the panel, and the row of each one's customer."""
    first, count = offsets[members], offsets[members + 1] - offsets[members]
    return np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum()), np.repeat(members, count)
