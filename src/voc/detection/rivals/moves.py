"""Moves: what a metric did since a candidate's start, and what groups' steps brought to it."""

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs.kpi_scales import mean
from voc.detection.rivals.steps import Step
from voc.detection.rivals.verdicts import Change
from voc.detection.rivals.view import View

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def hit(view: View, step: Step) -> Bools:
    """Members that took the step."""
    members = view.candidate.members
    if step.level < 0:
        return np.full(members.size, view.is_company)
    return np.asarray(view.panel.group[step.level, members] == step.group)


def is_all_of(view: View, step: Step) -> bool:
    """Whether the candidate is the group, or the company, that took the step."""
    if step.level < 0:
        return True
    n = np.count_nonzero(view.panel.group[step.level] == step.group)
    return bool(hit(view, step).all() and n == view.candidate.members.size)


def taken(view: View, steps: list[Step], own: Floats, low: int) -> Floats:
    """What the steps brought each member in each week, in own standard deviations, (n, weeks)."""
    week = np.arange(low, len(view.panel.weeks))
    out = np.zeros((own.size, week.size))
    for step in steps:
        size = np.full(own.shape, step.size) if step.is_own else step.size / own
        out += hit(view, step)[:, None] * size * (week >= step.week)
    return out


def move(z: Floats, after: Bools, persistence: float) -> Change:
    """Mean over members of the mean after minus before. The error is that of weeks that hang together or, in a group,
    the scatter between members where that is larger."""
    n_after, n_before = (np.isfinite(z[:, side]).sum(axis=1) for side in (after, ~after))
    known = (n_after > 0) & (n_before > 0)
    if not known.any():
        return Change(0.0, np.inf)
    moves = (mean(z[:, after]) - mean(z[:, ~after]))[known]
    variance = persistence * (1 / n_after[known] + 1 / n_before[known])
    return Change(float(moves.mean()), float(np.sqrt(max(variance.mean(), moves.var()) / moves.size)))
