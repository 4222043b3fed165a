"""Agreement: how well scores order and hit what people said, with errors that allow for talkative respondents."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BINS = 10


def auc(score: Floats, is_warm: NDArray[np.bool_]) -> float:
    """The chance that a warm text scores above a cold one, ties count half (Hanley and McNeil 1982); NaN without both.

    Both shape (n,).
    """
    warm, cold = int(is_warm.sum()), int((~is_warm).sum())
    if not warm or not cold:
        return float("nan")
    return float((rankdata(score)[is_warm].sum() - warm * (warm + 1) / 2) / (warm * cold))


def auc_gain(score: Floats, other: Floats, is_warm: NDArray[np.bool_], respondent: Ints) -> tuple[float, float]:
    """By how much the AUC of ``score`` is above that of ``other`` on the same n texts, and its standard error.

    The placements of DeLong, DeLong and Clarke-Pearson (1988), summed by respondent as in Obuchowski (1997), since what
    one respondent writes is alike. NaN where one of the classes is missing.
    """
    warm, cold = is_warm.sum(), (~is_warm).sum()
    if not warm or not cold:
        return float("nan"), float("nan")
    difference = _placements(score, is_warm) - _placements(other, is_warm)
    gain = float(difference[is_warm].mean())
    share = (difference - gain) / np.where(is_warm, warm, cold)
    respondent_code = np.unique(respondent, return_inverse=True)[1]
    by_respondent = np.bincount(respondent_code, weights=share)
    n = max(by_respondent.size, 2)
    return gain, float(np.sqrt(np.sum(by_respondent**2) * n / (n - 1)))


def balanced_accuracy(score: Floats, is_warm: NDArray[np.bool_], threshold: float) -> float:
    """Mean of the shares of warm texts above and cold texts not above the threshold; all shape (n,)."""
    return float((np.mean(score[is_warm] > threshold) + np.mean(score[~is_warm] <= threshold)) / 2)


def calibration_error(expected: Floats, truth: Floats) -> float:
    """Mean distance between what was expected and what came, over ten bins of equal width (Guo et al. 2017).

    Both shape (n,), in [0, 1].
    """
    part = np.minimum((expected * BINS).astype(np.int64), BINS - 1)
    off = np.bincount(part, weights=expected - truth, minlength=BINS)
    return float(np.abs(off).sum() / expected.size)


def _placements(score: Floats, is_warm: NDArray[np.bool_]) -> Floats:
    """The share of the other class that each text is on the right side of."""
    rank_in_class = np.empty(score.size)
    for is_in_class in (is_warm, ~is_warm):
        rank_in_class[is_in_class] = rankdata(score[is_in_class])
    beyond = rankdata(score) - rank_in_class
    n_warm, n_cold = is_warm.sum(), (~is_warm).sum()
    return np.asarray(np.where(is_warm, beyond / n_cold, 1 - beyond / n_warm), dtype=float)
