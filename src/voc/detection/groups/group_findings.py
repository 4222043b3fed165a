"""What a group contradicts in: a fall that its metrics do not show, or metrics that worsen unfelt."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from voc.detection.groups.group_series import WeeklyContrast, WeightedValues
from voc.detection.inputs.kpi_normalisation import Readings
from voc.detection.inputs.kpi_scales import mean
from voc.detection.panel import Panel
from voc.detection.process.onsets import ABRUPT_WEEKS, BASELINE_WEEKS
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KPI_LEVEL = 0.05
"""One-sided level at which a group's metric is said to have fallen too."""
CARRIER_LEVEL = 0.01
"""The same for the members that carry a finding: they were chosen among all, and any choice looks a little alike."""
INDEPENDENT_ONSETS = 3
"""From 4 to 26 weeks an onset doubles not quite three times: so many of them are about independent (Bonferroni)."""
JUMP_Z = 3.0
"""Choice: standard errors by which a group's metric jumps up implausibly."""


@dataclass(frozen=True)
class Group:
    """``rows`` of its members; ``touchpoint``: the code of the touchpoint that the group is, else −1."""

    level: str
    name: str
    rows: Ints
    touchpoint: int = -1


@dataclass(frozen=True)
class GroupFinding:
    """A contradiction of a group.

    Attributes
    ----------
    kind : Kind
    p : float
    onset_index : int
        Index of ``ABRUPT_WEEKS``.
    kpi : int
        Position in ``panel.kpis``, −1 without one.
    carriers : ndarray of int, shape (m,)
        Rows of the members that carry it.
    shares : ndarray of float, shape (m,)
        Their shares of the evidence.
    without : ndarray of float, shape (m,)
        ``p`` without each of them.
    """

    kind: Kind
    p: float
    onset_index: int
    kpi: int
    carriers: Ints
    shares: Floats
    without: Floats


def _p(contrast: WeeklyContrast, sign: int, z: float | None = None) -> float:
    """One-sided p-value of a change of ``sign``, from the group's own null scatter (or of ``z``); 1 where history is
    too short."""
    return float(t.sf(sign * (contrast.z if z is None else z), contrast.freedom)) if contrast.freedom else 1.0


def mean_fall(contrasts: tuple[WeeklyContrast, ...], values: WeightedValues, end: int) -> GroupFinding:
    """A fall of the group's mean, for groups whose members speak once or which are more than their members."""
    p = np.array([_p(contrast, -1) for contrast in contrasts])
    onset_index = int(p.argmin())
    contrast, since = contrasts[onset_index], end - ABRUPT_WEEKS[onset_index]
    after = values.week >= since
    rows, owner = np.unique(values.member[after], return_inverse=True)
    weights = 1 / values.variance[after]
    pull = np.bincount(owner, weights * (contrast.before - values.value[after]), minlength=rows.size)
    carried = np.maximum(pull, 0)
    total, weight = pull.sum(), weights.sum()
    # the mean of the others, if one member had said nothing
    left = (total - pull) / np.maximum(weight - np.bincount(owner, weights, minlength=rows.size), 1e-9)
    without = np.ones(rows.size)
    if contrast.freedom:
        without = np.minimum(1.0, INDEPENDENT_ONSETS * t.sf(left / contrast.se, contrast.freedom))
    shares = carried / max(float(carried.sum()), 1e-9)
    p_any = min(1.0, INDEPENDENT_ONSETS * float(p[onset_index]))
    return GroupFinding(Kind.WATERMELON, p_any, onset_index, -1, rows, shares, without)


def beside_metrics(
    fall: GroupFinding,
    kpi_contrasts: tuple[tuple[WeeklyContrast, ...], ...],
    on_target: list[int],
    p_of_carriers: Floats,
) -> GroupFinding:
    """The fall of sentiment judged beside the metrics.

    It is no finding where one metric fell too, or all of them a little, for all members or for those that carry the
    fall (``p_of_carriers``, (K,)), or where no metric is ``on_target``. It is gamed where a metric jumped up.
    """
    measured = [k for k, contrasts in enumerate(kpi_contrasts) if contrasts[fall.onset_index].freedom]
    p_down = np.array([_p(kpi_contrasts[k][fall.onset_index], -1) for k in measured])
    is_agreed = _any_or_all(p_down, KPI_LEVEL) or _any_or_all(p_of_carriers, CARRIER_LEVEL)
    looks_well = [k for k in on_target if k in measured]
    if is_agreed or not looks_well:
        return replace(fall, p=1.0, kpi=-1)
    kpi = max(looks_well, key=lambda k: kpi_contrasts[k][fall.onset_index].z)
    kind = Kind.GAMED_METRIC if kpi_contrasts[kpi][fall.onset_index].z > JUMP_Z else Kind.WATERMELON
    return replace(fall, kind=kind, kpi=kpi)


def fall_of_carriers(found: GroupFinding, size: Floats, se: Floats) -> float:
    """p-value of a fall in another series, steps ``size`` with their ``se`` (N,), of the members that carry a
    finding."""
    x, error = size[found.carriers], se[found.carriers]
    is_finite = np.isfinite(x) & np.isfinite(error)
    x, error, shares = x[is_finite], error[is_finite], found.shares[is_finite]
    weights = shares / np.maximum(error, 1e-9) ** 2
    total = float(np.sqrt((weights * error) @ (weights * error)))
    return float(norm.cdf(weights @ x / total)) if total > 0 else 1.0


def _any_or_all(p: Floats, level: float) -> bool:
    """Whether one of the p-values is low for their number (Bonferroni), or all together are (Stouffer 1949)."""
    p_all = norm.sf(norm.isf(np.clip(p, 1e-12, 1 - 1e-12)).sum() / np.sqrt(max(p.size, 1)))
    return bool(p.size and (p_all < level or (p < level / p.size).any()))


def metrics_on_target(panel: Panel, readings: Readings, group: Group) -> list[int]:
    """Metrics that met their target in the newest weeks; those of the group's own touchpoint alone where there are
    any."""
    on_target = []
    for k, kpi in enumerate(panel.kpis):
        newest = readings.values[k][group.rows][:, -int(ABRUPT_WEEKS[0]) :]
        measured = newest[np.isfinite(newest)]
        if measured.size and (kpi.target is None or kpi.sign * (measured.mean() - kpi.target) >= 0):
            on_target.append(k)
    own = [k for k in on_target if group.touchpoint >= 0 and panel.kpis[k].touchpoint == group.name]
    return own or on_target


def kpi_fall(
    panel: Panel,
    group: Group,
    sentiment_contrasts: tuple[WeeklyContrast, ...],
    kpi_contrasts: tuple[tuple[WeeklyContrast, ...], ...],
    readings: list[Floats],
) -> GroupFinding:
    """The surest fall of a metric while the group's sentiment surely did not fall; of a touchpoint its own metrics
    only. ``readings``: each metric around the customers' own levels, (N, W)."""
    kpis = [k for k in range(len(kpi_contrasts)) if group.touchpoint < 0 or panel.kpis[k].touchpoint == group.name]
    has_held = [contrast.freedom > 0 and contrast.z >= 0 for contrast in sentiment_contrasts]
    p = np.array(
        [
            [
                _p(contrast, -1, contrast.z_beside) if held else 1.0
                for contrast, held in zip(kpi_contrasts[k], has_held, strict=True)
            ]
            for k in kpis
        ]
    )
    if not p.size:
        none = np.zeros(0)
        return GroupFinding(Kind.SILENT_RISK, 1.0, 0, -1, np.zeros(0, np.int64), none, none)
    position, onset_index = (int(i) for i in np.unravel_index(p.argmin(), p.shape))
    k, onset_weeks = kpis[position], int(ABRUPT_WEEKS[onset_index])
    x = readings[k][group.rows]
    fell = np.nan_to_num(mean(x[:, -onset_weeks - BASELINE_WEEKS : -onset_weeks]) - mean(x[:, -onset_weeks:]))
    carried, number, contrast = np.maximum(fell, 0), len(kpis) * INDEPENDENT_ONSETS, kpi_contrasts[k][onset_index]
    # the mean of the others, if one member had not been measured
    left = contrast.change + (contrast.change + fell) / (group.rows.size - 1)
    without = np.minimum(1.0, number * t.cdf(left / contrast.se, max(contrast.freedom, 1)))
    shares = carried / max(float(carried.sum()), 1e-9)
    p_any = min(1.0, number * float(p[position, onset_index]))
    return GroupFinding(Kind.SILENT_RISK, p_any, onset_index, k, group.rows, shares, without)
