"""Rivals: others speak than before, through other channels, or about other touchpoints.

The part of a change of means that lies in the mix and not within its parts is Kitagawa's (1955); statistic of each: the
candidate's change without it. Channels are a source's surveys and tickets, so that another survey form is one of them.
"""

import numpy as np
from numpy.typing import NDArray

from voc.detection.rivals.candidate import RivalExplanation
from voc.detection.rivals.candidate_items import codes, weights_within
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import Change, corrected
from voc.domain.evidence.plausibility import Plausibility

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = 1 / 4
"""Of the information in a change: with less of it within strata the error there is more than twice the plain one, and
company-wide levels of the strata tell more."""


def mix_of_respondents(view: CandidateView) -> RivalExplanation:
    """Whether the people, and in a group the customers, who spoke before as well changed.

    Nobody knows how a newcomer would have spoken before, so people who spoke on one side only are left out. Of one
    customer an item without a name is left out too; in a group such items are the customer's.
    """
    items, is_one = view.statements, view.candidate.members.size == 1
    who = np.where(items.respondent >= 0, items.respondent, -2 - np.arange(items.week.size) if is_one else -1)
    same = "Among the same people as before" if is_one else "Among the same customers and people as before"
    cause = "a change of who speaks"
    inside = weights_within(items, codes(items.customer, who)[1])
    if inside is None:
        sentence = f"Nobody who is named spoke both before and since the start: {cause} cannot be ruled out."
        return RivalExplanation("mix_of_respondents", float("nan"), Plausibility.MAY_EXPLAIN, sentence)
    return _mix(view, "mix_of_respondents", inside, (same, cause))


def mix_of_channels(view: CandidateView) -> RivalExplanation:
    """Whether sentiment changed within channels, or else against the usual level of each in the company."""
    level = np.zeros(view.statements.week.size)  # a statement is measured against its channel's level from the outset
    return _standardised(view, "channel", view.statements.channel, level)


def mix_of_touchpoints(view: CandidateView) -> RivalExplanation:
    """Whether sentiment changed within touchpoints, or else against the usual level of each in the company."""
    return _standardised(
        view,
        "touchpoint",
        view.statements.touchpoint,
        view.baseline.sentiment_levels.touchpoint[view.statements.touchpoint],
    )


def _standardised(view: CandidateView, part: str, code: Ints, level: Floats) -> RivalExplanation:
    """Within strata where that keeps enough, else by the company's levels of the strata: indirect standardisation."""
    items, name, cause = view.statements, f"mix_of_{part}s", f"another mix of {part}s"
    plain, inside = view.plain, weights_within(items, code + 1)
    if inside is not None and plain**2 @ items.variance >= KEPT * (inside**2 @ items.variance):
        return _mix(view, name, inside, (f"{part.capitalize()} by {part}", cause))
    left = Change(view.claimed.value - float(plain @ level), view.claimed.se)
    how = f"Against the usual level of each {part}"
    return corrected(name, view.claimed, left, 0.0, view.candidate.kind.claim.sentiment_sign, (how, cause))


def _mix(view: CandidateView, name: str, inside: Floats, words: tuple[str, str]) -> RivalExplanation:
    """The candidate's change less what the plain contrast of its items has beyond the one within strata."""
    items = view.statements
    between = view.plain - inside
    left = Change(view.claimed.value - float(between @ items.y), view.change(items, inside).se)
    gap_se = float(np.sqrt(between**2 @ items.variance))
    return corrected(name, view.claimed, left, gap_se, view.candidate.kind.claim.sentiment_sign, words)
