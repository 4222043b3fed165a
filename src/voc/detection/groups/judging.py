"""Groups: the same question for the company, its regions, segments, plans and touchpoints."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.groups import group_series, sparse_shift
from voc.detection.groups.cells import CELL, find_cells
from voc.detection.groups.group_findings import (
    CARRIER_LEVEL,
    Group,
    GroupFinding,
    beside_metrics,
    fall_of_carriers,
    kpi_fall,
    mean_fall,
    metrics_on_target,
)
from voc.detection.groups.group_series import WeeklyContrast, WeeklySeries
from voc.detection.groups.group_subjects import GroupObservations, Subject, company_observations, subjects_of
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.hypotheses.hypotheses import Null
from voc.detection.hypotheses.posterior import Likelihoods
from voc.detection.inputs import kpi_scales
from voc.detection.panel import Panel
from voc.detection.process.onsets import ABRUPT, ABRUPT_WEEKS
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_MEASURED_MEMBERS = 20
"""Members with a known step that it takes to tell a part of a group from the whole of it."""


@dataclass(frozen=True)
class JudgedGroup:
    """What is known of a group.

    Attributes
    ----------
    group : Group
    recent_weeks : ndarray of int
        Week of each of its newer observations.
    weekly : WeeklySeries
        Its sentiment of each week.
    sentiment_weekly, kpis_weekly : WeeklySeries, tuple of WeeklySeries
        Its sentiment, and each metric, beyond the company's own.
    sentiment_contrasts, kpi_contrasts : tuple
        Changes of sentiment, and of each metric, at each of ``ABRUPT_WEEKS``.
    sentiment_fall : GroupFinding
        The surest fall of sentiment that the metrics do not show.
    kpi_fall : GroupFinding
        The surest fall of a metric that sentiment does not show; of a cell none is looked for.
    parts : tuple of (level, name)
        What a cell is made of, empty for others.
    """

    group: Group
    recent_weeks: Ints
    weekly: WeeklySeries
    sentiment_weekly: WeeklySeries
    kpis_weekly: tuple[WeeklySeries, ...]
    sentiment_contrasts: tuple[WeeklyContrast, ...]
    kpi_contrasts: tuple[tuple[WeeklyContrast, ...], ...]
    sentiment_fall: GroupFinding
    kpi_fall: GroupFinding
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _NullReference:
    """What a group's members are compared with: the ``null`` of their steps, the prior of "nothing happened"
    (``nothing``), what all other hypotheses weigh against it for each customer (``alternatives``, (N,)), and the table
    that random groups are drawn from."""

    null: Null
    nothing: float
    alternatives: Floats
    pool_table: NDArray[np.float32]


def judge(panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: CompanyModel) -> list[JudgedGroup]:
    """Every group with history enough, and the cells that stand out; a customer's evidence counts in each of its
    groups."""
    w, steps = len(panel.weeks), prepared.contrasts.steps
    readings = [
        group_series.around_own_level(panel, kpi_scales.shaped(kpi, scale, values))
        for kpi, scale, values in zip(panel.kpis, company.scales, prepared.readings.values, strict=True)
    ]
    reference = _reference(panel, prepared, likelihoods, company)
    observations, judged = company_observations(panel, prepared, likelihoods, company), []
    cells = {cell.group.name: cell for cell in find_cells(panel, prepared, company)}
    for subject in subjects_of(observations, readings, [cell.group for cell in cells.values()]):
        own = observations.of(subject.group)
        is_cell = subject.group.level == CELL
        fall = cells[subject.group.name].fall if is_cell else _sentiment_fall(subject, own, panel, prepared, reference)
        onset = ABRUPT[fall.onset_index]
        # a cell is all of its members; of others those who carry the fall may be another choice
        carried = replace(fall, shares=np.full(fall.shares.size, 1 / max(fall.shares.size, 1))) if is_cell else fall
        p_of_carriers = [
            fall_of_carriers(carried, kpi.size[:, onset], kpi.se[:, onset]) for kpi in prepared.contrasts.kpi_steps
        ]
        on_target = metrics_on_target(panel, prepared.readings, subject.group)
        fall = beside_metrics(fall, subject.kpi_contrasts, on_target, np.array(p_of_carriers))
        worse = kpi_fall(panel, subject.group, subject.sentiment_contrasts, subject.kpi_contrasts, readings)
        onset = ABRUPT[worse.onset_index]
        if is_cell or fall_of_carriers(worse, steps.size[:, onset], steps.se[:, onset]) < CARRIER_LEVEL:
            worse = replace(worse, p=1.0)
        judged.append(
            JudgedGroup(
                subject.group,
                own.values.week[own.values.week >= w - LOOKBACK],
                own.values.weekly(w),
                subject.sentiment_weekly,
                subject.kpis_weekly,
                subject.sentiment_contrasts,
                subject.kpi_contrasts,
                fall,
                worse,
                cells[subject.group.name].parts if is_cell else (),
            )
        )
    return judged


def _reference(
    panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: CompanyModel
) -> _NullReference:
    null, nothing = company.nulls.residual, company.priors[0]
    alternatives = likelihoods.against_nothing(company.priors)
    everybody = np.arange(len(panel.customers))
    pool = sparse_shift.pool_of(sparse_shift.measured_members(prepared.contrasts.steps, alternatives, everybody))
    return _NullReference(null, nothing, alternatives, sparse_shift.log_likelihood_table(pool, null, nothing))


def _sentiment_fall(
    subject: Subject, own: GroupObservations, panel: Panel, prepared: PreparedPanel, reference: _NullReference
) -> GroupFinding:
    """The surest fall of a part of the members where the steps of enough of them are known, else of their mean."""
    w, group = len(panel.weeks), subject.group
    measured = sparse_shift.measured_members(prepared.contrasts.steps, reference.alternatives, group.rows)
    recent = own.beyond.week >= w - group_series.RUNNING_WEEKS
    is_measured = np.isin(own.beyond.member[recent], measured.rows)
    speak_mostly = 2 * is_measured.sum() > is_measured.size
    if group.level not in panel.levels or measured.rows.size < LEAST_MEASURED_MEMBERS or not speak_mostly:
        return mean_fall(subject.sentiment_contrasts, own.beyond, w)
    level = panel.levels.index(group.level)
    taken_out = replace(own.values, value=prepared.observations.of_groups[own.positions, level])
    change = np.array([contrast.change for contrast in group_series.weekly_contrasts(taken_out, w, ABRUPT_WEEKS)])
    members = sparse_shift.best_measured(measured).with_common_change(change)
    table = sparse_shift.log_likelihood_table(members, reference.null, reference.nothing)
    common_sd = np.array(
        [np.sqrt(contrast.null_variance) if contrast.freedom else np.inf for contrast in subject.sentiment_contrasts]
    )
    shift = sparse_shift.compare_with_random_groups(
        table, reference.pool_table, np.minimum(common_sd, sparse_shift.UNKNOWN_COMMON_SD)
    )
    return GroupFinding(Kind.WATERMELON, shift.p, shift.onset_index, -1, members.rows, shift.shares, shift.without)
