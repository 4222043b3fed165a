"""Contrasts: a panel read at its end, as changes between before and after every suspected onset."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.kpi_normalisation import Readings
from voc.detection.inputs.observations import Observations, observe
from voc.detection.panel import Panel
from voc.detection.process import kpi_steps, satisfaction_process
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.kpi_steps import KpiSteps, Memory
from voc.detection.process.onsets import ONSETS, Onset

Floats = NDArray[np.float64]

LOOKBACK = 78
"""A year and a half: a step of half a year is compared with the year before it, so that no season tips the balance."""
UNEVEN = 0.5
"""How unevenly customers follow what their group did in common: half of it is their standard deviation. Without it, in
a test world with regimes, 13 of 37 surfaced customers only followed more or less; with it, 1 or 2."""


@dataclass(frozen=True)
class Contrasts:
    """The steps of sentiment, and of each metric, of N customers at ``ONSETS``."""

    steps: SentimentSteps
    kpi_steps: tuple[KpiSteps, ...]

    def of(self, rows: Any) -> "Contrasts":
        """Those of some customers."""
        return Contrasts(self.steps[rows], tuple(kpi[rows] for kpi in self.kpi_steps))

    def at(self, index: NDArray[np.int64]) -> "Contrasts":
        """Those of each customer at one onset of its own, (N, 1)."""
        chosen = np.arange(index.size)[:, None], index[:, None]
        return Contrasts(self.steps[chosen], tuple(kpi[chosen] for kpi in self.kpi_steps))

    def has_observations(self, least: int) -> NDArray[np.bool_]:
        """Onsets with at least ``least`` observations on both sides, shape (N, O)."""
        return (self.steps.after >= least) & (self.steps.before >= least)

    def is_measured(self) -> NDArray[np.bool_]:
        """Customers with a metric that is measured on both sides of some onset, shape (N,)."""
        measured = np.zeros(len(self.steps.size), bool)
        for kpi in self.kpi_steps:
            measured |= np.isfinite(kpi.size).any(1)
        return measured

    def is_judged(self, least: int) -> NDArray[np.bool_]:
        """Customers with a measured metric and an onset with enough observations, shape (N,)."""
        return np.asarray(self.is_measured() & self.has_observations(least).any(1))


@dataclass(frozen=True)
class PreparedPanel:
    """What every judgement of a panel starts from.

    Attributes
    ----------
    observations : Observations
    readings : Readings
        The metrics in one unit.
    contrasts : Contrasts
    expected : ndarray of float32, shape (N, W)
        What the metrics lead one to expect of each customer's satisfaction, in standard deviations of satisfaction.
    """

    observations: Observations
    readings: Readings
    contrasts: Contrasts
    expected: NDArray[np.float32]


def prepare(panel: Panel, company: CompanyModel, weeks_before: int) -> PreparedPanel:
    """weeks_before: weeks' worth of readings that a metric needs before an onset."""
    n, w = len(panel.customers), len(panel.weeks)
    observations, readings = observe(panel, company.channel_reliability), kpi_normalisation.correct_units(panel)
    expected, steps_of_kpis = np.zeros((n, w), np.float32), []
    for k, kpi in enumerate(panel.kpis):
        x, common = kpi_normalisation.comparable(panel, readings, k, company.scales[k])
        for rows in blocks(n):
            expected[rows] += company.coupling.expected(k, x[rows]).astype(np.float32)
        steps_of_kpis.append(own_kpi_steps(x, common, company.memories[k], kpi.cadence, w, weeks_before))
    observations = replace(observations, expected=expected[observations.customer, observations.week].astype(float))
    steps = satisfaction_process.steps(observations, company.process, n, w, ONSETS, LOOKBACK)
    return PreparedPanel(observations, readings, Contrasts(steps, tuple(steps_of_kpis)), expected)


def own_kpi_steps(
    x: Floats,
    common: Floats,
    memory: Memory,
    cadence: str,
    end: int,
    weeks_before: int,
    onsets: tuple[Onset, ...] = ONSETS,
) -> KpiSteps:
    """Steps of a metric beyond the common movement.

    The standard error includes how unevenly customers follow that movement.
    """
    parts = []
    for rows in blocks(len(x)):
        shared = np.where(np.isfinite(x[rows]), common[rows], np.nan)
        both = np.concatenate([x[rows], shared])  # once for the two: most of the work is the same
        steps = kpi_steps.estimate_kpi_steps(both, memory, cadence, end, onsets, LOOKBACK, weeks_before)
        own, in_common = steps[: len(shared)], steps[len(shared) :]
        parts.append((own.size, np.sqrt(own.se**2 + (UNEVEN * in_common.size) ** 2), own.noise))
    if not parts:
        return KpiSteps(*np.zeros((3, 0, len(onsets))))
    return KpiSteps(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def blocks(n: int, size: int = 20_000) -> Iterator[slice]:
    """Customers in blocks, so that working memory does not grow with their number."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
