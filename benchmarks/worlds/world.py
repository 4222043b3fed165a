"""World: a made-up company as the detector sees it, and the truth about it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.panel import Panel
from voc.domain.kinds import Kind

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Planted:
    """A planted contradiction that runs to the end; ``also`` is a second metric that worsens with ``kpi``."""

    kind: Kind
    kpi: int
    onset: int
    touchpoint: int
    also: int = -1


@dataclass(frozen=True)
class Truth:
    """The parameters behind a Gaussian world, for the oracle; units are standard deviations as drawn.

    ``z`` (N, K, W): metrics as measured, up is good, season and common shocks taken off, NaN where not measured.
    ``y``, ``noise`` (M,): what an item says of the mood, known biases and everybody's mood taken off, and its variance.
    ``persistence``, ``wander``, ``level``: of satisfaction, a memory and two standard deviations.
    ``kpi_persistence`` (K,), ``kpi_slow``, ``kpi_white`` (N, K): a metric's memory and standard deviations.
    ``coupling``, ``lag``, ``own`` (N, K): to the wandering of satisfaction, in weeks, and weekly standard deviation.
    ``informative``: share of items that say anything of the mood; ``sd``: of satisfaction over customers and weeks;
    ``share``, ``decoys``: of customers who are planted and who are decoys.
    """

    z: Floats
    y: Floats
    noise: Floats
    persistence: float
    wander: float
    level: float
    kpi_persistence: Floats
    kpi_slow: Floats
    kpi_white: Floats
    coupling: Floats
    lag: Ints
    own: Floats
    informative: float
    sd: float
    share: float
    decoys: float


@dataclass(frozen=True)
class Together:
    """Customers of one region whose mood fell weakly since ``onset`` while their metrics did not, and as many of
    another region with whom both fell."""

    region: int
    rows: Ints
    agreed_region: int
    agreed_rows: Ints
    onset: int


@dataclass(frozen=True)
class World:
    """What is planted where, which decoys there are, and the true satisfaction ``mood`` (N, W) after planting.

    ``unfelt``: regions where a metric fell for everybody and nobody felt it, a silent risk that came by itself.
    """

    panel: Panel
    planted: dict[int, Planted]
    decoys: dict[int, str]
    mood: Floats
    together: Together | None = None
    truth: Truth | None = None
    unfelt: tuple[int, ...] = ()

    def answerable(self, row: int, items: int = 4) -> bool:
        """Whether the customer said enough on both sides of the true start."""
        week = self.panel.item_week[self.panel.offsets[row] : self.panel.offsets[row + 1]]
        after = int((week >= self.planted[row].onset).sum())
        return min(after, week.size - after) >= items


def cut(panel: Panel, weeks: int) -> Panel:
    """The panel as it was after its first ``weeks`` weeks."""
    kept = panel.item_week < weeks
    counts = np.bincount(panel.item_customer[kept], minlength=len(panel.customers))
    per_item = ("item_id", "item_week", "sentiment", "sentiment_se", "channel", "touchpoint", "respondent", "item_text")
    return replace(
        panel,
        weeks=panel.weeks[:weeks],
        last_week=np.minimum(panel.last_week, weeks - 1),
        kpi_values=panel.kpi_values[:, :, :weeks],
        offsets=np.r_[0, np.cumsum(counts)],
        **{name: getattr(panel, name)[kept] for name in per_item},
    )
