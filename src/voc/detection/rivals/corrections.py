"""Corrections: how plausible an explanation is, from a change and what a correction leaves of it."""

from dataclasses import dataclass

from scipy.stats import norm

from voc.detection.rivals.candidate import RivalExplanation
from voc.domain.evidence import evidence_words
from voc.domain.evidence.plausibility import Plausibility

ONE_SIDED_LEVEL = 0.05
"""One-sided: the direction is claimed beforehand."""
BEYOND_CHANCE = float(norm.isf(ONE_SIDED_LEVEL))
EXPLAINED_SHARE, NOTABLE_SHARE = 1 / 2, 1 / 3
"""Shares of a change. With less than half of it left, "nothing changed" is likelier than "all of it did": for a normal
estimate the two likelihoods are equal halfway (Neyman and Pearson 1933). A third is the least that is worth a
mention."""
NEGLIGIBLE_SHARE = 1 / 10
"""Choice: a smaller part left is nothing, however surely it is known: in a large group every trace is beyond chance."""


@dataclass(frozen=True)
class Change:
    """An estimated change, up is good, and its standard error."""

    value: float
    se: float

    def is_beyond_chance(self, direction: int) -> bool:
        return direction * self.value > BEYOND_CHANCE * self.se


def plausibility_of(observed: Change, left: Change, gap_se: float, claim: int) -> Plausibility:
    """Whether a correction removes a claimed change, or uncovers a fall where none is claimed.

    claim: −1 a fall, +1 a rise, 0 no fall. ``gap_se``: standard error of ``seen − left``, 0 for a correction in which
    chance has no part.

    A claimed change is explained where it was beyond chance, at most half of the estimate and nothing beyond chance, or
    hardly anything, is left, and the correction itself is beyond chance. The last is needed because a correction that
    throws most items away leaves nothing beyond chance of any change: that of two results one is significant and one is
    not does not make their difference significant (Gelman and Stern 2006). Where no fall is claimed it is the other way
    round: a fall beyond chance is left, of which at most half was seen and nothing beyond chance.
    """
    present, absent, direction = (observed, left, claim) if claim else (left, observed, -1)
    removed = Change(present.value - absent.value, gap_se)
    part = removed.value / present.value if direction * present.value > 0 else 0.0
    nothing = not absent.is_beyond_chance(direction) or part >= 1 - NEGLIGIBLE_SHARE
    tells = present.is_beyond_chance(direction) and nothing
    if part >= EXPLAINED_SHARE and tells and removed.is_beyond_chance(direction):
        return Plausibility.EXPLAINS
    return Plausibility.MAY_EXPLAIN if part >= NOTABLE_SHARE and (claim or tells) else Plausibility.RULED_OUT


def corrected(
    name: str, observed: Change, left: Change, gap_se: float, claim: int, words: tuple[str, str]
) -> RivalExplanation:
    """The rival whose statistic is the change of sentiment that is left.

    words: how it was corrected and what might explain it, e.g. "Channel by channel" and "another mix of channels".
    """
    plausibility, (how, cause) = plausibility_of(observed, left, gap_se, claim), words
    moved = f"{how} sentiment moved by {signed(left.value)}, over all by {signed(observed.value)}"
    return RivalExplanation(
        name, float(left.value), plausibility, f"{moved}: {cause} {plausibility_words(plausibility, claim)}."
    )


def plausibility_words(plausibility: Plausibility, claim: int) -> str:
    """The plausibility as the end of a sentence."""
    if claim == 0:
        return {
            Plausibility.RULED_OUT: "hides no fall",
            Plausibility.MAY_EXPLAIN: "may hide a fall",
            Plausibility.EXPLAINS: "hides a fall",
        }[plausibility]
    return {
        Plausibility.RULED_OUT: "does not explain it",
        Plausibility.MAY_EXPLAIN: "may explain part of it",
        Plausibility.EXPLAINS: "explains it",
    }[plausibility]


def signed(value: float) -> str:
    """A number with its sign and two decimals: +0.04, −0.31, and 0.00, which has none."""
    text = evidence_words.signed(value)
    return "0.00" if text[1:] == "0.00" else text
