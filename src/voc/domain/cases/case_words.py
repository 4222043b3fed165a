"""A case in words: what kind it is, three facts, how sure it is, and what to look at first. Numbers, never quotes."""

from voc.domain.cases.case import News, Verdict
from voc.domain.cases.case_view import CaseView
from voc.domain.formatting import NBSP, amount, began, counted, day, tone
from voc.domain.kinds import Kind, Metric
from voc.domain.kpi import Kpi

_PERCENT = f"{NBSP}%"

_NEWS = {
    News.NEW: "new",
    News.WORSE: "worse than you were told",
    News.CHANGED: "now about something else than you were told",
    News.REOPENED: "came back",
    News.REASSIGNED: "yours now, somebody else's before",
    News.BACK: "its snooze is over, it is still there",
}
_VERDICT = {
    Verdict.METRIC_WRONG: "the metric says something that is not so",
    Verdict.DEFINITION_GAP: "right by its definition, which leaves out what customers live through",
    Verdict.FEEDBACK_UNREPRESENTATIVE: "whoever spoke does not speak for the customer",
    Verdict.BOTH_TRUE: "the metric is right, the customer means something else",
    Verdict.DATA_FAULT: "a feed was broken; it says nothing about the metric",
    Verdict.TIMING: "the metric was right, only earlier or later than the words",
}


def kind_words(kind: Kind) -> str:
    """What a kind means: the metric looks fine, the customer does not."""
    return kind.claim.meaning


def news_words(news: News) -> str:
    """A piece of news in words: new, came back."""
    return _NEWS[news]


def verdict_words(verdict: Verdict) -> str:
    """A verdict in words."""
    return _VERDICT[verdict]


def q_words(q: float | None) -> str:
    """How many false alarms to expect among cases at least this clear; that is what a q-value means (Storey 2003).

    >>> q_words(0.0138)
    'about 1 in 72 cases at least as clear is a false alarm'
    """
    if q is None:
        return "not tested tonight"
    if q < 0.001:
        return "fewer than 1 in 1,000 cases at least as clear is a false alarm"
    if q > 0.5:
        return "most cases like this are false alarms"
    n = float(f"{1 / q:.2g}")
    return f"about 1 in {n:,.0f} cases at least as clear is a false alarm"


def stake_words(view: CaseView) -> str:
    """The value at stake a month: EUR 1,204 a month at stake."""
    if view.value_at_stake is None:
        return "value at stake unknown"
    return f"{view.currency} {view.value_at_stake:,.0f} a month at stake"


def facts(view: CaseView) -> tuple[str, str, str]:
    """Three short sentences: what was said, what the metric did, how sure it is. None of them is ever empty."""
    return _feedback_fact(view), _metric_fact(view), _certainty_fact(view)


def look_first(view: CaseView) -> str:
    """Where to look first. It names where feedback and metric could part, not which one is wrong."""
    since = day(view.started_low or view.started_week, view.as_of)
    metric = f"“{view.kpi.label}”" if view.kpi else "the metric"
    touchpoint = view.kpi.touchpoint if view.kpi else None
    claim = view.kind.claim
    words = claim.look_first
    if view.kpi is None and claim.look_first_without_metric is not None:
        words = claim.look_first_without_metric
    return words.format(
        since=since,
        around=began(view.started_low, view.started_high, view.started_week, view.as_of),
        metric=metric,
        touchpoint=view.name if view.level == "touchpoint" else touchpoint or "each touchpoint",
        touchpoint_first=f", those about {touchpoint} first" if touchpoint else "",
    )


def _feedback_fact(view: CaseView) -> str:
    when = began(view.started_low, view.started_high, view.started_week, view.as_of)
    began_words = f"It began {'gradually, ' if view.is_drift else ''}{when}"
    if view.n_items is None:
        return f"{began_words}; last seen {day(view.last_seen_on, view.as_of)}."
    before = "" if view.n_items_before is None else f", {view.n_items_before:,} before"
    messages = f"{began_words}. {counted(view.n_items, 'message')} since{before} (one a person, week and touchpoint)"
    if view.sentiment_change is None:
        return f"{messages}."
    low, high = view.sentiment_change_low, view.sentiment_change_high
    interval = "" if low is None or high is None else f" (95{_PERCENT} interval {tone(low)} to {tone(high)})"
    return f"{messages}. Their sentiment changed by {tone(view.sentiment_change)}{interval}."


def _metric_fact(view: CaseView) -> str:
    kpi = view.kpi
    if kpi is None:
        return "No single metric is meant."
    aim = f"{kpi.better} is better" + ("" if kpi.target is None else f", target {amount(kpi, kpi.target)}")
    if view.kpi_change is None:
        sentence = f"{kpi.label}: {aim}."
    else:
        low, high = view.kpi_change_low, view.kpi_change_high
        has_held = view.kind.claim.metric is Metric.HELD and low is not None and high is not None and low <= 0 <= high
        changed = _changed(kpi, view.kpi_change)
        if has_held and view.kpi_change:
            changed = f"held: it {changed}, within what is usual"
        sentence = f"{kpi.label} {changed} ({aim})."
    if view.agreeing_kpis:
        return f"{sentence} In agreement with the customer: {', '.join(view.agreeing_kpis)}."
    return sentence


def _changed(kpi: Kpi, change: float) -> str:
    """Shares change by percentage points: a change by 5 % would read as a twentieth."""
    if change == 0:
        return "did not change"
    verb, size = "rose" if change > 0 else "fell", abs(change)
    text = amount(kpi, size)
    return f"{verb} by {text.removesuffix(_PERCENT) + ' percentage points' if text.endswith(_PERCENT) else text}"


def _certainty_fact(view: CaseView) -> str:
    q = q_words(view.q_value)
    sentence = f"{q[0].upper()}{q[1:]}."
    trust = view.trust
    if trust is None or trust.n_verdicts == 0:
        return sentence
    return (
        f"{sentence} Of {counted(trust.n_verdicts, 'verdict')} on this metric, {trust.n_wrong:,} found it misleading."
    )
