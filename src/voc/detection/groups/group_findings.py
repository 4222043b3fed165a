"""What a group contradicts in: a fall that its metrics do not show, or metrics that worsen unfelt."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from voc.detection.groups.group_series import YEAR, Contrast, Pieces
from voc.detection.groups.sparse_shift import ABRUPT
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.kpi_scales import mean
from voc.detection.panel import Panel
from voc.detection.process.onsets import ONSETS
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ONE_SIDED = 0.05
SURELY = 0.01
"""Of those who carry a finding: they were chosen among all, and those of any choice look a little alike."""
STARTS_APART = 3
"""From 4 to 26 weeks a start doubles not quite three times: so many of them are about independent (Bonferroni)."""
JUMPED = 3.0
"""Calm standard deviations of its mean by which a group's metric jumps up implausibly."""
GROUP_ONSET_WEEKS = np.array([ONSETS[o].weeks for o in ABRUPT])


@dataclass(frozen=True)
class Group:
    """``rows`` of its members; ``touchpoint``: the code of the one that it is, else −1."""

    level: str
    name: str
    rows: Ints
    touchpoint: int = -1


@dataclass(frozen=True)
class Found:
    """A contradiction of a group: its kind, p-value, start as an index of ``ONSETS``, metric (−1: none), the members
    that carry it with their shares of the evidence, and the p-value without each of them."""

    kind: Kind
    p: float
    start: int
    kpi: int
    carriers: Ints
    shares: Floats
    without: Floats


def _p(of: Contrast, sign: int) -> float:
    """One-sided p-value of a move of ``sign``, from the group's own calm history; 1 where that is too short."""
    return float(t.sf(sign * of.z, of.freedom)) if of.freedom else 1.0


def fell_together(moods: tuple[Contrast, ...], positions: Pieces, end: int) -> Found:
    """A fall of the group's mean, for groups whose members speak once or which are more than their members."""
    p = np.array([_p(of, -1) for of in moods])
    start = int(p.argmin())
    of, since = moods[start], end - GROUP_ONSET_WEEKS[start]
    after = positions.week >= since
    rows, owner = np.unique(positions.member[after], return_inverse=True)
    weights = 1 / positions.variance[after]
    pull = np.bincount(owner, weights * (of.before - positions.value[after]), minlength=rows.size)
    carried = np.maximum(pull, 0)
    total, weight = pull.sum(), weights.sum()
    # the mean of the others, if one member had said nothing
    left = (total - pull) / np.maximum(weight - np.bincount(owner, weights, minlength=rows.size), 1e-9)
    without = np.minimum(1.0, STARTS_APART * t.sf(left / of.se, of.freedom)) if of.freedom else np.ones(rows.size)
    shares = carried / max(float(carried.sum()), 1e-9)
    return Found(Kind.WATERMELON, min(1.0, STARTS_APART * float(p[start])), start, -1, rows, shares, without)


def unseen(fell: Found, moves: tuple[tuple[Contrast, ...], ...], fine: list[int], of_carriers: Floats) -> Found:
    """The fall beside the metrics: none where one of them fell too, or all a little, for everybody or for those who
    carry the fall (their p-values ``of_carriers``, (K,)), or none is fine; gamed where one jumped up."""
    known = [k for k, of in enumerate(moves) if of[fell.start].freedom]
    down = np.array([_p(moves[k][fell.start], -1) for k in known])
    agreed = _any_or_all(down, ONE_SIDED) or _any_or_all(of_carriers, SURELY)
    looks_well = [k for k in fine if k in known]
    if agreed or not looks_well:
        return Found(fell.kind, 1.0, fell.start, -1, fell.carriers, fell.shares, fell.without)
    kpi = max(looks_well, key=lambda k: moves[k][fell.start].z)
    kind = Kind.GAMED_METRIC if moves[kpi][fell.start].z > JUMPED else Kind.WATERMELON
    return Found(kind, fell.p, fell.start, kpi, fell.carriers, fell.shares, fell.without)


def carriers_fell(found: Found, size: Floats, se: Floats) -> float:
    """p-value of a fall in something else, steps ``size`` with their ``se``, (N,), of those who carry a finding."""
    x, error = size[found.carriers], se[found.carriers]
    there = np.isfinite(x) & np.isfinite(error)
    x, error, shares = x[there], error[there], found.shares[there]
    weights = shares / np.maximum(error, 1e-9) ** 2
    total = float(np.sqrt((weights * error) @ (weights * error)))
    return float(norm.cdf(weights @ x / total)) if total > 0 else 1.0


def _any_or_all(p: Floats, level: float) -> bool:
    """Whether one of the p-values is low for their number (Bonferroni), or all together are (Stouffer 1949)."""
    together = norm.sf(norm.isf(np.clip(p, 1e-12, 1 - 1e-12)).sum() / np.sqrt(max(p.size, 1)))
    return bool(p.size and (together < level or (p < level / p.size).any()))


def fine(panel: Panel, group: Group) -> list[int]:
    """Metrics that meet their target of late, those of the group's own touchpoint alone where there are any."""
    out = []
    for k, kpi in enumerate(panel.kpis):
        values = kpi_normalisation.undo_units(panel.kpi_values[group.rows, k], kpi)[0][:, -int(GROUP_ONSET_WEEKS[0]) :]
        contrasts = values[np.isfinite(values)]
        if contrasts.size and (kpi.target is None or kpi.sign * (contrasts.mean() - kpi.target) >= 0):
            out.append(k)
    own = [k for k in out if group.touchpoint >= 0 and panel.kpis[k].touchpoint == group.name]
    return own or out


def worsened(
    panel: Panel,
    group: Group,
    moods: tuple[Contrast, ...],
    moves: tuple[tuple[Contrast, ...], ...],
    readings: list[Floats],
) -> Found:
    """The surest fall of a metric while the group's mood surely did not fall; a touchpoint's own metrics only."""
    of = [k for k in range(len(moves)) if group.touchpoint < 0 or panel.kpis[k].touchpoint == group.name]
    warm = [mood.freedom > 0 and mood.z >= 0 for mood in moods]
    p = np.array([[_p(move, -1) if held else 1.0 for move, held in zip(moves[k], warm, strict=True)] for k in of])
    if not p.size:
        none = np.zeros(0)
        return Found(Kind.SILENT_RISK, 1.0, 0, -1, np.zeros(0, np.int64), none, none)
    at, start = (int(i) for i in np.unravel_index(p.argmin(), p.shape))
    k, onset = of[at], int(GROUP_ONSET_WEEKS[start])
    x = readings[k][group.rows]
    fell = np.nan_to_num(mean(x[:, -onset - YEAR : -onset]) - mean(x[:, -onset:]))
    carried, number, move = np.maximum(fell, 0), len(of) * STARTS_APART, moves[k][start]
    # the mean of the others, if one member had not been measured
    left = move.change + (move.change + fell) / (group.rows.size - 1)
    without = np.minimum(1.0, number * t.cdf(left / move.se, max(move.freedom, 1)))
    shares = carried / max(float(carried.sum()), 1e-9)
    return Found(Kind.SILENT_RISK, min(1.0, number * float(p[at, start])), start, k, group.rows, shares, without)
