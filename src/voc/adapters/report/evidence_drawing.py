"""Draws the evidence of a contradiction with matplotlib."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from voc.adapters.report.axes import (  # fmt: skip
    Floats,
    blank,
    mark_start,
    measure,
    name_weeks,
    panel,
    say_empty,
    steps,
    titled,
    write,
)
from voc.adapters.report.svg_png import LIGHT
from voc.domain.cases.case_view import Values
from voc.domain.evidence.evidence import Evidence, Series
from voc.domain.evidence.evidence_words import said_words
from voc.domain.formatting import MINUS
from voc.domain.kpi import Kpi


def drawing(evidence: Evidence) -> Figure:
    """The figure of an evidence, `WIDTH` points wide; without a lower half where no metric is meant."""
    weeks, kpi = evidence.weeks, evidence.kpi
    height = 40.0 if not weeks else 326.0 if kpi else 204.0
    figure = blank(height)
    if not weeks:
        write(figure, 8, 16, "No complete week to draw yet", "quiet")
        return figure
    write(figure, 4, height - 14, said_words(evidence), "said")
    write(figure, 4, height - 32, "Grey: what the metrics lead to expect", "quiet")
    panels = [panel(figure, height - 164, 124, len(weeks))]
    _draw_sentiment(panels[0], evidence)
    if kpi:
        write(figure, 4, height - 186, titled(kpi), "metric")
        panels.append(panel(figure, 40, height - 240, len(weeks)))
        if evidence.metric.weeks:
            _draw_interval(panels[1], evidence.metric, weeks, "metric")
            panels[1].plot(
                _over(weeks, evidence.metric), color=LIGHT["metric"], linewidth=0.9, marker="o", markersize=2.6
            )
            measure(panels[1], kpi)
        else:
            say_empty(panels[1], "not measured in these weeks")
    mark_start(panels, weeks, evidence.started_week, (evidence.started_low, evidence.started_high))
    name_weeks(panels[-1], weeks)
    return figure


def _draw_sentiment(axes: Axes, evidence: Evidence) -> None:
    """Each week's messages with their interval, before the band in which they were to be expected."""
    weeks, sentiment, expected = evidence.weeks, evidence.said, evidence.expected
    _draw_interval(axes, expected, weeks, "quiet")
    axes.plot(_over(weeks, expected), color=LIGHT["quiet"], linewidth=1.2, linestyle=(0, (4, 2)))
    columns = [weeks.index(week) for week in sentiment.weeks]
    # one path with gaps takes a third of the bytes of a line a week
    gaps = np.full(len(columns), math.nan)
    ends = np.column_stack([_ends(sentiment.low, sentiment), _ends(sentiment.high, sentiment), gaps]).ravel()
    axes.plot(np.repeat(columns, 3), ends, color=LIGHT["said"], linewidth=0.8, alpha=0.6)
    axes.plot(columns, sentiment.value, color=LIGHT["said"], linewidth=0, marker="o", markersize=3.2)
    # an interval of one message reaches beyond what can be said at all; it must not flatten what was said
    bounds = (*sentiment.low, *sentiment.high, *expected.low, *expected.high)
    values = [max(-1.0, min(1.0, bound)) for bound in bounds if bound is not None]
    values += [*sentiment.value, *expected.value]
    low, high = (min(values), max(values)) if values else (-1.0, 1.0)
    room = max(high - low, 0.1)
    axes.set_ylim(low - 0.05 * room, high + 0.2 * room)  # above there is room for the word at the start
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(_signed))
    axes.axhline(0, color=LIGHT["quiet"], linewidth=0.6)


def _signed(value: float, _: int | None) -> str:
    return f"{value:+.2g}".replace("-", MINUS) if value else "0"


def _draw_metric(axes: Axes, evidence: Evidence, kpi: Kpi) -> None:
    """The metric's weeks, for a group with the interval of its mean."""
    weeks, metric = evidence.weeks, evidence.metric
    if not metric.weeks:
        say_empty(axes, "not measured in these weeks")
        return
    _draw_interval(axes, metric, weeks, "metric")
    axes.plot(_over(weeks, metric), color=LIGHT["metric"], linewidth=0.9, marker="o", markersize=2.6)
    measure(axes, kpi)


def _draw_interval(axes: Axes, series: Series, weeks: Sequence[date], role: str) -> None:
    low, high = (_over(weeks, series, end) for end in (series.low, series.high))
    axes.fill_between(steps(len(weeks)), low.repeat(2), high.repeat(2), color=LIGHT[role], alpha=0.2, linewidth=0)


def _over(weeks: Sequence[date], series: Series, values: Values | None = None) -> Floats:
    """A series on the axis of all weeks, NaN where it has no value."""
    by_week = dict(zip(series.weeks, series.value if values is None else values, strict=True))
    return np.array([math.nan if (value := by_week.get(week)) is None else value for week in weeks])


def _ends(end: Values, series: Series) -> list[float]:
    """Ends of intervals; where one is not known the line has no length."""
    return [value if bound is None else bound for bound, value in zip(end, series.value, strict=True)]
