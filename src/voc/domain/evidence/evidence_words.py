"""Evidence in words. Numbers and names, never quotes."""

import math
from collections.abc import Sequence
from datetime import date

from voc.domain.evidence.evidence import Coverage, Evidence, LeftOut, Unheard, WeighedHypothesis
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.formatting import MINUS, NBSP, amount, began, counted, day, decimals_of, tone
from voc.domain.kpi import Kpi

NOT_TESTED = "Listed, not tested against chance: nothing is promised about how many of these are false."

_PLAUSIBILITY = {
    Plausibility.RULED_OUT: "ruled out",
    Plausibility.MAY_EXPLAIN: "may explain",
    Plausibility.EXPLAINS: "explains",
}
_LIKELIHOOD = (
    (0.99, "virtually certain"), (0.90, "very likely"), (0.66, "likely"), (0.33, "about as likely as not"),
    (0.10, "unlikely"), (0.01, "very unlikely"), (0.0, "exceptionally unlikely"),
)  # fmt: skip
"""The calibrated likelihood terms of the IPCC (Mastrandrea et al. 2010, Guidance Note for Lead Authors of the Fifth
Assessment Report on Consistent Treatment of Uncertainties)."""
_LEAST = 0.01


def plausibility_words(plausibility: Plausibility) -> str:
    """How far a rival explains it: ruled out, may explain, explains."""
    return _PLAUSIBILITY[plausibility]


def name_words(code: str) -> str:
    """A code as a name: mix_of_channels becomes Mix of channels."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]


def with_unlikely_joined(hypotheses: Sequence[WeighedHypothesis]) -> list[WeighedHypothesis]:
    """The hypotheses worth a line of their own; those that are exceptionally unlikely share one."""
    rest = [hypothesis.weight for hypothesis in hypotheses if hypothesis.weight < _LEAST]
    others = [WeighedHypothesis(f"one of {len(rest):,} others", sum(rest))] if rest[1:] else []
    return [hypothesis for hypothesis in hypotheses if not others or hypothesis.weight >= _LEAST] + others


def weight_words(hypothesis: WeighedHypothesis) -> str:
    """How likely a hypothesis is, in words and as a percentage.

    >>> weight_words(WeighedHypothesis("only the customer fell", 0.83)).replace(NBSP, " ")
    'likely (83 %)'
    """
    word = next(word for least, word in _LIKELIHOOD if hypothesis.weight >= least)
    return f"{word} ({percent(hypothesis.weight)})"


def percent(share: float) -> str:
    """A share as a percentage; a small one is not called none, nor a large one all."""
    if 0 < share < 0.005:
        return f"under 1{NBSP}%"
    if 0.995 <= share < 1:
        return f"over 99{NBSP}%"
    return f"{100 * share:.0f}{NBSP}%"


def said_words(evidence: Evidence) -> str:
    """The title of the series of sentiment."""
    return "What its members say" if evidence.is_of_a_group else "What is said, everybody's mood taken out"


def left_out_words(left_out: LeftOut, noun: str = "message") -> str:
    """How far the score depends on any single message or customer, whichever ``noun`` says."""
    score, low, high = (_number(value) for value in (left_out.score, left_out.low, left_out.high))
    stays = f"stays at {low}" if low == high else f"stays between {low} and {high}"
    return f"Leaving out any one {noun}, the score {stays}; with all of them it is {score}."


def signed(moved: float) -> str:
    """How far something moves the score, with its sign: +0.42."""
    return f"{round(moved, 2) + 0.0:+.2f}".replace("-", MINUS)


def standing_words(evidence: Evidence) -> str:
    """Whether it was surfaced tonight, or what explains it."""
    if evidence.explained_by is not None:
        return f"Not surfaced: explained by {evidence.explained_by.replace('_', ' ')}."
    return "Surfaced tonight." if evidence.is_surfaced else "Tested tonight and not surfaced."


def path_words(evidence: Evidence) -> str:
    """The drawn series in words: what was said against what was to be expected, and the metric."""
    if not evidence.weeks:
        return "No complete week to draw yet."
    # in a silent risk customers speak better than the metric leads to expect, in every other kind worse
    sign = evidence.kind.claim.feedback_side
    side = "above" if sign > 0 else "below"
    series = evidence.expected
    ends = series.high if sign > 0 else series.low
    expected = dict(zip(series.weeks, zip(series.value, ends, strict=True), strict=True))
    compared = [
        (value, *expected[week])
        for week, value in zip(evidence.said.weeks, evidence.said.value, strict=True)
        if week >= evidence.started_week and week in expected
    ]
    beside = sum(sign * (value - middle) > 0 for value, middle, _ in compared)
    beyond = sum(end is not None and sign * (value - end) > 0 for value, _, end in compared)
    sentences = [
        f"{counted(len(evidence.weeks), 'week')} to the week of {day(evidence.weeks[-1], evidence.as_of)}, "
        f"begun {began(evidence.started_low, evidence.started_high, evidence.started_week, evidence.as_of)}.",
        f"In {beside:,} of the {counted(len(compared), 'week')} with messages since, what is said lay {side} what "
        f"was to be expected, in {beyond:,} {side} its band.",
    ]
    kpi, before, after = evidence.kpi, evidence.kpi_before, evidence.kpi_after
    if kpi is not None and before is not None and after is not None:
        sentences.append(f"{kpi.label} {went_words(kpi, before, after)}.")
    return " ".join(sentences)


def unsurfaced_words(evidence: Evidence) -> str:
    """How far what was compared can tell: the change with its interval, what that rules out, and what more it would
    take."""
    change, low, high = evidence.sentiment_change, evidence.sentiment_change_low, evidence.sentiment_change_high
    n, before = evidence.n_items, evidence.n_items_before
    if change is None or low is None or high is None or not n:
        return "What was said can't be compared."
    when = f"since the week of {day(evidence.started_week, evidence.as_of)}"
    said = (
        f"What is said changed by {tone(change)} {when}, 95{NBSP}% interval {tone(low)} to {tone(high)}, "
        f"in {counted(n, 'message')} after {before or 0:,}."
    )
    if high < 0:
        return f"{said} It fell; of so many customers such a fall is too likely to come with what is harmless."
    if low >= 0:
        return f"{said} It did not fall."
    largest, own = tone(-low).lstrip("+"), tone(-change).lstrip("+")
    if change >= 0:
        return f"{said} Nothing points to a fall, and one by more than {largest} is ruled out."
    needed = math.ceil(n * ((high - low) / 2 / change) ** 2)
    return (
        f"{said} A fall by more than {largest} is ruled out; one by {own} would be told from chance by about "
        f"{counted(needed, 'message')}."
    )


def coverage_words(coverage: Coverage, as_of: date) -> str:
    """Whether a customer could be judged, why, and how many messages there are."""
    why = "" if coverage.why == coverage.state else f": {coverage.why}"
    recent = f"{counted(coverage.n_items_recent, 'message')} in the last 13 complete weeks"
    last = f", the last on {day(coverage.last_feedback_at.date(), as_of)}" if coverage.last_feedback_at else ""
    return f"{name_words(coverage.state)}{why}. {recent}, {coverage.n_items_before:,} before{last}."


def unheard_words(unheard: Unheard, as_of: date) -> str:
    """A metric that worsened unheard: what it did, the last word, and when somebody asked last."""
    last = f"last heard on {day(unheard.last_feedback_at.date(), as_of)}" if unheard.last_feedback_at else "never heard"
    asked = f"last asked on {day(unheard.last_invited_at.date(), as_of)}" if unheard.last_invited_at else "never asked"
    change = went_words(unheard.kpi, unheard.kpi_before, unheard.kpi_after)
    return f"{unheard.kpi.label} {change} since {day(unheard.started_week, as_of)}; {last}, {asked}."


def went_words(kpi: Kpi, before: float, after: float) -> str:
    """A metric's change in words, with as many decimals as the finer of both values needs."""
    places = max(decimals_of(kpi, before), decimals_of(kpi, after))
    return f"went from {amount(kpi, before, places)} to {amount(kpi, after, places)}"


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", MINUS)
