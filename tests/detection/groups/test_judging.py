"""The same question for groups: what all or a part of them say and measure, beside their own past and each other."""

import numpy as np
import pytest
from support.quiet_company import ON_TIME, PLANS, REPLY, START, WEEKS, QuietCompany
from support.small_worlds import newest

from voc.detection.detector import ContradictionDetector
from voc.detection.groups import group_entries, group_series
from voc.detection.groups.group_entries import LEAST_HISTORY
from voc.detection.groups.group_series import WeeklyContrast
from voc.detection.groups.null_scatter import Scatter
from voc.domain.kinds import Kind

SUPPORT = 1


class Company(QuietCompany):
    """Customers who differ in how content they are, in four plans."""

    def __init__(self, n=320, seed=3):
        super().__init__(n, seed)
        self.items["sentiment"] += self.rng.normal(0, 0.3, n)[self.items["customer"]]

    def members(self, plan="free"):
        return np.flatnonzero(self.plan == PLANS.index(plan))

    def falls(self, rows, by, touchpoint=None):
        """What these customers say is worse since the start."""
        lower = np.isin(self.items["customer"], rows) & (self.items["week"] >= START)
        if touchpoint is not None:
            lower &= self.items["touchpoint"] == touchpoint
        self.items["sentiment"][lower] -= by

    def worsens(self, rows, by):
        """Replies take longer and deliveries come later, by and by and not for all alike; in standard deviations.

        What worsened for all alike and at once would be explained by a change of definition.
        """
        by = by * self.rng.gamma(4, 0.25, (len(rows), 1)) * np.clip((np.arange(WEEKS) - START + 1) / 8, 0, 1)
        self.values[rows, REPLY] *= np.exp(0.2 * by)
        self.values[rows, ON_TIME] -= 0.05 * by

    def found(self):
        panel = self.panel()
        return ContradictionDetector().fit(panel).find(panel)


def stands_out(findings):
    """(level, subject, kind) of the surfaced groups."""
    at = np.flatnonzero(findings.is_surfaced & (findings.customer < 0))
    return {(str(findings.level[i]), str(findings.subject[i]), findings.kind[i]) for i in at}


def members_told(findings, level):
    """Ids that the evidence of the surfaced group of a level names."""
    (entry,) = np.flatnonzero(findings.is_surfaced & (findings.level == level))
    of = findings.evidence
    return {name for i, part, name in zip(of.entry, of.part, of.name, strict=True) if (i, part) == (entry, "member")}


def test_where_nothing_happens_no_group_stands_out():
    found = Company().found()
    assert not stands_out(found)
    assert set(found.level[found.customer < 0]) == {"company", "plan", "touchpoint"}


def test_a_fall_that_all_of_a_plan_share_is_one_case_of_the_plan():
    company = Company()
    company.falls(company.members(), 0.15)
    found = company.found()
    assert {of for of in stands_out(found) if of[0] == "plan"} == {("plan", "free", Kind.WATERMELON)}
    assert members_told(found, "plan") <= {f"c{row:04d}" for row in company.members()}
    assert not found.is_surfaced[np.isin(found.customer, company.members())].any()


def test_a_fall_of_a_third_of_a_plan_is_a_case_whose_evidence_names_mostly_them():
    company = Company()
    fallen = company.members()[::3]
    company.falls(fallen, 0.3)
    found = company.found()
    assert stands_out(found) == {("plan", "free", Kind.WATERMELON)}
    named = members_told(found, "plan")
    assert len(named & {f"c{row:04d}" for row in fallen}) > 0.6 * len(fallen)


@pytest.mark.parametrize("part", [1, 3], ids=["all of it", "a third of it"])
def test_a_plan_that_fell_with_its_metrics_does_not_stand_out(part):
    company = Company()
    company.falls(company.members()[::part], 0.3)
    company.worsens(company.members()[::part], 1.5)
    assert not stands_out(company.found())


def test_a_metric_that_worsens_unfelt_for_a_plan_is_a_silent_risk():
    company = Company()
    company.worsens(company.members(), 1.0)
    assert ("plan", "free", Kind.SILENT_RISK) in stands_out(company.found())


def test_a_fall_of_everybody_is_the_companys_case():
    company = Company()
    company.falls(np.arange(company.n), 0.2)
    found = company.found()
    assert stands_out(found) == {("company", "", Kind.WATERMELON)}
    assert not found.is_surfaced[found.customer >= 0].any()


@pytest.mark.parametrize("weeks", [36, 60])
def test_within_a_year_and_a_quarter_nothing_is_promised_of_a_group(weeks):
    company = Company()
    company.falls(np.arange(company.n), 0.2)
    panel = newest(company.panel(), weeks)
    found = ContradictionDetector().fit(panel).find(panel)
    groups = found.customer < 0
    assert groups.any()
    assert np.isnan(found.p_value[groups]).all()
    assert np.isnan(found.q_value[groups]).all()
    assert not stands_out(found)
    judged_from = panel.weeks[0] + 7 * (LEAST_HISTORY + 1)
    assert f"groups are judged from {judged_from} on" in found.verdict


def test_a_few_who_fell_by_themselves_are_their_own_cases_not_the_companys():
    company = Company()
    company.falls(np.arange(0, company.n, 25), 1.2)
    found = company.found()
    assert not stands_out(found)
    assert (found.is_surfaced & (found.customer >= 0)).any()


def test_a_fall_at_one_touchpoint_is_the_touchpoints_case():
    company = Company()
    company.falls(np.arange(company.n), 0.3, touchpoint=SUPPORT)
    assert ("touchpoint", "support", Kind.WATERMELON) in stands_out(company.found())


def test_one_loud_member_makes_no_case_of_its_plan():
    company = Company()
    row = company.members()[0]
    for _ in range(6):
        company.say(row, np.arange(START - 40, START), 0.5)
        company.say(row, np.arange(START, WEEKS), -1.0)
    assert not stands_out(company.found())


def test_a_group_that_one_member_carries_is_held_back_and_the_member_named(monkeypatch):
    monkeypatch.setattr(group_entries, "MAX_MEMBER_SHARE", 0.0)  # one member's share is then always too large
    company = Company()
    company.falls(company.members(), 0.4)
    found = company.found()
    assert not stands_out(found)
    (held,) = np.flatnonzero((found.explained_by == "one_member") & (found.subject == "free"))
    evidence = found.evidence
    (sentence,) = [
        str(sentence)
        for entry, name, sentence in zip(evidence.entry, evidence.name, evidence.sentence, strict=True)
        if (entry, name) == (held, "one_member")
    ]
    member, rest = sentence.split(" carries ")
    assert member in company.panel().customers[company.members()]
    assert "by itself it" in rest


def contrasts_of(*z):
    """Contrasts of one group at as many onsets, whose own weeks tell these z."""
    scatter = Scatter(squares=0.0, products=0.0, weeks=52)
    return tuple(WeeklyContrast(change=value, noise=1.0, before=0.0, weeks=(8, 52), scatter=scatter) for value in z)


def test_what_all_groups_of_a_level_do_at_once_is_no_groups_own():
    """Eight regions whose metric wanders, one of which fell besides; at the second onset all but it are still."""
    wandering = (-4.0, 3.0, 5.0, -3.5, 4.5, -5.0, 3.8)
    regions = [contrasts_of(z, 0.3 * np.sign(z)) for z in wandering] + [contrasts_of(-12.0, -12.0)]
    measured = group_series.beside_each_other(regions)
    assert max(abs(of[0].z_beside) for of in measured[:-1]) < 1.0
    assert -3.0 < measured[-1][0].z_beside < -1.5
    assert measured[-1][1].z_beside == measured[-1][1].z < -10
    few = regions[:3]
    assert group_series.beside_each_other(few) == few
