"""Rival: the mood of the whole company changed."""

import numpy as np

from voc.detection.process.onsets import BASELINE_WEEKS
from voc.detection.rivals.candidate import RivalExplanation
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import Change, plausibility_of, plausibility_words, signed
from voc.domain.evidence.plausibility import Plausibility

COMPANY_MOOD = "company_wide_mood"
ROUNDING = 1e-6
"""Share of a week's weight that may be left by rounding when all of it is subtracted."""


def company_wide_mood(view: CandidateView) -> RivalExplanation:
    """Statistic: the change of sentiment beyond what everybody else's moved by in the same weeks.

    Others' level of each week leaves the candidate's own items out, so that a large group is not compared with itself,
    and counts as the candidate's items of that week do. Both sides are plain means of items here, whatever company-wide
    level the candidate's own change was already freed of.
    """
    levels, coefficients = view.baseline.sentiment_levels, view.plain
    weight = levels.week_weight - _by_week(view, 1 / view.items.variance)
    has_others = weight > ROUNDING * levels.week_weight
    if not has_others[max(0, view.candidate.start - BASELINE_WEEKS) :].any():
        return RivalExplanation(
            COMPANY_MOOD,
            float("nan"),
            Plausibility.RULED_OUT,
            "This is about everybody: there is no wider mood behind it.",
        )
    beyond = view.items.y - levels.customer[view.items.customer] - levels.touchpoint[view.items.touchpoint]
    total = levels.week_sum - _by_week(view, beyond / view.items.variance)
    level = np.divide(total, weight, out=np.zeros_like(total), where=has_others)
    by_week = np.bincount(view.statements.week, coefficients, minlength=weight.size)
    moved = float(by_week @ level)
    error = float(np.sqrt(np.divide(by_week**2, weight, out=np.zeros_like(weight), where=has_others).sum()))
    observed = view.change(view.statements, coefficients)
    left = Change(observed.value - moved, float(np.hypot(observed.se, error)))
    claim = view.candidate.kind.claim.sentiment_sign
    plausibility = plausibility_of(observed, left, error, claim)
    sentence = (
        f"Everybody else's sentiment moved by {signed(moved)} in the same weeks, {view.whose} by "
        f"{signed(observed.value)}: a general mood {plausibility_words(plausibility, claim)}."
    )
    return RivalExplanation(COMPANY_MOOD, left.value, plausibility, sentence)


def _by_week(view: CandidateView, x: np.ndarray) -> np.ndarray:
    """Sums of the candidate's items a week."""
    return np.bincount(view.items.week, x, minlength=view.baseline.sentiment_levels.week_sum.size)
