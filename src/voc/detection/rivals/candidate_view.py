"""Candidate view: what the rival explanations see of one candidate."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voc.detection.panel import Panel
from voc.detection.process.onsets import BASELINE_WEEKS
from voc.detection.rivals.candidate import Candidate
from voc.detection.rivals.candidate_items import CandidateItems, codes, contrast_weights, rows_of
from voc.detection.rivals.company_baseline import CompanyBaseline
from voc.detection.rivals.corrections import Change

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CandidateView:
    """One candidate with the panel and the company's baseline."""

    panel: Panel
    candidate: Candidate
    baseline: CompanyBaseline

    @property
    def whose(self) -> str:
        return "this customer's" if self.candidate.members.size == 1 else "these customers'"

    @property
    def kpis(self) -> range:
        """The named metric, or all where none is."""
        k = self.candidate.kpi
        return range(k, k + 1) if k >= 0 else range(len(self.panel.kpis))

    @property
    def metric(self) -> str:
        """What to call it at the beginning of a sentence."""
        return self.panel.kpis[self.candidate.kpi].label if self.candidate.kpi >= 0 else "The metrics"

    @property
    def is_company(self) -> bool:
        """Whether it is about all customers."""
        return self.candidate.members.size == len(self.panel.customers)

    @property
    def has_items_on_both_sides(self) -> bool:
        """Whether there are items on both sides of the start."""
        return bool(self.items.after.any() and not self.items.after.all())

    @cached_property
    def items(self) -> CandidateItems:
        """All items of the members from a year before the start on."""
        panel, candidate = self.panel, self.candidate
        rows, customer = rows_of(panel.offsets, candidate.members)
        kept = panel.item_week[rows] >= candidate.start - BASELINE_WEEKS
        if candidate.touchpoint >= 0:
            kept &= panel.touchpoint[rows] == candidate.touchpoint
        rows, customer = rows[kept], customer[kept]
        week, channel = panel.item_week[rows], panel.channel[rows]
        return CandidateItems(
            customer=customer,
            week=week,
            y=panel.sentiment[rows] - self.baseline.sentiment_levels.channel[channel],
            variance=self.baseline.sentiment_levels.scatter + panel.sentiment_se[rows] ** 2,
            after=week >= candidate.start,
            channel=channel,
            touchpoint=panel.touchpoint[rows],
            respondent=panel.respondent[rows],
            text=panel.item_text[rows] if panel.item_text.size else np.full(rows.size, -1),
        )

    @cached_property
    def statements(self) -> CandidateItems:
        """The same with each statement counted once.

        Equal words of one person are one statement, and so is what one person says of one touchpoint within a week:
        their mean. All who are not named count as one person. Words that several customers use, such as a plain thank
        you, are the same statement only within a week.
        """
        items = self.items
        has_text, when = items.text >= 0, np.where(items.after, -1, -2)
        if has_text.any():
            common = has_text & self.baseline.sentiment_levels.is_common[items.text]
            when = np.where(common, items.week, when)
        words = np.where(has_text, items.text, -2 - np.arange(items.text.size))
        items = items[codes(items.customer, words, items.respondent, when)[0]]
        who = np.where(items.respondent >= 0, items.respondent, -2 - np.arange(items.respondent.size))
        first, code = codes(items.customer, items.week, who, items.touchpoint)
        size = np.bincount(code)
        y, variance = (np.bincount(code, x) / size for x in (items.y, items.variance))
        return replace(items[first], y=y, variance=variance)

    @cached_property
    def plain(self) -> Floats:
        """Coefficients of the mean of the statements after minus before."""
        return contrast_weights(self.statements)

    @cached_property
    def wander(self) -> float:
        """Variance of the candidate's change beyond its items' scatter: the wandering of satisfaction."""
        own = float(self.plain**2 @ self.statements.variance)
        return max(0.0, self.candidate.sentiment_se**2 - own) if np.isfinite(self.candidate.sentiment_se) else 0.0

    @property
    def claimed(self) -> Change:
        """The candidate's own change of sentiment."""
        return Change(self.candidate.sentiment_change, self.candidate.sentiment_se)

    def change(self, items: CandidateItems, coefficients: Floats) -> Change:
        """The change that a contrast of items shows."""
        scatter = float(coefficients**2 @ items.variance)
        return Change(float(coefficients @ items.y), (scatter + self.wander) ** 0.5)
