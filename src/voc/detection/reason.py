"""Why an entry is a contradiction, in one plain sentence; numbers only, never a customer's words."""

from collections import Counter
from datetime import date

import numpy as np

from voc.detection.findings import NORMAL_95, Findings
from voc.detection.panel import Panel
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi
from voc.domain.words import amount, counted, day, decimals_of, tone


def reasons(findings: Findings, panel: Panel) -> list[str]:
    """One sentence an entry, in the order of ``findings``."""
    return [reason(findings, i, panel) for i in range(len(findings))]


def reason(findings: Findings, i: int, panel: Panel) -> str:
    """The sentence of entry ``i``: what the metric did, and what the customer says meanwhile."""
    kpi = panel.kpis[findings.kpi[i]] if findings.kpi[i] >= 0 else None
    start = findings.started_week[i]
    said = f"in {_messages(findings, i, panel)}"
    before, after = tone(findings.sentiment_before[i]), tone(findings.sentiment_after[i])
    since = f"since {_day(start, panel.weeks[-1])}"
    if findings.kind[i] is Kind.WATERMELON:
        metric = f"{_held(kpi, findings, i)} {since}" if kpi else f"No metric is at fault {since}"
        verb = "fell" if findings.sentiment_change[i] < 0 else "went"
        return f"{metric}, while what this customer says {verb} from {before} to {after} {said}."
    metric = (
        f"{kpi.label} {_moved(kpi, findings.kpi_before[i], findings.kpi_after[i])} {since}"
        if kpi
        else f"No metric is named {since}"
    )
    says = f"stayed at {after}" if before == after else f"went from {before} to {after}"
    return f"{metric}, while what this customer says {says} {said}."


def _held(kpi: Kpi, findings: Findings, i: int) -> str:
    """What a metric did that did not worsen: held, or improved by more than chance."""
    before, after = findings.kpi_before[i], findings.kpi_after[i]
    if kpi.sign * (after - before) > NORMAL_95 * findings.kpi_se[i]:
        places = max(decimals_of(kpi, before), decimals_of(kpi, after))
        return f"{kpi.label} improved from {amount(kpi, before, places)} to {amount(kpi, after, places)}"
    if kpi.target is None:
        return f"{kpi.label} held at {amount(kpi, after)} (not below its own past)"
    return f"{kpi.label} held at {amount(kpi, after)} (target {amount(kpi, kpi.target)})"


def _moved(kpi: Kpi, before: float, after: float) -> str:
    """Both values with as many decimals as it takes to tell them apart."""
    places = max(decimals_of(kpi, before), decimals_of(kpi, after))
    while places < 4 and amount(kpi, before, places) == amount(kpi, after, places):
        places += 1
    if np.sign(after - before) != -kpi.sign:
        return f"was worse than its peers' at {amount(kpi, after, places)}"
    return f"worsened from {amount(kpi, before, places)} to {amount(kpi, after, places)}"


def _day(monday: np.datetime64, newest: np.datetime64) -> str:
    when, now = monday.astype("datetime64[D]").item(), newest.astype("datetime64[D]").item()
    assert isinstance(when, date)
    assert isinstance(now, date)
    return day(when, now)


def _messages(findings: Findings, i: int, panel: Panel) -> str:
    """How many items with a reading there are since the start, and where more than half of them were said, if so."""
    items = slice(panel.offsets[findings.customer[i]], panel.offsets[findings.customer[i] + 1])
    recent = panel.weeks[panel.item_week[items]] >= findings.started_week[i]
    where = Counter(int(t) for t in panel.touchpoint[items][recent])
    if not where:
        return "no message"
    ((code, count),) = where.most_common(1)
    mostly = f", most about {panel.touchpoints[code]}" if code >= 0 and 2 * count > where.total() else ""
    return f"{counted(where.total(), 'message')}{mostly}"
