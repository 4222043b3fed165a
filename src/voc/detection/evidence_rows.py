"""Evidence rows: what a surfaced or explained entry rests on, as rows that can be stored and drawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses.hypotheses import HYPOTHESES

Ints = NDArray[np.int64]

Z_95 = 1.96
"""Standard errors on either side of a value in the 95 % interval of a normal estimate."""


@dataclass(frozen=True)
class EvidenceRows:
    """J rows as columns, which are those of ml.evidence.

    Attributes
    ----------
    entry : list of int
        Index of the entry of the findings that a row belongs to.
    part : list of str
        ``sentiment``, ``expected`` and ``kpi``: a week's value with its 95 % interval. ``item``: how much one message,
        named by its id, moves the score. ``leave_one_out``: the score, and the least and largest without any one
        message. ``story``: the posterior weight of a hypothesis. ``rival``: its statistic, its plausibility as
        ``verdict`` and its sentence. ``member``: a customer's share of a group's evidence.
    position : list of int
        Unique within an entry and part.
    week : list of datetime64[D] or None
    name, verdict, sentence : list of str or None
    value, low, high : list of float or None
    """

    entry: list[int] = field(default_factory=list)
    part: list[str] = field(default_factory=list)
    position: list[int] = field(default_factory=list)
    week: list[np.datetime64 | None] = field(default_factory=list)
    name: list[str | None] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    low: list[float | None] = field(default_factory=list)
    high: list[float | None] = field(default_factory=list)
    verdict: list[str | None] = field(default_factory=list)
    sentence: list[str | None] = field(default_factory=list)

    def add(
        self,
        entry: int,
        part: str,
        position: int,
        value: float | None = None,
        *,
        week: np.datetime64 | None = None,
        name: str | None = None,
        low: float | None = None,
        high: float | None = None,
        verdict: str | None = None,
        sentence: str | None = None,
    ) -> None:
        """Adds one row. Numbers that are not finite become None."""
        numbers = [None if x is None or not np.isfinite(x) else float(x) for x in (value, low, high)]
        row = (entry, part, position, week, name, *numbers, verdict, sentence)
        for column, cell in zip(vars(self).values(), row, strict=True):
            column.append(cell)

    def add_series(
        self,
        entry: int,
        part: str,
        weeks: NDArray[np.datetime64],
        value: Iterable[float],
        half: Iterable[float],
        *,
        name: str | None = None,
        within: tuple[float, float] = (-np.inf, np.inf),
    ) -> None:
        """Adds a row for each week with a value. ``half``: half the width of its interval; ``within``: bounds of all
        three numbers."""
        least, most = within
        for i, (week, x, width) in enumerate(zip(weeks, value, half, strict=True)):
            if np.isfinite(x):
                low, high = (float(np.clip(end, least, most)) for end in (x - width, x + width))
                self.add(entry, part, i, float(np.clip(x, least, most)), week=week, name=name, low=low, high=high)

    def add_range(self, entry: int, score: float, without_each: NDArray[np.float64]) -> None:
        """The score, and the least and largest that it is without any one item or member."""
        low, high = min(score, without_each.min(initial=np.inf)), max(score, without_each.max(initial=-np.inf))
        self.add(entry, "leave_one_out", 0, score, name="score", low=float(low), high=float(high))

    def add_posterior(self, entry: int, posterior: NDArray[np.float64]) -> None:
        """The posterior weight of every hypothesis, the likeliest first."""
        for rank, i in enumerate(np.argsort(-posterior, kind="stable")):
            self.add(entry, "story", rank, posterior[i], name=HYPOTHESES[i].name)
