"""How far an alternative explanation accounts for a contradiction."""

from enum import StrEnum


class Plausibility(StrEnum):
    """The outcome for one rival hypothesis, from the weakest to the strongest. Published as these strings."""

    RULED_OUT = "ruled_out"
    MAY_EXPLAIN = "may_explain"
    EXPLAINS = "explains"

    @property
    def strength(self) -> int:
        """0 where it is ruled out, 2 where it explains."""
        return tuple(Plausibility).index(self)
