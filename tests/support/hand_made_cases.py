"""An ordinary company in which nothing happens but to a few talkative customers, to whom one thing each is done."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from support.small_worlds import WORLDS, cut
from voc.detection.detector import ContradictionDetector
from voc.detection.findings import Findings
from voc.detection.panel import Panel

WEEKS = 104
ON_TIME, REPLY, DEFECTS, QUALITY = range(4)
TALKATIVE = 150
"""Items over the two years of whoever something happens to, about."""


@dataclass(frozen=True)
class Case:
    """What happened ``ago`` weeks before the end: what is ``said`` moved (in sentiment), at one ``touchpoint`` (-1: at
    all), and ``metrics`` by how many of the customer's own standard deviations, up is good; NaN: no longer measured."""

    ago: int = 13
    said: float = 0.0
    metrics: tuple[tuple[int, float], ...] = ()
    touchpoint: int = -1


EVERY = ((ON_TIME, -3.0), (REPLY, -3.0), (DEFECTS, -3.0), (QUALITY, -3.0))
CASES = {
    "watermelon": Case(17, -0.7),
    "silent_risk": Case(13, 0.1, ((QUALITY, -6.0),)),
    "gamed_metric": Case(13, -0.6, ((QUALITY, 6.0),)),
    "split_by_touchpoint": Case(13, -1.0, touchpoint=1),
    "both fell": Case(17, -0.6, EVERY),
    "both rose": Case(13, 0.6, ((REPLY, 3.0), (DEFECTS, 2.5), (QUALITY, 3.0))),
    "one metric fell too": Case(17, -0.9, ((DEFECTS, -1.5),)),
    "unmeasured": Case(17, -0.7, ((QUALITY, np.nan), (REPLY, np.nan))),
    "nothing": Case(),
}


@dataclass(frozen=True)
class Judged:
    """The company with the cases in it, which ``row`` each is of, and what a detector of two weeks ago says."""

    panel: Panel
    row: dict[str, int]
    detector: ContradictionDetector
    findings: Findings

    def entry(self, name: str) -> int:
        """Position of a case's entry in the findings."""
        ours = (self.findings.customer == self.row[name]) & (self.findings.level == "customer")
        return int(np.flatnonzero(ours)[0])


@cache
def judged() -> Judged:
    panel = WORLDS["linear"](7101, n=250, rate=1.0, share=0.0, share_decoys=0.0, noise=0.6).panel
    rows = np.argsort(np.abs(np.diff(panel.offsets) - TALKATIVE), kind="stable")[: len(CASES)]
    row = dict(zip(CASES, rows.tolist(), strict=True))
    for name, case in CASES.items():
        panel = happened(panel, row[name], case)
    detector = ContradictionDetector().fit(cut(panel, WEEKS - 2))
    return Judged(panel, row, detector, detector.find(panel))


def happened(panel: Panel, row: int, case: Case) -> Panel:
    """The panel in which ``case`` is ``row``'s."""
    values, sentiment, start = panel.kpi_values.copy(), panel.sentiment.copy(), WEEKS - case.ago
    for k, size in case.metrics:
        values[row, k, start:] += size * panel.kpis[k].sign * np.nanstd(values[row, k, :start])
    values[row, ON_TIME] = np.clip(values[row, ON_TIME], 0, 1)
    values[row, [REPLY, DEFECTS]] = np.maximum(values[row, [REPLY, DEFECTS]], 0.1)
    items = np.arange(*panel.offsets[row : row + 2])
    items = items[panel.item_week[items] >= start]
    if case.touchpoint >= 0:
        items = items[panel.touchpoint[items] == case.touchpoint]
    sentiment[items] = np.clip(sentiment[items] + case.said, -1, 1)
    return replace(panel, kpi_values=values, sentiment=sentiment)
