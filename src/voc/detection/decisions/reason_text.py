"""Why an entry is a contradiction, in one plain sentence; numbers only, never a customer's words."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from voc.detection.evidence_rows import Z_95
from voc.detection.findings import Entries
from voc.detection.groups.cells import CELL, TOUCHPOINT
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.domain.answers import Answers
from voc.domain.formatting import amount, counted, decimals_of, tone
from voc.domain.kinds import Claim, Feedback, Metric
from voc.domain.kpi import Kpi

_KPI_WORDS = {Metric.WORSENED: ("worsened", "worse"), Metric.JUMPED: ("jumped", "better")}
"""What a metric did by its own numbers, and how it stood where it moved beside the others' only."""

SURELY_HELD = -1.1
"""Log likelihood ratio of a metric's fall: three to one against it, from which on it is said to have held."""


def reasons(
    entries: Entries, panel: Panel, observations: Observations, answers: Mapping[int, Answers] | None = None
) -> list[str]:
    """One sentence an entry, in the order of ``entries``; ``observations``: of the panel; ``answers``: of those entries
    whose messages are mostly answers on one scale."""
    return [reason(entries, i, panel, observations, (answers or {}).get(i)) for i in range(len(entries))]


def reason(entries: Entries, i: int, panel: Panel, observations: Observations, answers: Answers | None = None) -> str:
    """The sentence of entry ``i``: what the metric did, and what is said meanwhile. When it began is told beside it.

    What is said is told on the scale on which it was asked, where there is one that shows the same.

    A message is an observation, as in the counts of the entry.
    """
    who, about, code = _who(entries, i), _about(entries, i, panel, observations), int(entries.touchpoint[i])
    messages = counted(about.size, "message")
    if entries.kind[i].claim.is_at_one_touchpoint and code >= 0:
        where = f"about {panel.touchpoints[code]}"
        fall = _sentiment_words(entries, i, answers, f"{messages}, {np.count_nonzero(about == code):,} of them {where}")
        return f"{who[:1].upper()}{who[1:]} {where} has fallen, which the average hides: all of it {fall}."
    mostly = "" if entries.level[i] == "touchpoint" else _mostly(about, panel)
    fell = f"; at least {entries.n_fell[i]:,} of them fell" if entries.n_fell[i] > 0 else ""
    said = _sentiment_words(entries, i, answers, messages + mostly)
    return f"{_metric(entries, i, panel)}, while {who} {said}{fell}."


def _metric(entries: Entries, i: int, panel: Panel) -> str:
    """What the named metric did."""
    before, after = entries.kpi_before[i], entries.kpi_after[i]
    claim: Claim = entries.kind[i].claim
    if not (entries.kpi[i] >= 0 and np.isfinite(before) and np.isfinite(after)):
        return claim.without_metric
    kpi = panel.kpis[entries.kpi[i]]
    gain = kpi.sign * (after - before)
    if claim.metric is not Metric.HELD:
        verb, comparative = _KPI_WORDS[claim.metric]
        has_moved = claim.metric_sign * gain > 0
        return f"{kpi.label} {_moved(kpi, before, after, verb) if has_moved else _beside(kpi, after, comparative)}"
    clear = abs(gain) > Z_95 * entries.kpi_se[i]
    if clear and gain > 0:
        return f"{kpi.label} {_moved(kpi, before, after, 'improved')}"
    if not clear and entries.kpi_fell[i] > SURELY_HELD:
        return f"{kpi.label} at {amount(kpi, after)} is too coarse to tell whether it worsened"
    held = _moved(kpi, before, after, "went") if clear else f"held at {amount(kpi, after)}"
    if kpi.target is not None:
        return f"{kpi.label} {held} (target {amount(kpi, kpi.target)})"
    return f"{kpi.label} {held}" + ("" if clear else " (not worse than its own past)")


def _moved(kpi: Kpi, before: float, after: float, verb: str) -> str:
    """Both values with as many decimals as it takes to tell them apart."""
    places = max(decimals_of(kpi, before), decimals_of(kpi, after))
    while places < 4 and amount(kpi, before, places) == amount(kpi, after, places):
        places += 1
    return f"{verb} from {amount(kpi, before, places)} to {amount(kpi, after, places)}"


def _beside(kpi: Kpi, after: float, how: str) -> str:
    """Of a metric that moved beside the others' only, not by its own numbers."""
    return f"was {how} than to be expected at {amount(kpi, after)}"


def _sentiment_words(entries: Entries, i: int, answers: Answers | None, messages: str) -> str:
    """From where to where the sentiment went, in how many messages."""
    if not np.isfinite(entries.sentiment_before[i] + entries.sentiment_after[i]):
        return "cannot be compared"
    is_fall = entries.kind[i].claim.feedback is Feedback.FELL and entries.sentiment_change[i] < 0
    if answers is not None and (not is_fall or answers.after < answers.before):
        return f"{'fell' if is_fall else 'went'} {answers.words} in {messages}"
    before, after = tone(entries.sentiment_before[i]), tone(entries.sentiment_after[i])
    if before == after:
        return f"stayed at {after} in {messages}"
    return f"{'fell' if is_fall else 'went'} from {before} to {after} in {messages}"


def _who(entries: Entries, i: int) -> str:
    """Whose words are meant: what this customer says, what the 412 customers of region north say."""
    level, subject, n = entries.level[i], entries.subject[i], counted(len(entries.members[i]), "customer")
    if level == "customer":
        return "what this customer says"
    if level == "touchpoint":
        return f"what {n} say about {subject}"
    if level == CELL:
        *groups, (last, name) = entries.parts[i]
        of = ", ".join(f"{part} {called}" for part, called in (groups if last == TOUCHPOINT else entries.parts[i]))
        return f"what the {n} of {of} say" + (f" about {name}" if last == TOUCHPOINT else "")
    return f"what all {n} say" if level == "company" else f"what the {n} of {level} {subject} say"


def _about(entries: Entries, i: int, panel: Panel, observations: Observations) -> NDArray[np.int64]:
    """The touchpoint of each observation since the start, −1 where not said."""
    start, row = len(panel.weeks) - entries.onset[i], entries.customer[i]
    if row >= 0:
        own = slice(*np.searchsorted(observations.customer, [row, row + 1]))
        return np.asarray(observations.touchpoint[own][observations.week[own] >= start])
    inside = np.zeros(len(panel.customers), bool)
    inside[entries.members[i]] = True
    since = inside[observations.customer] & (observations.week >= start)
    if entries.level[i] == TOUCHPOINT:
        since &= observations.touchpoint == panel.touchpoints.index(entries.subject[i])
    if entries.level[i] == CELL and entries.touchpoint[i] >= 0:
        since &= observations.touchpoint == entries.touchpoint[i]
    return np.asarray(observations.touchpoint[since])


def _mostly(about: NDArray[np.int64], panel: Panel) -> str:
    """Where more than half of the messages were said, if so."""
    n = np.bincount(about + 1, minlength=1)
    code = int(n.argmax()) - 1
    return f", most about {panel.touchpoints[code]}" if code >= 0 and 2 * n[code + 1] > about.size else ""
