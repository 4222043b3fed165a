"""Rivals: repeated statements, or one item alone, make the change."""

import numpy as np
from scipy.special import ndtri

from voc.detection.rivals.candidate import RivalExplanation
from voc.detection.rivals.candidate_items import contrast_weights
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import BEYOND_CHANCE, ONE_SIDED_LEVEL, Change, corrected
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.formatting import counted


def duplicates(view: CandidateView) -> RivalExplanation:
    """Statistic: the change of sentiment with each statement counted once.

    Both sides are plain means of items here, whatever was counted once in the candidate's own change.
    """
    observed, left = (view.change(items, contrast_weights(items)) for items in (view.items, view.statements))
    repeated = view.items.week.size - view.statements.week.size
    if not repeated:
        return RivalExplanation("duplicates", left.value, Plausibility.RULED_OUT, "Nothing was told twice.")
    how = f"With each statement counted once ({counted(repeated, 'repetition')} left out)"
    return corrected("duplicates", observed, left, 0.0, view.candidate.kind.claim.sentiment_sign, (how, "repetition"))


def few_items(view: CandidateView) -> RivalExplanation:
    """Statistic: the change of sentiment without the one item that speaks most for the candidate.

    A claimed fall must not need it. That it alone hides a fall is said only where it is an outlier among that many
    (Bonferroni), since some item is always the best.
    """
    items, candidate = view.statements, view.candidate
    weight = 1 / items.variance
    side = np.where(items.after, weight @ items.after, weight @ ~items.after)
    mean = np.where(
        items.after, *(((weight * half) @ items.y) / (weight @ half) for half in (items.after, ~items.after))
    )
    others = side - weight
    is_only = others <= 1e-9 * side
    sign = np.where(items.after, 1, -1)
    gap = sign * np.divide(weight * (items.y - mean), others, out=np.zeros_like(side), where=~is_only)
    variance = np.divide(weight, side * others, out=np.full_like(side, np.inf), where=~is_only)
    falls = candidate.kind.claim.sentiment_sign < 0
    # the only one there is takes the change with it
    gap = np.where(is_only, view.claimed.value, gap)
    strongest = int(gap.argmin() if falls else gap.argmax())
    left = Change(
        view.claimed.value - float(gap[strongest]), float(np.hypot(view.claimed.se, np.sqrt(variance[strongest])))
    )
    gap_se = (
        0.0
        if falls
        else float(np.sqrt(variance[strongest])) * float(ndtri(1 - ONE_SIDED_LEVEL / weight.size)) / BEYOND_CHANCE
    )
    how = f"Without the strongest of {counted(candidate.n_after, 'item')} since and {candidate.n_before:,} before"
    return corrected("few_items", view.claimed, left, gap_se, candidate.kind.claim.sentiment_sign, (how, "one item"))
