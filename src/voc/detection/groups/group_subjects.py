"""Subjects: the company, every region, segment, plan and touchpoint, and how far each moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from voc.detection.groups import group_series
from voc.detection.groups.group_findings import Group
from voc.detection.groups.group_series import WeeklyContrast, WeeklySeries, WeightedValues
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import PreparedPanel
from voc.detection.hypotheses.posterior import Likelihoods
from voc.detection.panel import Panel
from voc.detection.process.onsets import ABRUPT_WEEKS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_MEMBERS = 3
"""Fewer customers are judged one by one. That no single member carries a group is checked on what is found."""
LEAST_NULL_WEIGHT = 0.5
"""Posterior weight of "nothing happened" from which a customer's observations count for the company's mean."""
NEARLY_ALL = 0.9
"""Choice: a touchpoint with a larger share of all items is the company itself."""
MAX_READ_MEMBERS = 5000
"""Members whose readings are used, evenly spaced: a mean of so many is sure to a seventieth of their scatter."""


@dataclass(frozen=True)
class Subject:
    """A group, the weeks of its sentiment and of each metric beyond the company's own, and their changes at each of
    ``ABRUPT_WEEKS``."""

    group: Group
    sentiment_weekly: WeeklySeries
    kpis_weekly: tuple[WeeklySeries, ...]
    sentiment_contrasts: tuple[WeeklyContrast, ...]
    kpi_contrasts: tuple[tuple[WeeklyContrast, ...], ...]


@dataclass(frozen=True)
class GroupObservations:
    """The observations of a group: their ``positions`` among all, their ``values`` around each customer's own level,
    and these ``beyond`` the company's mean of each week."""

    positions: Ints
    values: WeightedValues
    beyond: WeightedValues


@dataclass(frozen=True)
class CompanyObservations:
    """All observations around their customers' own levels, their ``weekly`` mean, and which of them are of customers
    to whom probably nothing happened (``is_null``)."""

    panel: Panel
    prepared: PreparedPanel
    values: WeightedValues
    weekly: WeeklySeries
    is_null: NDArray[np.bool_]

    def of(self, group: Group) -> GroupObservations:
        """The observations of one group, made on demand: together those of all groups are many.

        From a smaller group's observations the company's weekly mean is subtracted. The company is judged by customers
        to whom probably nothing happened: a few others could make its mean fall although nobody else changed.
        """
        positions = _positions(self.panel, self.prepared, group)
        values = self.values[positions]
        beyond = values[self.is_null[positions]] if group.level == "company" else values.beyond(self.weekly)
        return GroupObservations(positions, values, beyond)


def company_observations(
    panel: Panel, prepared: PreparedPanel, likelihoods: Likelihoods, company: CompanyModel
) -> CompanyObservations:
    """All observations of the panel, of which each group's are a part."""
    n, w, observations = len(panel.customers), len(panel.weeks), prepared.observations
    own, variance = group_series.residuals_around_own_level(observations, company, n, w)
    values = WeightedValues(
        own + observations.of_company + observations.of_groups.sum(1),
        variance,
        observations.week,
        observations.customer,
    )
    is_null = likelihoods.posterior(company.priors)[:, 0] >= LEAST_NULL_WEIGHT
    return CompanyObservations(panel, prepared, values, values.weekly(w), is_null[observations.customer])


def subjects_of(observations: CompanyObservations, readings: list[Floats], cells: Sequence[Group]) -> list[Subject]:
    """Every group with history enough, and the ``cells``. ``readings``: each metric around the customers' own levels,
    (N, W)."""
    n, w = len(observations.panel.customers), len(observations.panel.weeks)
    company_means = [group_series.values_of_readings(x[:: max(1, n // MAX_READ_MEMBERS)]).weekly(w) for x in readings]
    subjects = []
    for group in (*groups_of(observations.panel), *cells):
        rows = group.rows[:: max(1, group.rows.size // MAX_READ_MEMBERS)]
        measured = [group_series.values_of_readings(x[rows]) for x in readings]
        if group.level != "company":
            measured = [values.beyond(common) for values, common in zip(measured, company_means, strict=True)]
        beyond = observations.of(group).beyond
        sentiment = group_series.weekly_contrasts(beyond, w, ABRUPT_WEEKS)
        kpis = tuple(group_series.weekly_contrasts(values, w, ABRUPT_WEEKS) for values in measured)
        has_sentiment = any(contrast.freedom for contrast in sentiment)
        if has_sentiment and any(contrast.freedom for contrasts in kpis for contrast in contrasts):
            kpis_weekly = tuple(values.weekly(w) for values in measured)
            subjects.append(Subject(group, beyond.weekly(w), kpis_weekly, sentiment, kpis))
    return _pool_scatter(subjects)


def groups_of(panel: Panel) -> list[Group]:
    """The company, every group of its customers and every touchpoint, if they have members enough.

    Groups of the same customers are one subject. A touchpoint with nearly all items is the company.
    """
    groups = [Group("company", "", np.arange(len(panel.customers)))]
    for level, names, code in zip(panel.levels, panel.groups, panel.group, strict=True):
        groups += [Group(level, name, np.flatnonzero(code == number)) for number, name in enumerate(names)]
    first = {group.rows.tobytes(): group for group in reversed(groups)}
    groups = [group for group in groups if first[group.rows.tobytes()] is group]
    owner = panel.item_customer
    for number, name in enumerate(panel.touchpoints):
        is_here = panel.touchpoint == number
        if is_here.sum() < NEARLY_ALL * is_here.size:
            groups.append(Group("touchpoint", name, np.unique(owner[is_here]), number))
    return [group for group in groups if group.rows.size >= LEAST_MEMBERS]


def _pool_scatter(subjects: list[Subject]) -> list[Subject]:
    """The null scatter of each group pooled with that of its level's other groups."""
    pooled = []
    for _, same_level in groupby(subjects, key=lambda subject: subject.group.level):
        level = list(same_level)
        sentiment = group_series.pool_scatter([subject.sentiment_contrasts for subject in level])
        kpis = [
            group_series.beside_each_other(group_series.pool_scatter(contrasts))
            for contrasts in zip(*(subject.kpi_contrasts for subject in level), strict=True)
        ]
        pooled += [
            replace(subject, sentiment_contrasts=own_sentiment, kpi_contrasts=own_kpis)
            for subject, own_sentiment, own_kpis in zip(level, sentiment, zip(*kpis, strict=True), strict=True)
        ]
    return pooled


def _positions(panel: Panel, prepared: PreparedPanel, group: Group) -> Ints:
    """Which of the observations are the group's."""
    inside = np.zeros(len(panel.customers), bool)
    inside[group.rows] = True
    is_here = inside[prepared.observations.customer]
    if group.touchpoint >= 0:
        is_here = is_here & (prepared.observations.touchpoint == group.touchpoint)
    return np.flatnonzero(is_here)
