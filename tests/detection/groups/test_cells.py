"""Cells of two and three groups: named exactly, alone, and only where there is one."""

from dataclasses import replace

import numpy as np
import pytest
from support.quiet_company import START, QuietCompany

from voc.detection.decisions.reason_text import reasons
from voc.detection.decisions.selection import SAME_TIME
from voc.detection.detector import ContradictionDetector
from voc.domain.kinds import Kind

REGIONS, SEGMENTS = ("north", "south", "east"), ("small", "large")
BASIC, NORTH, SUPPORT = 1, 0, 1


class Company(QuietCompany):
    """Customers in four plans, three regions and two segments."""

    def __init__(self, n=480, seed=3):
        super().__init__(n, seed)
        self.items["sentiment"] += self.rng.normal(0, 0.3, n)[self.items["customer"]]
        self.region, self.segment = self.rng.integers(0, 3, n), self.rng.integers(0, 2, n)

    def falls(self, rows, by, touchpoint=None):
        lower = np.isin(self.items["customer"], np.flatnonzero(rows)) & (self.items["week"] >= START)
        if touchpoint is not None:
            lower &= self.items["touchpoint"] == touchpoint
        self.items["sentiment"][lower] -= by

    def found(self):
        panel = self.panel()
        panel = replace(
            panel,
            levels=(*panel.levels, "region", "segment"),
            groups=(*panel.groups, REGIONS, SEGMENTS),
            group=np.concatenate([panel.group, [self.region], [self.segment]]),
        )
        found = ContradictionDetector().fit(panel).find(panel)
        return panel, found


def surfaced_groups(found):
    at = np.flatnonzero(found.is_surfaced & (found.customer < 0))
    return {(str(found.level[i]), str(found.subject[i])) for i in at}


@pytest.mark.slow
def test_where_nothing_happens_there_is_no_cell():
    assert "cell" not in set(Company(seed=4).found()[1].level)


def test_a_cell_of_two_groups_is_named_and_neither_its_parents_nor_its_parts_are():
    company = Company()
    inside = (company.plan == BASIC) & (company.region == NORTH)
    company.falls(inside, 0.3)
    panel, found = company.found()
    assert surfaced_groups(found) == {("cell", "plan basic, region north")}
    (i,) = np.flatnonzero(found.level == "cell")
    assert (found.kind[i], found.parts[i]) == (Kind.WATERMELON, (("plan", "basic"), ("region", "north")))
    assert np.array_equal(found.members[i], np.flatnonzero(inside))
    assert 0 < found.n_fell[i] <= inside.sum()
    reason = reasons(found, panel, found.observations)[i]
    assert f"what the {inside.sum()} customers of plan basic, region north say fell from" in reason
    assert reason.endswith(f"; at least {found.n_fell[i]} of them fell.")
    explained = found.explained_by[(found.customer < 0) & (found.explained_by != "")]
    assert set(explained) <= {"of_a_cell"}
    alone = found.is_surfaced & np.isin(found.customer, np.flatnonzero(inside))
    assert (abs(found.onset[alone] - found.onset[i]) > SAME_TIME).all()  # of another time, so another matter


@pytest.mark.slow
def test_a_whole_plan_that_fell_is_the_plan_and_no_cell_of_it():
    company = Company()
    company.falls(company.plan == BASIC, 0.25)
    found = company.found()[1]
    assert ("plan", "basic") in surfaced_groups(found)
    assert "cell" not in set(found.level)


@pytest.mark.slow
def test_a_cell_may_be_a_touchpoint_of_a_group():
    company = Company()
    company.falls(company.region == NORTH, 0.5, touchpoint=SUPPORT)
    panel, found = company.found()
    cells = {subject for level, subject in surfaced_groups(found) if level == "cell"}
    assert cells == {f"region north, touchpoint {panel.touchpoints[SUPPORT]}"}
    (i,) = np.flatnonzero(found.level == "cell")
    reason = reasons(found, panel, found.observations)[i]
    assert f"of region north say about {panel.touchpoints[SUPPORT]} fell" in reason
