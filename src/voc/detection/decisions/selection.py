"""Deciding: which entries are surfaced, which are explained by something else, and on what evidence."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voc.detection import rivals
from voc.detection.decisions.customer_evidence import collect_customer, collect_rivals
from voc.detection.decisions.leave_one_out import leave_one_out_scores
from voc.detection.evidence_rows import EvidenceRows
from voc.detection.findings import Entries
from voc.detection.groups.group_entries import Groups, collect_group
from voc.detection.hypotheses.company_model import Company
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
SAME_TIME = 6
"""Weeks between two starts that may be one: starts tried are at most five apart, and a planted one is named within
three."""


def select(
    customers: Entries,
    groups: Groups,
    panel: Panel,
    prepared: PreparedPanel,
    company: Company,
    promise: float,
    least: int,
) -> tuple[Entries, EvidenceRows]:
    """Customers' and groups' entries with q-values, the surfaced ones marked, and the evidence behind those.

    As many of the surest customers are surfaced as keep the mean weight of harmless stories among them at ``promise``
    (Sun and Cai 2007). Each must remain likelier a contradiction than not without any one item, and nothing else may
    explain it; with a ``promise`` of NaN none is and q is NaN. Groups come first; their members open no case of their
    own for the same cause.
    """
    entries = Entries.joined(customers, groups.entries)
    wrong = 1 - contradiction(customers.posterior)[0]
    order = np.argsort(wrong, kind="stable")
    q = np.empty(wrong.size)
    q[order] = np.cumsum(wrong[order]) / np.arange(1, wrong.size + 1)
    entries = entries.having(np.arange(wrong.size), q_value=q if np.isfinite(promise) else np.nan)
    fine = (customers.kpi >= 0) | np.array([kind is Kind.SPLIT_BY_TOUCHPOINT for kind in customers.kind], dtype=bool)
    sure = np.flatnonzero((q <= promise) & fine)
    leave_one_out = leave_one_out_scores(
        prepared.observations, prepared.contrasts, customers.customer[sure], len(panel.weeks), company, least
    )
    survives = np.array([of.score.min(initial=np.inf) > 0 for of in leave_one_out], dtype=bool)
    without = {int(i): of for i, of in zip(sure, leave_one_out, strict=True)}
    chosen = [int(i) for i in sure[survives]] + [wrong.size + int(i) for i in groups.chosen]
    evidence, explanations = EvidenceRows(), _explanations(entries, chosen, panel)
    in_group = _members(entries, [i for i in chosen if entries.customer[i] < 0 and not _explains(explanations[i])])
    for i in chosen:
        of = explanations[i]
        group = in_group.get((int(entries.customer[i]), entries.kind[i]))
        if group is not None and abs(int(entries.onset[i] - entries.onset[group])) <= SAME_TIME:
            of = (*of, _part(entries, group))
        name = next((rival.name for rival in of if rival.plausibility is Plausibility.EXPLAINS), "")
        entries = entries.having(np.array([i]), is_surfaced=not name, explained_by=name)
        if entries.customer[i] >= 0:
            collect_customer(evidence, i, entries, panel, prepared, company, without[i])
        else:
            j = i - wrong.size
            collect_group(evidence, i, entries, groups.judged[j], groups.found[j], panel, company)
        collect_rivals(evidence, i, of)
    return entries, evidence


def _explanations(entries: Entries, chosen: list[int], panel: Panel) -> dict[int, tuple[RivalExplanation, ...]]:
    """What every rival says of the chosen entries."""
    if not chosen:
        return {}
    baseline, end, out = rivals.learn_baseline(panel), len(panel.weeks), {}
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
        of = rivals.explanations(panel, candidate, baseline)
        out[i] = of if row >= 0 else tuple(map(_of_group, of))
    return out


def _of_group(rival: RivalExplanation) -> RivalExplanation:
    """Everybody's mood was taken out before a group was judged: it may be part of what its messages show, not all."""
    if rival.name == company_wide_mood.__name__ and rival.plausibility is Plausibility.EXPLAINS:
        return replace(rival, plausibility=Plausibility.MAY_EXPLAIN)
    return rival


def _explains(of: tuple[RivalExplanation, ...]) -> bool:
    return any(rival.plausibility is Plausibility.EXPLAINS for rival in of)


def _members(entries: Entries, groups: list[int]) -> dict[tuple[int, Kind], int]:
    """The surfaced group of the same kind that a customer is in, the smallest where there are several."""
    out: dict[tuple[int, Kind], int] = {}
    for i in sorted(groups, key=lambda i: -entries.members[i].size):
        out |= {(int(row), entries.kind[i]): i for row in entries.members[i]}
    return out


def _part(entries: Entries, group: int) -> RivalExplanation:
    name = f"{entries.level[group]} {entries.subject[group]}".strip()
    sentence = f"The {name}, of which it is part, has the same contradiction: see that case."
    return RivalExplanation(PART_OF_A_GROUP, float(entries.score[group]), Plausibility.EXPLAINS, sentence)
