"""A metric of the catalogue, as the rooms below the settings see it."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "pct", "count", "money", "days", "hours", "minutes", "score"]
Better = Literal["higher", "lower"]
Cadence = Literal["daily", "weekly", "monthly"]
Combine = Literal["mean", "sum", "last"]


@dataclass(frozen=True)
class Kpi:
    """One metric: its name, unit and which way is good. ``target`` is in the metric's own unit."""

    name: str
    label: str
    unit: Unit
    better: Better
    cadence: Cadence = "weekly"
    combine: Combine = "mean"
    target: float | None = None
    owner: str | None = None
    touchpoint: str | None = None

    @property
    def sign(self) -> int:
        """+1 where up is good, −1 where down is."""
        return 1 if self.better == "higher" else -1
