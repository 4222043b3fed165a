"""The picture of a case: what is said above, what the metric does below, on one axis of weeks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from voc.adapters.report import svg_png
from voc.domain.cases import trend_levels
from voc.domain.cases.case_view import CaseView
from voc.domain.formatting import amount, began, counted, day, tone

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def alt(view: CaseView) -> str:
    """The picture in words: mean sentiment and median of the metric, before the start and since, in the weeks shown."""
    weeks = view.trends.weeks
    if not weeks:
        return "No complete week to draw yet."
    span = f"{counted(len(weeks), 'week')} to the week of {day(weeks[-1], view.as_of)}"
    sentences = [
        f"{'Two trends' if view.kpi else 'A trend'} over {span}.",
        f"What is said went {_from_to(trend_levels.sentiment(view), tone)}, "
        f"begun {began(view.started_low, view.started_high, view.started_week, view.as_of)}.",
    ]
    if (kpi := view.kpi) is not None:
        target = "" if kpi.target is None else f"; its target is {amount(kpi, kpi.target)}"
        sentences.append(f"{kpi.label} went {_from_to(trend_levels.metric(view), lambda v: amount(kpi, v))}{target}.")
    return " ".join(sentences)


def png(view: CaseView) -> bytes:
    """The picture on light paper, 960 pixels wide; the same view gives the same bytes."""
    return svg_png.png(lambda: _drawn(view))


def svg(view: CaseView) -> str:
    """The picture as an `svg` element for a page, with its alternative text; the same view gives the same text."""
    return svg_png.svg(lambda: _drawn(view), key=f"case {view.case_id}", title="The trends of this case", alt=alt(view))


def _drawn(view: CaseView) -> "Figure":
    from voc.adapters.report.case_drawing import drawing

    return drawing(view)


def _from_to(pair: trend_levels.Levels, level_words: Callable[[float], str]) -> str:
    before, since = ("nothing" if level is None else level_words(level) for level in pair)
    return f"from {before} to {since}"
