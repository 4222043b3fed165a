"""Groups: the same question for the company, its regions, segments, plans and touchpoints."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.groups import group_series, sparse_shift
from voc.detection.groups.group_findings import (
    GROUP_ONSET_WEEKS,
    SURELY,
    Found,
    Group,
    carriers_fell,
    fell_together,
    fine,
    unseen,
    worsened,
)
from voc.detection.groups.group_series import Contrast, Series
from voc.detection.groups.group_subjects import Spoken, Subject, everybody, subjects_of
from voc.detection.groups.sparse_shift import ABRUPT
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import LOOKBACK, PreparedPanel
from voc.detection.hypotheses.hypotheses import Null
from voc.detection.hypotheses.posterior import Likelihoods
from voc.detection.inputs import kpi_normalisation
from voc.detection.panel import Panel
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SOME = 20
"""Members heard before and after that it takes to tell a part of a group from the whole of it."""


@dataclass(frozen=True)
class Judged:
    """A group with the week of each of its voices of late, their weekly mood, what mood and metrics did at each of
    ``ONSETS``, and the surest fall that its metrics do not show and fall of a metric that its mood does not."""

    group: Group
    week: Ints
    spoken: Series
    moods: tuple[Contrast, ...]
    moves: tuple[tuple[Contrast, ...], ...]
    fell: Found
    worse: Found


@dataclass(frozen=True)
class _Company:
    """What the members of a group are weighed by: the null of their steps, the share of "nothing happened", the weight
    of any ``other`` story of each customer, and a table of random customers."""

    null: Null
    nothing: float
    other: Floats
    drawn: NDArray[np.float32]


def judge(panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: Company) -> list[Judged]:
    """Every group with history enough; a customer's evidence counts in each group that it is in."""
    n, w, steps = len(panel.customers), len(panel.weeks), prepared.contrasts.steps
    readings = [
        group_series.centred(panel, kpi_normalisation.shaped(panel, k, of)) for k, of in enumerate(company.scales)
    ]
    null, nothing, other = company.nulls.residual, company.priors[0], likelihoods.against_nothing(company.priors)
    pool = sparse_shift.pool_of(sparse_shift.heard(steps, other, np.arange(n)))
    usual = _Company(null, nothing, other, sparse_shift.table(pool, null, nothing))
    all_of_them, out = everybody(panel, prepared, likelihoods, company), []
    for of in subjects_of(all_of_them, readings):
        spoken = all_of_them.of(of.group)
        fell = _fell(of, spoken, panel, prepared, usual)
        at = ABRUPT[fell.start]
        of_carriers = [carriers_fell(fell, move.size[:, at], move.se[:, at]) for move in prepared.contrasts.kpi_steps]
        fell = unseen(fell, of.moves, fine(panel, of.group), np.array(of_carriers))
        worse = worsened(panel, of.group, of.moods, of.moves, readings)
        at = ABRUPT[worse.start]
        if carriers_fell(worse, steps.size[:, at], steps.se[:, at]) < SURELY:
            worse = replace(worse, p=1.0)
        recent = spoken.positions.week[spoken.positions.week >= w - LOOKBACK]
        out.append(Judged(of.group, recent, spoken.positions.weekly(w), of.moods, of.moves, fell, worse))
    return out


def _fell(of: Subject, spoken: Spoken, panel: Panel, prepared: PreparedPanel, company: _Company) -> Found:
    """The surest fall of a part of the members where enough of them were heard for themselves, else of their mean."""
    w, group = len(panel.weeks), of.group
    heard = sparse_shift.heard(prepared.contrasts.steps, company.other, group.rows)
    recent = spoken.beyond.week >= w - group_series.RUNNING
    again = np.isin(spoken.beyond.member[recent], heard.rows)
    if group.level not in panel.levels or heard.rows.size < SOME or 2 * again.sum() <= again.size:
        return fell_together(of.moods, spoken.beyond, w)
    taken_out = replace(
        spoken.positions, value=prepared.observations.of_groups[spoken.chosen, panel.levels.index(group.level)]
    )
    change = np.array([one.change for one in group_series.contrasts(taken_out, w, GROUP_ONSET_WEEKS)])
    members = sparse_shift.best(heard).beside(change)
    table = sparse_shift.table(members, company.null, company.nothing)
    shared = np.array([np.sqrt(mood.calm) if mood.freedom else np.inf for mood in of.moods])
    part = sparse_shift.together(table, company.drawn, np.minimum(shared, sparse_shift.FAR))
    return Found(Kind.WATERMELON, part.p, part.start, -1, members.rows, part.shares, part.without)
