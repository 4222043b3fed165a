"""Rival: everybody feels so."""

import numpy as np

from voc.detection.rivals.candidate import Rival, Verdict
from voc.detection.rivals.verdicts import Change, judge, said, signed
from voc.detection.rivals.view import YEAR, View

NAME = "company_wide_mood"
ROUNDING = 1e-6
"""Share of a week's weight that taking all of it away may leave."""


def company_wide_mood(view: View) -> Rival:
    """Statistic: the change of sentiment beyond what everybody else's moved by in the same weeks.

    Others' level of each week leaves the candidate's own items out, so that a large group is not compared with itself,
    and counts as the candidate's items of that week do. Both sides are plain means of items here, whatever company-wide
    level the candidate's own change was already freed of.
    """
    levels, coefficients = view.learned.levels, view.plain
    weight = levels.week_weight - _by_week(view, 1 / view.items.variance)
    heard = weight > ROUNDING * levels.week_weight
    if not heard[max(0, view.candidate.start - YEAR) :].any():
        return Rival(
            NAME, float("nan"), Verdict.RULED_OUT, "This is about everybody: there is no wider mood behind it."
        )
    beyond = view.items.y - levels.customer[view.items.customer] - levels.touchpoint[view.items.touchpoint]
    total = levels.week_sum - _by_week(view, beyond / view.items.variance)
    level = np.divide(total, weight, out=np.zeros_like(total), where=heard)
    by_week = np.bincount(view.voices.week, coefficients, minlength=weight.size)
    moved = float(by_week @ level)
    error = float(np.sqrt(np.divide(by_week**2, weight, out=np.zeros_like(weight), where=heard).sum()))
    seen = view.change(view.voices, coefficients)
    left = Change(seen.value - moved, float(np.hypot(seen.se, error)))
    claim = view.candidate.sentiment_claim
    verdict = judge(seen, left, error, claim)
    sentence = (
        f"Everybody else's sentiment moved by {signed(moved)} in the same weeks, {view.whose} by {signed(seen.value)}: "
        f"a general mood {said(verdict, claim)}."
    )
    return Rival(NAME, left.value, verdict, sentence)


def _by_week(view: View, x: np.ndarray) -> np.ndarray:
    """Sums of the candidate's items a week."""
    return np.bincount(view.items.week, x, minlength=view.learned.levels.week_sum.size)
