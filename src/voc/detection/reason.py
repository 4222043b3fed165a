"""Why an entry is a contradiction, in one plain sentence; numbers only, never a customer's words."""

from collections import Counter
from datetime import date

import numpy as np

from voc.detection.findings import Findings
from voc.detection.panel import Panel
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi, Unit

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_SUFFIX: dict[Unit, str] = {
    "share": f"{NBSP}%",
    "pct": f"{NBSP}%",
    "days": f"{NBSP}days",
    "hours": f"{NBSP}h",
    "minutes": f"{NBSP}min",
}


def reasons(findings: Findings, panel: Panel) -> list[str]:
    """One sentence an entry, in the order of ``findings``."""
    return [reason(findings, i, panel) for i in range(len(findings))]


def reason(findings: Findings, i: int, panel: Panel) -> str:
    """The sentence of entry ``i``: what the metric did, and what the customer says meanwhile."""
    kpi = panel.kpis[findings.kpi[i]] if findings.kpi[i] >= 0 else None
    start, n = findings.started_week[i], int(findings.n_items[i])
    said = f"in {n} message{'s' if n != 1 else ''}{_mostly(findings, i, panel)}"
    before, after = tone(findings.sentiment_before[i]), tone(findings.sentiment_after[i])
    since = f"since {_day(start, panel.weeks[-1])}"
    if findings.kind[i] is Kind.WATERMELON:
        metric = (
            f"{_held(kpi, findings.kpi_before[i], findings.kpi_after[i])} {since}"
            if kpi
            else f"No metric is at fault {since}"
        )
        verb = "fell" if findings.sentiment_change[i] < 0 else "went"
        return f"{metric}, while what this customer says {verb} from {before} to {after} {said}."
    metric = (
        f"{kpi.label} {_moved(kpi, findings.kpi_before[i], findings.kpi_after[i])} {since}"
        if kpi
        else f"No metric is named {since}"
    )
    says = f"stayed at {after}" if before == after else f"went from {before} to {after}"
    return f"{metric}, while what this customer says {says} {said}."


def tone(sentiment: float) -> str:
    """A sentiment with its sign and one decimal: +0.4, −0.3, 0.0."""
    text = f"{sentiment:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", MINUS)


def amount(kpi: Kpi, value: float, decimals: int | None = None) -> str:
    """A metric's value with its unit, in the reader's precision."""
    shown = value * 100 if kpi.unit == "share" else value
    places = _decimals(kpi, value) if decimals is None else decimals
    return f"{shown:,.{places}f}{_SUFFIX.get(kpi.unit, '')}".replace("-", MINUS)


def _held(kpi: Kpi, before: float, after: float) -> str:
    if kpi.target is None:
        return f"{kpi.label} held at {amount(kpi, after)} (not below its own past)"
    return f"{kpi.label} held at {amount(kpi, after)} (target {amount(kpi, kpi.target)})"


def _moved(kpi: Kpi, before: float, after: float) -> str:
    """Both values with as many decimals as it takes to tell them apart."""
    places = max(_decimals(kpi, before), _decimals(kpi, after))
    while places < 4 and amount(kpi, before, places) == amount(kpi, after, places):
        places += 1
    if np.sign(after - before) != -kpi.sign:
        return f"was worse than its peers' at {amount(kpi, after, places)}"
    return f"worsened from {amount(kpi, before, places)} to {amount(kpi, after, places)}"


def _decimals(kpi: Kpi, value: float) -> int:
    size = abs(value * 100 if kpi.unit == "share" else value)
    if kpi.unit == "count" and size >= 1 and float(value).is_integer():
        return 0
    return 0 if size >= 20 or float(size).is_integer() else 1 if size >= 1 else 2


def _day(monday: np.datetime64, newest: np.datetime64) -> str:
    """12 January; with its year where that is not the newest week's."""
    day, now = monday.astype("datetime64[D]").item(), newest.astype("datetime64[D]").item()
    assert isinstance(day, date)
    assert isinstance(now, date)
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != now.year else "")


def _mostly(findings: Findings, i: int, panel: Panel) -> str:
    """Where more than half of the items since the start were said, if they say where."""
    items = slice(panel.offsets[findings.customer[i]], panel.offsets[findings.customer[i] + 1])
    recent = panel.weeks[panel.item_week[items]] >= findings.started_week[i]
    where = Counter(int(t) for t in panel.touchpoint[items][recent])
    if not where:
        return ""
    ((code, count),) = where.most_common(1)
    return f", most about {panel.touchpoints[code]}" if code >= 0 and 2 * count > where.total() else ""
