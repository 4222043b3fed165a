"""Night: a panel read at its end, as contrasts between after and before every suspected start."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses.company_model import Company
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.observations import Observations, observe
from voc.detection.panel import Panel
from voc.detection.process import kpi_steps, satisfaction_process
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.kpi_steps import KpiSteps, Memory
from voc.detection.process.onsets import ONSETS

Floats = NDArray[np.float64]

LOOKBACK = 78
"""A year and a half: a step of half a year is compared with the year before it, so that no season tips the balance."""
UNEVEN = 0.5
"""How unevenly customers follow what their group did in common: half of it is their standard deviation. Without it, in
a test world with regimes, 13 of 37 surfaced customers only followed more or less; with it, 1 or 2."""


@dataclass(frozen=True)
class Contrasts:
    """N customers as contrasts: steps of what was said and moves of each metric at ``STARTS``."""

    steps: SentimentSteps
    kpi_steps: tuple[KpiSteps, ...]

    def of(self, rows: Any) -> "Contrasts":
        """Some of the customers."""
        return Contrasts(
            self.steps[rows],
            tuple(KpiSteps(steps_of_kpi.size[rows], steps_of_kpi.se[rows]) for steps_of_kpi in self.kpi_steps),
        )

    def has_observations(self, least: int) -> NDArray[np.bool_]:
        """Starts with at least ``least`` voices on both sides, shape (N, O)."""
        return (self.steps.after >= least) & (self.steps.before >= least)

    def judged(self, least: int) -> NDArray[np.bool_]:
        """Customers with such a start and a metric measured on both sides of some, shape (N,)."""
        measured = np.zeros(len(self.steps.size), bool)
        for steps_of_kpi in self.kpi_steps:
            measured |= np.isfinite(steps_of_kpi.size).any(1)
        return np.asarray(measured & self.has_observations(least).any(1))


@dataclass(frozen=True)
class PreparedPanel:
    """The voices, the contrasts, what the metrics lead one to expect of each customer in each week (N, W), and whose
    metrics changed their unit, (N, K)."""

    observations: Observations
    contrasts: Contrasts
    expected: NDArray[np.float32]
    unit_changed: NDArray[np.bool_]


def prepare(panel: Panel, company: Company, weeks_before: int) -> PreparedPanel:
    """weeks_before: of readings that a metric needs before a start."""
    n, w = len(panel.customers), len(panel.weeks)
    observations = observe(panel, company.channel_reliability)
    expected, changed, steps_of_kpi = np.zeros((n, w), np.float32), np.zeros((n, len(panel.kpis)), bool), []
    for k, kpi in enumerate(panel.kpis):
        x, common, changed[:, k] = kpi_normalisation.comparable(panel, k, company.scales[k])
        for rows in blocks(n):
            expected[rows] += company.coupling.expected(k, x[rows]).astype(np.float32)
        steps_of_kpi.append(own_kpi_steps(x, common, company.memories[k], kpi.cadence, w, weeks_before))
    observations = replace(observations, expected=expected[observations.customer, observations.week].astype(float))
    steps = satisfaction_process.steps(observations, company.process, n, w, ONSETS, LOOKBACK)
    return PreparedPanel(observations, Contrasts(steps, tuple(steps_of_kpi)), expected, changed)


def own_kpi_steps(x: Floats, common: Floats, memory: Memory, cadence: str, end: int, weeks_before: int) -> KpiSteps:
    """Moves of a metric whose standard error knows how unevenly customers follow what they have in common."""
    parts = []
    for rows in blocks(len(x)):
        shared = np.where(np.isfinite(x[rows]), common[rows], np.nan)
        own, of_all = (
            kpi_steps.estimate_kpi_steps(part, memory, cadence, end, ONSETS, LOOKBACK, weeks_before)
            for part in (x[rows], shared)
        )
        parts.append((own.size, np.sqrt(own.se**2 + (UNEVEN * of_all.size) ** 2)))
    if not parts:
        return KpiSteps(*np.zeros((2, 0, len(ONSETS))))
    return KpiSteps(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def blocks(n: int, size: int = 20_000) -> Iterator[slice]:
    """Customers in parts, so that what is worked with does not grow with their number."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
