"""Answers on a scale, as the reader asks for them: 2.8 of 5 rather than −0.1."""

from dataclasses import dataclass

from voc.domain.formatting import NBSP

LEAST_SHARE = 0.5
"""Choice: share of the messages on either side that are answers on one scale, from which on that scale is told."""


@dataclass(frozen=True)
class Answers:
    """Mean answers before and since something began, of those who answered on both sides, on a scale from ``low``, the
    worst answer, to ``high``."""

    before: float
    after: float
    low: float
    high: float

    @property
    def scale(self) -> str:
        """The scale in words: 1 to 5."""
        return f"{self.low:g} to {self.high:g}"

    @property
    def words(self) -> str:
        """Both means: from 2.8 to 2.3 of 5; from 92 % to 33 %, where the answer is yes or no."""
        if (self.low, self.high) == (0, 1):
            return f"from {100 * self.before:.0f}{NBSP}% to {100 * self.after:.0f}{NBSP}%"
        places = 1 if f"{self.before:.1f}" != f"{self.after:.1f}" else 2
        return f"from {self.before:.{places}f} to {self.after:.{places}f} of {self.high:g}"
