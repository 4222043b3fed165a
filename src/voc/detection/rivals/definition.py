"""Rival: the metric moved, or held, because its unit or its definition changed."""

from datetime import date

import numpy as np

from voc.detection.inputs.kpi_normalisation import unit_jumps
from voc.detection.inputs.kpi_scales import TO_SIGMA, mean, shaped
from voc.detection.rivals.candidate import Rival, Verdict
from voc.detection.rivals.moves import hit, is_all_of, move, taken
from voc.detection.rivals.steps import Step
from voc.detection.rivals.verdicts import Change, judge, said, signed
from voc.detection.rivals.view import YEAR, View
from voc.domain.formatting import day

Jump = tuple[int, int, float]

NAME = "unit_or_definition_change"
STEADY = 4
"""Readings before and after a change of unit, without an outlier: a second look, which sees what the company's own
reading of its metrics missed."""
GRAVITY = tuple(Verdict).index
NO_METRIC = Rival(NAME, float("nan"), Verdict.RULED_OUT, "There is no metric whose unit or definition could change.")


def unit_or_definition_change(view: View) -> Rival:
    """Statistic: the metric's move without such jumps, in members' own weekly standard deviations, up is good.

    A new unit is a lasting jump of a member's readings by a factor known for the metric's unit. A new definition is a
    step of one week that a whole region, segment or plan (or the company, where that is the candidate) took. For that
    group itself only a step that moved all alike explains, since a real event can reach a whole group too; for anybody
    else in it any does, since what moved the group is the group's. Where no metric is named the one with the gravest
    verdict is told of.
    """
    return max((_weighed(view, k) for k in view.kpis), key=lambda rival: GRAVITY(rival.verdict), default=NO_METRIC)


def _weighed(view: View, k: int) -> Rival:
    panel, learned = view.panel, view.learned
    kpi, scale, low = panel.kpis[k], learned.scales[k], max(0, view.candidate.start - YEAR)
    raw = panel.kpi_values[view.candidate.members, k, low:]
    fixed = raw.copy()
    rows, weeks, sizes = unit_jumps(raw, kpi, STEADY, outliers=0)
    jumps = list(zip(rows, weeks, np.exp(sizes), strict=True))
    for row, week, factor in jumps:
        fixed[row, week:] /= factor
    steps = [s for s in learned.steps if s.kpi == k and s.week > low and hit(view, s).any()]
    after = np.arange(low, len(panel.weeks)) >= view.candidate.start
    x = shaped(kpi, scale, fixed)
    around = np.where(after, x - mean(x[:, after])[:, None], x - mean(x[:, ~after])[:, None])
    own = np.maximum(np.nan_to_num(TO_SIGMA * mean(np.abs(around))), scale.floor)[:, None]
    common = np.zeros(after.size) if view.is_company else learned.kpi_level[k, low:]
    seen, in_one_unit, left = (
        move(y / own - common, after, learned.lags[k].persistence)
        for y in (shaped(kpi, scale, raw), x, x - own * taken(view, steps, own, low))
    )
    rivals = [_of_units(view, k, jumps, low, seen, in_one_unit)] if jumps else []
    rivals += [_of_steps(view, steps, in_one_unit, left)] if steps else []
    none = Rival(NAME, left.value, Verdict.RULED_OUT, f"{kpi.label} took no jump as from a new unit or definition.")
    return max(rivals, key=lambda rival: GRAVITY(rival.verdict), default=none)


def _of_units(view: View, k: int, jumps: list[Jump], low: int, seen: Change, left: Change) -> Rival:
    """A metric that worsened, or jumped up, in one unit too is not explained: next to a factor any move is small."""
    claim, members, (_, at, factor) = view.candidate.kpi_claim, view.candidate.members.size, jumps[-1]
    verdict = judge(seen, left, 0.0, claim)
    if claim and left.is_beyond_chance(claim):
        verdict = Verdict.RULED_OUT
    became = (
        f"{view.panel.kpis[k].label} became {max(factor, 1 / factor):,.0f}-fold {'larger' if factor > 1 else 'smaller'}"
    )
    if members > 1:
        became += f" for {len({row for row, _, _ in jumps}):,} of {members:,} customers, for the last"
    return _told(view, f"{became} in the week of {_day(view, low + at)}", "a new unit", seen, left, verdict)


def _of_steps(view: View, steps: list[Step], seen: Change, left: Change) -> Rival:
    """What a group's own uneven step explains may be what happened to it."""
    panel, verdict = view.panel, judge(seen, left, 0.0, view.candidate.kpi_claim)
    if verdict is Verdict.EXPLAINS and not any(s.is_alike or not is_all_of(view, s) for s in steps):
        verdict = Verdict.MAY_EXPLAIN
    step = max(steps, key=lambda s: (s.is_alike, abs(s.size)))
    whole = "company" if step.level < 0 else f"{panel.levels[step.level]} {panel.groups[step.level][step.group]}"
    alike = ", by nearly the same for everybody" if step.is_alike else ""
    jumped = f"{panel.kpis[step.kpi].label} jumped in the week of {_day(view, step.week)} for the whole {whole}{alike}"
    what = "a new definition" if step.is_alike else "what moved them all"
    return _told(view, jumped, what, seen, left, verdict)


def _told(view: View, jumped: str, what: str, seen: Change, left: Change, verdict: Verdict) -> Rival:
    moved = f"Without that it moved by {signed(left.value)} of its usual weekly swing, with it by {signed(seen.value)}"
    return Rival(NAME, left.value, verdict, f"{jumped}. {moved}: {what} {said(verdict, view.candidate.kpi_claim)}.")


def _day(view: View, week: int) -> str:
    when, now = (view.panel.weeks[w].astype("datetime64[D]").item() for w in (week, -1))
    assert isinstance(when, date)
    assert isinstance(now, date)
    return day(when, now)
