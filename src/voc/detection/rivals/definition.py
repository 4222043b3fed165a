"""Rival: the metric moved, or held, because its unit or its definition changed."""

from datetime import date

import numpy as np

from voc.detection.inputs.kpi_normalisation import is_change_of_unit, unit_jumps
from voc.detection.inputs.kpi_scales import TO_SIGMA, mean, shaped
from voc.detection.process.onsets import BASELINE_WEEKS
from voc.detection.rivals.candidate import RivalExplanation
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import Change, plausibility_of, plausibility_words, signed
from voc.detection.rivals.kpi_changes import is_all_of, mean_change, shift_effects, shifted_members
from voc.detection.rivals.level_shifts import LevelShift
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.formatting import day

Jump = tuple[int, int, float]

DEFINITION_CHANGE = "unit_or_definition_change"
STEADY = 4
"""Choice: readings before and after a change of unit, none of them an outlier. This second look finds changes that the
normalisation of the metrics missed."""
NO_METRIC = RivalExplanation(
    DEFINITION_CHANGE, float("nan"), Plausibility.RULED_OUT, "There is no metric whose unit or definition could change."
)


def unit_or_definition_change(view: CandidateView) -> RivalExplanation:
    """Statistic: the metric's move without such jumps, in members' own weekly standard deviations, up is good.

    A new unit is a lasting jump of a member's readings by a factor known for the metric's unit. A new definition is a
    step of one week that a whole region, segment or plan (or the company, where that is the candidate) took. For that
    group itself only a step that moved all alike explains, since a real event can reach a whole group too. For any part
    of it every step explains, since it is the group's. Where no metric is named the strongest explanation is reported.
    """
    return max(
        (_of_metric(view, k) for k in view.kpis), key=lambda rival: rival.plausibility.strength, default=NO_METRIC
    )


def _of_metric(view: CandidateView, k: int) -> RivalExplanation:
    panel, baseline = view.panel, view.baseline
    kpi, scale, low = panel.kpis[k], baseline.scales[k], max(0, view.candidate.start - BASELINE_WEEKS)
    raw = panel.kpi_values[view.candidate.members, k, low:]
    fixed = raw.copy()
    rows, weeks, sizes = unit_jumps(raw, kpi, STEADY, outliers=0)
    jumps = list(zip(rows, weeks, np.exp(sizes), strict=True))
    for row, week, factor in jumps:
        fixed[row, week:] /= factor
    level_shifts = [
        shift
        for shift in baseline.level_shifts
        if shift.kpi == k and shift.week > low and shifted_members(view, shift).any()
    ]
    after = np.arange(low, len(panel.weeks)) >= view.candidate.start
    x = shaped(kpi, scale, fixed)
    around = np.where(after, x - mean(x[:, after])[:, None], x - mean(x[:, ~after])[:, None])
    own = np.maximum(np.nan_to_num(TO_SIGMA * mean(np.abs(around))), scale.floor)[:, None]
    common = np.zeros(after.size) if view.is_company else baseline.kpi_level[k, low:]
    observed, in_one_unit, left = (
        mean_change(y / own - common, after, baseline.lags[k].persistence)
        for y in (shaped(kpi, scale, raw), x, x - own * shift_effects(view, level_shifts, own, low))
    )
    is_unit = bool(is_change_of_unit(panel, k, view.candidate.members[rows], low + weeks, sizes).all())
    rivals = [_of_units(view, k, jumps, low, observed, in_one_unit, is_unit)] if jumps else []
    rivals += [_of_level_shifts(view, level_shifts, in_one_unit, left)] if level_shifts else []
    none = RivalExplanation(
        DEFINITION_CHANGE,
        left.value,
        Plausibility.RULED_OUT,
        f"{kpi.label} took no jump as from a new unit or definition.",
    )
    return max(rivals, key=lambda rival: rival.plausibility.strength, default=none)


def _of_units(
    view: CandidateView, k: int, jumps: list[Jump], low: int, observed: Change, left: Change, is_unit: bool
) -> RivalExplanation:
    """A metric that worsened, or jumped up, in one unit too is not explained: next to a factor any move is small. What
    may as well have happened, such as a launch, is named and explains nothing away (``is_unit`` False)."""
    claim, members, (_, week, factor) = view.candidate.kind.claim.metric_sign, view.candidate.members.size, jumps[-1]
    plausibility = plausibility_of(observed, left, 0.0, claim)
    if claim and left.is_beyond_chance(claim):
        plausibility = Plausibility.RULED_OUT
    if not is_unit and plausibility is Plausibility.EXPLAINS:
        plausibility = Plausibility.MAY_EXPLAIN
    cause = "a new unit" if is_unit else "a new unit, or a launch (the metric is young, or others moved too),"
    became = (
        f"{view.panel.kpis[k].label} became {max(factor, 1 / factor):,.0f}-fold {'larger' if factor > 1 else 'smaller'}"
    )
    if members > 1:
        became += f" for {len({row for row, _, _ in jumps}):,} of {members:,} customers, for the last"
    return _explanation(view, f"{became} in the week of {_day(view, low + week)}", cause, observed, left, plausibility)


def _of_level_shifts(
    view: CandidateView, level_shifts: list[LevelShift], observed: Change, left: Change
) -> RivalExplanation:
    """What a group's own uneven step explains may be what happened to it."""
    panel, plausibility = view.panel, plausibility_of(observed, left, 0.0, view.candidate.kind.claim.metric_sign)
    if plausibility is Plausibility.EXPLAINS and not any(
        shift.is_alike or not is_all_of(view, shift) for shift in level_shifts
    ):
        plausibility = Plausibility.MAY_EXPLAIN
    shift = max(level_shifts, key=lambda shift: (shift.is_alike, abs(shift.size)))
    affected = "company" if shift.level < 0 else f"{panel.levels[shift.level]} {panel.groups[shift.level][shift.group]}"
    alike = ", by nearly the same for everybody" if shift.is_alike else ""
    jumped = (
        f"{panel.kpis[shift.kpi].label} jumped in the week of {_day(view, shift.week)} for the whole {affected}{alike}"
    )
    cause = "a new definition" if shift.is_alike else "what moved them all"
    return _explanation(view, jumped, cause, observed, left, plausibility)


def _explanation(
    view: CandidateView, jumped: str, cause: str, observed: Change, left: Change, plausibility: Plausibility
) -> RivalExplanation:
    moved = (
        f"Without that it moved by {signed(left.value)} of its usual weekly swing, with it by {signed(observed.value)}"
    )
    return RivalExplanation(
        DEFINITION_CHANGE,
        left.value,
        plausibility,
        f"{jumped}. {moved}: {cause} {plausibility_words(plausibility, view.candidate.kind.claim.metric_sign)}.",
    )


def _day(view: CandidateView, week: int) -> str:
    when, now = (view.panel.weeks[w].astype("datetime64[D]").item() for w in (week, -1))
    assert isinstance(when, date)
    assert isinstance(now, date)
    return day(when, now)
