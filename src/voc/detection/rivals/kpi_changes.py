"""KPI changes: how a metric changed since a candidate's start, and how much of it level shifts of groups bring."""

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs.kpi_scales import mean
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import Change
from voc.detection.rivals.level_shifts import LevelShift

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def shifted_members(view: CandidateView, shift: LevelShift) -> Bools:
    """Members that a level shift concerns."""
    members = view.candidate.members
    if shift.level < 0:
        return np.full(members.size, view.is_company)
    return np.asarray(view.panel.group[shift.level, members] == shift.group)


def is_all_of(view: CandidateView, shift: LevelShift) -> bool:
    """Whether the candidate is the group, or the company, that shifted."""
    if shift.level < 0:
        return True
    n = np.count_nonzero(view.panel.group[shift.level] == shift.group)
    return bool(shifted_members(view, shift).all() and n == view.candidate.members.size)


def shift_effects(view: CandidateView, level_shifts: list[LevelShift], own_sd: Floats, low: int) -> Floats:
    """Effect of level shifts on each member in each week, in own standard deviations, (n, weeks)."""
    week = np.arange(low, len(view.panel.weeks))
    effect = np.zeros((own_sd.size, week.size))
    for shift in level_shifts:
        size = np.full(own_sd.shape, shift.size) if shift.is_own else shift.size / own_sd
        effect += shifted_members(view, shift)[:, None] * size * (week >= shift.week)
    return effect


def mean_change(z: Floats, after: Bools, persistence: float) -> Change:
    """Mean over members of the mean after minus before.

    The standard error is that of correlated weeks or, where that is larger, of the scatter between members.
    """
    n_after, n_before = (np.isfinite(z[:, side]).sum(axis=1) for side in (after, ~after))
    is_known = (n_after > 0) & (n_before > 0)
    if not is_known.any():
        return Change(0.0, np.inf)
    changes = (mean(z[:, after]) - mean(z[:, ~after]))[is_known]
    variance = persistence * (1 / n_after[is_known] + 1 / n_before[is_known])
    return Change(float(changes.mean()), float(np.sqrt(max(variance.mean(), changes.var()) / changes.size)))
