"""Draws the two trends of a case with matplotlib."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from voc.adapters.report.axes import (  # fmt: skip
    blank,
    mark_start,
    measure,
    name_weeks,
    numbers,
    panel,
    say_empty,
    steps,
    titled,
    write,
)
from voc.adapters.report.svg_png import LIGHT
from voc.domain.cases import trend_levels
from voc.domain.cases.case_view import CaseView, Trends
from voc.domain.kpi import Kpi


def drawing(view: CaseView) -> Figure:
    """The figure of a case, `WIDTH` points wide; without a lower half where no metric is meant."""
    trends, kpi, n = view.trends, view.kpi, len(view.trends.weeks)
    height = 40.0 if not n else 346.0 if kpi else 226.0
    figure = blank(height)
    if not n:
        write(figure, 8, 16, "No complete week to draw yet", "quiet")
        return figure
    write(figure, 4, height - 14, "What is said (−1 bad, +1 good)", "said")
    above = panel(figure, height - 132, 112, n)
    _draw_sentiment(above, view)
    write(figure, 4, height - 152, f"Messages a week, at most {max(trends.n_feedback):,}", "quiet")
    counts = panel(figure, height - 184, 26, n)
    _draw_counts(counts, trends)
    panels = [above, counts]
    if kpi:
        write(figure, 4, height - 206, titled(kpi), "metric")
        panels.append(panel(figure, 40, height - 260, n))
        _draw_metric(panels[-1], view, kpi)
    mark_start(panels, trends.weeks, view.started_week, (view.started_low, view.started_high))
    name_weeks(panels[-1], trends.weeks)
    return figure


def _draw_sentiment(axes: Axes, view: CaseView) -> None:
    """Weekly sentiment with its interval, and the averages before the start and since."""
    trends = view.trends
    axes.set_ylim(-1.08, 1.38)  # above +1 there is room for the word at the start
    axes.yaxis.set_major_locator(FixedLocator([-1, 0, 1]))
    axes.set_yticklabels(["−1", "0", "+1"])
    axes.axhline(0, color=LIGHT["quiet"], linewidth=0.6)
    x, (low, high) = steps(len(trends.weeks)), map(numbers, (trends.sentiment_low, trends.sentiment_high))
    axes.fill_between(x, low.repeat(2), high.repeat(2), color=LIGHT["said"], alpha=0.18, linewidth=0)
    axes.plot(numbers(trends.sentiment), color=LIGHT["said"], linewidth=0.9, marker="o", markersize=2.6)
    _draw_levels(axes, trend_levels.sentiment(view), view, "said")


def _draw_counts(axes: Axes, trends: Trends) -> None:
    n = np.array(trends.n_feedback, float)
    axes.set_ylim(0, max(1, n.max()))
    axes.yaxis.set_major_locator(FixedLocator([]))
    axes.fill_between(steps(len(n)), n.repeat(2), color=LIGHT["quiet"], alpha=0.75, linewidth=0)


def _draw_metric(axes: Axes, view: CaseView, kpi: Kpi) -> None:
    """What was measured, what was carried into other weeks, the target, and the averages."""
    every, measured = numbers(view.trends.kpi), numbers(trend_levels.measured(view.trends))
    if not np.isfinite(every).any():
        say_empty(axes, "not measured in these weeks" if view.level == "customer" else "not drawn here")
        return
    axes.plot(every, color=LIGHT["metric"], linewidth=1, linestyle=":", alpha=0.6)
    axes.plot(measured, color=LIGHT["metric"], linewidth=0.9, marker="o", markersize=2.6)
    measure(axes, kpi)
    _draw_levels(axes, trend_levels.metric(view), view, "metric")


def _draw_levels(axes: Axes, pair: trend_levels.Levels, view: CaseView, role: str) -> None:
    start, end = trend_levels.start_of(view), len(view.trends.weeks)
    for level, (left, right) in zip(pair, ((0, start), (start, end)), strict=True):
        if level is not None:
            axes.plot([left - 0.5, right - 0.5], [level, level], color=LIGHT[role], linewidth=2.6)
