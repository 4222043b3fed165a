"""Selection: which entries are surfaced, which are explained by something else, and on what evidence."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voc.detection import rivals
from voc.detection.decisions.customer_entries import with_starts
from voc.detection.decisions.customer_evidence import collect_customer, collect_rivals
from voc.detection.decisions.leave_one_out import leave_one_out_scores
from voc.detection.evidence_rows import EvidenceRows
from voc.detection.findings import Entries
from voc.detection.groups.group_entries import Groups, collect_group
from voc.detection.groups.group_findings import GroupFinding
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.hypotheses.contrasts import PreparedPanel
from voc.detection.hypotheses.posterior import contradiction
from voc.detection.panel import Panel
from voc.detection.rivals import Candidate, RivalExplanation
from voc.detection.rivals.mood import company_wide_mood
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PART_OF_A_GROUP = "part_of_a_group"
ONE_MEMBER = "one_member"
OF_A_CELL = "of_a_cell"
ONE_ITEM = "one_item"
NO_METRIC_ON_TARGET = "no_metric_on_target"
SAFETY = 0.8
"""Part of the promise up to which customers are surfaced. In 36 test companies of 2,000 customers in four worlds .127
of 267 were false where the weights said .10, and .105 of 219 where they said .08: metrics fall by themselves more often
than calm weeks teach."""
SAME_TIME = 6
"""Weeks between two onsets that may be one: tried onsets are at most five apart, and a planted one is named within
three."""


def select(
    customers: Entries,
    groups: Groups,
    panel: Panel,
    prepared: PreparedPanel,
    company: CompanyModel,
    promise: float,
    least: int,
    weeks_before: int,
) -> tuple[Entries, EvidenceRows]:
    """Customers' and groups' entries with q-values, the surfaced ones marked, and the evidence behind those.

    The surest customers are surfaced, as many as keep their mean probability of being harmless at `SAFETY` of the
    ``promise`` (Sun and Cai 2007). Each must remain likelier a contradiction than not without any one item, and nothing
    else may explain it. With a ``promise`` of NaN none is surfaced and q is NaN. Groups come first: their members open
    no case of their own for the same cause. Whatever is sure enough and yet held back names its reason in
    ``explained_by``.
    """
    wrong = 1 - contradiction(customers.posterior)[0]
    order = np.argsort(wrong, kind="stable")
    q = np.empty(wrong.size)
    q[order] = np.cumsum(wrong[order]) / np.arange(1, wrong.size + 1)
    customers = customers.having(np.arange(wrong.size), q_value=q if np.isfinite(promise) else np.nan)
    sure = np.flatnonzero(q <= SAFETY * promise)
    customers = with_starts(customers, sure, panel, prepared, company, least, weeks_before)
    entries = Entries.joined(customers, groups.entries)
    has_metric = (customers.kpi >= 0) | np.array(
        [kind.claim.is_at_one_touchpoint for kind in customers.kind], dtype=bool
    )
    rows, end = customers.customer[sure], len(panel.weeks)
    left_out = leave_one_out_scores(prepared.observations, prepared.contrasts, rows, end, company, least)
    without = {int(i): scores for i, scores in zip(sure, left_out, strict=True)}
    chosen = [*without, *(wrong.size + int(i) for i in groups.chosen)]
    evidence, explanations = EvidenceRows(), _explanations(entries, chosen, panel)
    for i, scores in without.items():
        if not has_metric[i]:
            explanations[i] = (*explanations[i], _without_metric(entries, i))
        if scores.score.size and scores.score.min() <= 0:
            explanations[i] = (*explanations[i], _one_item(float(scores.score.min())))
    for j in groups.of_one_member:
        i = wrong.size + int(j)
        explanations[i] = (*explanations[i], _one_member(groups.found[j], customers, panel))
    for j, cell in groups.of_a_cell.items():
        i = wrong.size + j
        explanations[i] = (*explanations[i], _of_a_cell(entries, wrong.size + cell))
    in_group = _members(entries, [i for i in chosen if entries.customer[i] < 0 and not _is_explained(explanations[i])])
    for i in chosen:
        own_rivals = explanations[i]
        group = in_group.get((int(entries.customer[i]), entries.kind[i]))
        if group is not None and abs(int(entries.onset[i] - entries.onset[group])) <= SAME_TIME:
            own_rivals = (*own_rivals, _part_of_group(entries, group))
        name = next((rival.name for rival in own_rivals if rival.plausibility is Plausibility.EXPLAINS), "")
        entries = entries.having(np.array([i]), is_surfaced=not name, explained_by=name)
        if entries.customer[i] >= 0:
            collect_customer(evidence, i, entries, panel, prepared, company, without[i])
        else:
            j = i - wrong.size
            judged, found = groups.judged[j], groups.found[j]
            collect_group(evidence, i, entries, judged, found, panel, prepared.readings, company)
        collect_rivals(evidence, i, own_rivals)
    return entries, evidence


def _explanations(entries: Entries, chosen: list[int], panel: Panel) -> dict[int, tuple[RivalExplanation, ...]]:
    """All rival explanations of the chosen entries."""
    if not chosen:
        return {}
    baseline, end, explanations = rivals.learn_baseline(panel), len(panel.weeks), {}
    for i in chosen:
        row = int(entries.customer[i])
        candidate = Candidate(
            members=np.array([row]) if row >= 0 else entries.members[i],
            kpi=int(entries.kpi[i]),
            kind=entries.kind[i],
            start=end - int(entries.onset[i]),
            sentiment_change=float(entries.sentiment_change[i]),
            sentiment_se=float(entries.sentiment_se[i]),
            n_after=int(entries.n_items[i]),
            n_before=int(entries.n_items_before[i]),
            touchpoint=int(entries.touchpoint[i]),
        )
        own_rivals = rivals.explanations(panel, candidate, baseline)
        explanations[i] = own_rivals if row >= 0 else tuple(map(_of_group, own_rivals))
    return explanations


def _of_group(rival: RivalExplanation) -> RivalExplanation:
    """The company's mood may explain a group's messages at most in part: it was taken out before the group was
    judged."""
    if rival.name == company_wide_mood.__name__ and rival.plausibility is Plausibility.EXPLAINS:
        return replace(rival, plausibility=Plausibility.MAY_EXPLAIN)
    return rival


def _is_explained(own_rivals: tuple[RivalExplanation, ...]) -> bool:
    return any(rival.plausibility is Plausibility.EXPLAINS for rival in own_rivals)


def _members(entries: Entries, groups: list[int]) -> dict[tuple[int, Kind], int]:
    """The surfaced group of the same kind that a customer is in, the smallest where there are several."""
    smallest: dict[tuple[int, Kind], int] = {}
    for i in sorted(groups, key=lambda i: -entries.members[i].size):
        smallest |= {(int(row), entries.kind[i]): i for row in entries.members[i]}
    return smallest


def _without_metric(entries: Entries, i: int) -> RivalExplanation:
    """No metric claims the opposite of what the customer says."""
    sentence = "No metric of it was measured, or none is on its target: nothing contradicts what it says."
    return RivalExplanation(NO_METRIC_ON_TARGET, float(entries.score[i]), Plausibility.EXPLAINS, sentence)


def _one_item(score: float) -> RivalExplanation:
    return RivalExplanation(
        ONE_ITEM, score, Plausibility.EXPLAINS, "Without one of its messages it is likelier harmless than not."
    )


def _one_member(found: GroupFinding, customers: Entries, panel: Panel) -> RivalExplanation:
    """Most of a group's evidence is one customer's, whose own entry is to be read."""
    most = int(found.shares.argmax())
    row, share = int(found.carriers[most]), float(found.shares[most])
    own = np.flatnonzero(customers.customer == row)
    where = (
        f"by itself it is a contradiction with odds of {_odds(float(customers.score[own[0]]))}"
        if own.size
        else "by itself it said too little to be compared"
    )
    sentence = f"{panel.customers[row]} carries {share:.0%} of it: {where}."
    return RivalExplanation(ONE_MEMBER, share, Plausibility.EXPLAINS, sentence)


def _odds(score: float) -> str:
    """A score in words: 10 to 1, 1 to 100."""
    return f"{10**score:,.0f} to 1" if score >= 0 else f"1 to {10**-score:,.0f}"


def _of_a_cell(entries: Entries, cell: int) -> RivalExplanation:
    """A part of the group carries all of its fall, whose own entry is to be read."""
    sentence = f"It fell by {entries.subject[cell]} alone, its other customers did not: see that case."
    return RivalExplanation(OF_A_CELL, float(entries.score[cell]), Plausibility.EXPLAINS, sentence)


def _part_of_group(entries: Entries, group: int) -> RivalExplanation:
    name = f"{entries.level[group]} {entries.subject[group]}".strip()
    sentence = f"The {name}, of which it is part, has the same contradiction: see that case."
    return RivalExplanation(PART_OF_A_GROUP, float(entries.score[group]), Plausibility.EXPLAINS, sentence)
