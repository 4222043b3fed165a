"""Groups: the same question for the company, its regions, segments, plans and touchpoints."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection import group_series, metrics, mixture
from voc.detection.company import Company
from voc.detection.group_findings import (
    ONSETS,
    SURELY,
    Found,
    Group,
    carriers_fell,
    fell_together,
    fine,
    unseen,
    worsened,
)
from voc.detection.group_series import Contrast, Pieces, Series
from voc.detection.mixture import ABRUPT
from voc.detection.night import LOOKBACK, Night
from voc.detection.panel import Panel
from voc.detection.weighing import Weighed
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_MEMBERS = 3
"""Fewer are themselves the subject; that no single one carries a group is asked of what is found."""
CALM = 0.5
"""Weight of "nothing happened" below which a customer is a story of its own rather than a voice of its groups."""
NEARLY_ALL = 0.9
MOST_READ = 5000
"""Members whose readings are looked at, evenly spaced: a mean of so many is sure to a seventieth of their scatter."""
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


def groups_of(panel: Panel) -> list[Group]:
    """The company, every group of its customers and every touchpoint, if they have members enough.

    What holds the same customers is one subject, and so is the company and a touchpoint at which nearly all is said.
    """
    out = [Group("company", "", np.arange(len(panel.customers)))]
    for level, names, code in zip(panel.levels, panel.groups, panel.group, strict=True):
        out += [Group(level, name, np.flatnonzero(code == g)) for g, name in enumerate(names)]
    first = {group.rows.tobytes(): group for group in reversed(out)}
    out = [group for group in out if first[group.rows.tobytes()] is group]
    owner = panel.item_customer
    for number, name in enumerate(panel.touchpoints):
        at = panel.touchpoint == number
        if at.sum() < NEARLY_ALL * at.size:
            out.append(Group("touchpoint", name, np.unique(owner[at]), number))
    return [group for group in out if group.rows.size >= LEAST_MEMBERS]


def judge(panel: Panel, night: Night, weighed: Weighed, company: Company) -> list[Judged]:
    """Every group with history enough; a customer's evidence counts in each group that it is in.

    Those to whom more likely than not something happened by themselves do not count for the company: a few of them make
    its mean fall, and nobody else of it need have noticed anything. Of smaller groups everybody's mean is taken out.
    """
    n, w, said = len(panel.customers), len(panel.weeks), night.said
    own, variance = group_series.around_own(said, company, n, w)
    voices = Pieces(own + said.of_company + said.of_groups.sum(1), variance, said.week, said.customer)
    calm = weighed.posterior(company.shares)[:, 0] >= CALM
    everybody = voices.weekly(w)
    readings = [group_series.centred(panel, metrics.shaped(panel, k, of)) for k, of in enumerate(company.scales)]
    of_all = [group_series.of_readings(x[:: max(1, n // MOST_READ)]).weekly(w) for x in readings]
    other = weighed.against_nothing(company.shares)
    pool = mixture.pool_of(mixture.heard(night.seen.steps, other, np.arange(n)))
    null, nothing = company.nulls.beyond, company.shares[0]
    drawn = mixture.table(pool, null, nothing)
    out = []
    for group in groups_of(panel):
        chosen = _voices(panel, night, group)
        spoken = voices[chosen].weekly(w)
        some = group.rows[:: max(1, group.rows.size // MOST_READ)]
        measured = [group_series.of_readings(x[some]) for x in readings]
        if group.level == "company":
            of_group = voices[calm[said.customer]]
        else:
            of_group = voices[chosen].beyond(everybody)
            measured = [of.beyond(common) for of, common in zip(measured, of_all, strict=True)]
        moods = group_series.contrasts(of_group, w, ONSETS)
        moves = tuple(group_series.contrasts(of, w, ONSETS) for of in measured)
        if not any(of.freedom for of in moods) or not any(of.freedom for move in moves for of in move):
            continue
        members = mixture.heard(night.seen.steps, other, group.rows)
        recent = of_group.week >= w - group_series.RUNNING
        again = np.isin(of_group.member[recent], members.rows)
        if group.level in panel.levels and members.rows.size >= SOME and 2 * again.sum() > again.size:
            taken_out = replace(voices[chosen], value=said.of_groups[chosen, panel.levels.index(group.level)])
            change = np.array([of.change for of in group_series.contrasts(taken_out, w, ONSETS)])
            members = mixture.best(members).beside(change)
            shared = np.array([np.sqrt(of.calm) if of.freedom else np.inf for of in moods])
            part = mixture.together(mixture.table(members, null, nothing), drawn, np.minimum(shared, mixture.FAR))
            fell = Found(Kind.WATERMELON, part.p, part.start, -1, members.rows, part.shares, part.without)
        else:
            fell = fell_together(moods, of_group, w)
        of_carriers = [
            carriers_fell(fell, move.size[:, ABRUPT[fell.start]], move.se[:, ABRUPT[fell.start]])
            for move in night.seen.moves
        ]
        fell = unseen(fell, moves, fine(panel, group), np.array(of_carriers))
        worse = worsened(panel, group, moods, moves, readings)
        at = ABRUPT[worse.start]
        if carriers_fell(worse, night.seen.steps.size[:, at], night.seen.steps.se[:, at]) < SURELY:
            worse = replace(worse, p=1.0)
        week = said.week[chosen]
        out.append(Judged(group, week[week >= w - LOOKBACK], spoken, moods, moves, fell, worse))
    return out


def _voices(panel: Panel, night: Night, group: Group) -> Ints:
    """Which of the voices are the group's."""
    if group.touchpoint >= 0:
        return np.flatnonzero(night.said.touchpoint == group.touchpoint)
    inside = np.zeros(len(panel.customers), bool)
    inside[group.rows] = True
    return np.flatnonzero(inside[night.said.customer])
