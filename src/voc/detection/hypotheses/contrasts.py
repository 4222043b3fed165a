"""Night: a panel read at its end, as contrasts between after and before every suspected start."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses.company_model import Company
from voc.detection.inputs import kpi_normalisation, observations
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.detection.process import kpi_steps, satisfaction_process
from voc.detection.process.gls import Steps
from voc.detection.process.kpi_steps import Memory, Moves
from voc.detection.process.onsets import STARTS

Floats = NDArray[np.float64]

LOOKBACK = 78
"""A year and a half: a step of half a year is compared with the year before it, so that no season tips the balance."""
UNEVEN = 0.5
"""How unevenly customers follow what their group did in common: half of it is their standard deviation. Without it, in
a test world with regimes, 13 of 37 surfaced customers only followed more or less; with it, 1 or 2."""


@dataclass(frozen=True)
class Seen:
    """N customers as contrasts: steps of what was said and moves of each metric at ``STARTS``."""

    steps: Steps
    moves: tuple[Moves, ...]

    def of(self, rows: Any) -> "Seen":
        """Some of the customers."""
        return Seen(self.steps[rows], tuple(Moves(moved.size[rows], moved.se[rows]) for moved in self.moves))

    def heard(self, least: int) -> NDArray[np.bool_]:
        """Starts with at least ``least`` voices on both sides, shape (N, O)."""
        return (self.steps.after >= least) & (self.steps.before >= least)

    def judged(self, least: int) -> NDArray[np.bool_]:
        """Customers with such a start and a metric measured on both sides of some, shape (N,)."""
        measured = np.zeros(len(self.steps.size), bool)
        for moved in self.moves:
            measured |= np.isfinite(moved.size).any(1)
        return np.asarray(measured & self.heard(least).any(1))


@dataclass(frozen=True)
class Night:
    """The voices, the contrasts, what the metrics lead one to expect of each customer in each week (N, W), and whose
    metrics changed their unit, (N, K)."""

    said: Observations
    seen: Seen
    expected: NDArray[np.float32]
    unit_changed: NDArray[np.bool_]


def see(panel: Panel, company: Company, weeks_before: int) -> Night:
    """weeks_before: of readings that a metric needs before a start."""
    n, w = len(panel.customers), len(panel.weeks)
    said = observations.observe(panel, company.hearing)
    expected, changed, moved = np.zeros((n, w), np.float32), np.zeros((n, len(panel.kpis)), bool), []
    for k, kpi in enumerate(panel.kpis):
        x, common, changed[:, k] = kpi_normalisation.comparable(panel, k, company.scales[k])
        for rows in blocks(n):
            expected[rows] += company.coupling.expected(k, x[rows]).astype(np.float32)
        moved.append(moves_of(x, common, company.memories[k], kpi.cadence, w, weeks_before))
    said = replace(said, expected=expected[said.customer, said.week].astype(float))
    steps = satisfaction_process.steps(said, company.process, n, w, STARTS, LOOKBACK)
    return Night(said, Seen(steps, tuple(moved)), expected, changed)


def moves_of(x: Floats, common: Floats, memory: Memory, cadence: str, end: int, weeks_before: int) -> Moves:
    """Moves of a metric whose standard error knows how unevenly customers follow what they have in common."""
    parts = []
    for rows in blocks(len(x)):
        shared = np.where(np.isfinite(x[rows]), common[rows], np.nan)
        own, of_all = (
            kpi_steps.moves(part, memory, cadence, end, STARTS, LOOKBACK, weeks_before) for part in (x[rows], shared)
        )
        parts.append((own.size, np.sqrt(own.se**2 + (UNEVEN * of_all.size) ** 2)))
    if not parts:
        return Moves(*np.zeros((2, 0, len(STARTS))))
    return Moves(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def blocks(n: int, size: int = 20_000) -> Iterator[slice]:
    """Customers in parts, so that what is worked with does not grow with their number."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
