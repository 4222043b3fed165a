"""Subjects: the company, every region, segment, plan and touchpoint, with what it says and how far it moved."""

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from voc.detection.groups import group_series
from voc.detection.groups.group_findings import GROUP_ONSET_WEEKS, Group
from voc.detection.groups.group_series import Contrast, Pieces, Series
from voc.detection.hypotheses.company_model import Company
from voc.detection.hypotheses.contrasts import PreparedPanel
from voc.detection.hypotheses.posterior import Likelihoods
from voc.detection.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_MEMBERS = 3
"""Fewer are themselves the subject; that no single one carries a group is asked of what is found."""
CALM = 0.5
"""Weight of "nothing happened" below which a customer is a story of its own rather than a voice of its groups."""
NEARLY_ALL = 0.9
MOST_READ = 5000
"""Members whose readings are looked at, evenly spaced: a mean of so many is sure to a seventieth of their scatter."""


@dataclass(frozen=True)
class Subject:
    """A group and what its mood and metrics did at each of ``ONSETS`` beyond everybody's."""

    group: Group
    moods: tuple[Contrast, ...]
    moves: tuple[tuple[Contrast, ...], ...]


@dataclass(frozen=True)
class Spoken:
    """Which of the night's voices are a group's; these as they are and ``beyond`` what everybody said."""

    chosen: Ints
    positions: Pieces
    beyond: Pieces


@dataclass(frozen=True)
class Everybody:
    """All voices of a night around their customers' own level, their mean a week, and which are of calm customers."""

    panel: Panel
    prepared: PreparedPanel
    positions: Pieces
    weekly: Series
    calm: NDArray[np.bool_]

    def of(self, group: Group) -> Spoken:
        """A group's own voices, made when they are wanted: together those of all groups are many.

        Those to whom more likely than not something happened by themselves do not count for the company: a few of them
        make its mean fall, and nobody else of it need have noticed anything. Of smaller groups everybody's mean is
        taken out.
        """
        chosen = _voices(self.panel, self.prepared, group)
        positions = self.positions[chosen]
        return Spoken(
            chosen, positions, positions[self.calm] if group.level == "company" else positions.beyond(self.weekly)
        )


def everybody(panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: Company) -> Everybody:
    """What is said by all, of which groups are parts."""
    n, w, observations = len(panel.customers), len(panel.weeks), prepared.observations
    own, variance = group_series.around_own(observations, company, n, w)
    positions = Pieces(
        own + observations.of_company + observations.of_groups.sum(1),
        variance,
        observations.week,
        observations.customer,
    )
    calm = likelihoods.posterior(company.priors)[:, 0] >= CALM
    return Everybody(panel, prepared, positions, positions.weekly(w), calm[observations.customer])


def subjects_of(all_of_them: Everybody, readings: list[Floats]) -> list[Subject]:
    """Every group with history enough. ``readings``: each metric around customers' own level, (N, W)."""
    n, w = len(all_of_them.panel.customers), len(all_of_them.panel.weeks)
    of_all = [group_series.of_readings(x[:: max(1, n // MOST_READ)]).weekly(w) for x in readings]
    out = []
    for group in groups_of(all_of_them.panel):
        some = group.rows[:: max(1, group.rows.size // MOST_READ)]
        measured = [group_series.of_readings(x[some]) for x in readings]
        if group.level != "company":
            measured = [of.beyond(common) for of, common in zip(measured, of_all, strict=True)]
        moods = group_series.contrasts(all_of_them.of(group).beyond, w, GROUP_ONSET_WEEKS)
        moves = tuple(group_series.contrasts(of, w, GROUP_ONSET_WEEKS) for of in measured)
        if any(of.freedom for of in moods) and any(of.freedom for move in moves for of in move):
            out.append(Subject(group, moods, moves))
    return _beside_others(out)


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


def _beside_others(subjects: list[Subject]) -> list[Subject]:
    """The groups of each level tell each other how calm weeks scatter."""
    out = []
    for _, of_level in groupby(subjects, key=lambda of: of.group.level):
        level = list(of_level)
        moods = group_series.beside_others([of.moods for of in level])
        moves = [group_series.beside_others(of) for of in zip(*(of.moves for of in level), strict=True)]
        of_each = zip(level, moods, zip(*moves, strict=True), strict=True)
        out += [replace(of, moods=mood, moves=move) for of, mood, move in of_each]
    return out


def _voices(panel: Panel, prepared: PreparedPanel, group: Group) -> Ints:
    """Which of the voices are the group's."""
    if group.touchpoint >= 0:
        return np.flatnonzero(prepared.observations.touchpoint == group.touchpoint)
    inside = np.zeros(len(panel.customers), bool)
    inside[group.rows] = True
    return np.flatnonzero(inside[prepared.observations.customer])
