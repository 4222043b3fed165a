"""Draws the two trends of a case with matplotlib."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from voc.adapters.chart import LIGHT, WIDTH
from voc.domain import levels
from voc.domain.case_view import CaseView, Trends, Values
from voc.domain.kpi import Kpi
from voc.domain.words import MINUS, amount

Floats = NDArray[np.float64]

_TEXT = 13.0  # points: 16 pixels where the drawing is shown 480 wide, 10 where a phone leaves it 320
_LEFT, _RIGHT = 62.0, 6.0
_TITLE_LENGTH = 42  # characters that fit into the width
_MONTHS_APART = 3


def drawing(view: CaseView) -> Figure:
    """The figure of a case, `WIDTH` points wide; without a lower half where no metric is meant."""
    trends, kpi = view.trends, view.kpi
    height = 40.0 if not trends.weeks else 346.0 if kpi else 226.0
    figure = Figure(figsize=(WIDTH / 72, height / 72))
    if not trends.weeks:
        _write(figure, 8, 16, "No complete week to draw yet", "quiet")
        return figure
    _write(figure, 4, height - 14, "What is said (−1 bad, +1 good)", "said")
    above = _panel(figure, height - 132, 112, trends)
    _draw_said(above, view)
    _write(figure, 4, height - 152, f"Messages a week, at most {max(trends.n_feedback):,}", "quiet")
    counts = _panel(figure, height - 184, 26, trends)
    _draw_counts(counts, trends)
    panels = [above, counts]
    if kpi:
        _write(figure, 4, height - 206, _titled(kpi), "metric")
        panels.append(_panel(figure, 40, height - 260, trends))
        _draw_metric(panels[-1], view, kpi)
    _mark_start(panels, view)
    _name_weeks(panels[-1], trends.weeks)
    return figure


def _write(figure: Figure, x: float, y: float, text: str, role: str) -> None:
    # a name may hold dollar signs, which are no formula
    figure.text(
        x / WIDTH, y / _height(figure), text, color=LIGHT[role], fontsize=_TEXT, va="baseline", parse_math=False
    )


def _height(figure: Figure) -> float:
    return float(figure.get_figheight() * 72)


def _panel(figure: Figure, bottom: float, height: float, trends: Trends) -> Axes:
    """An axis over all weeks, with nothing but a line to the left."""
    whole = _height(figure)
    axes = figure.add_axes((_LEFT / WIDTH, bottom / whole, (WIDTH - _LEFT - _RIGHT) / WIDTH, height / whole))
    axes.set_xlim(-0.5, len(trends.weeks) - 0.5)
    axes.spines[:].set_visible(False)
    axes.patch.set_visible(False)
    axes.tick_params(labelsize=_TEXT, labelcolor=LIGHT["quiet"], color=LIGHT["quiet"], length=0, pad=5)
    axes.xaxis.set_major_locator(FixedLocator([]))
    return axes


def _draw_said(axes: Axes, view: CaseView) -> None:
    """Weekly sentiment with its interval, and the averages before the start and since."""
    trends = view.trends
    axes.set_ylim(-1.08, 1.38)  # above +1 there is room for the word at the start
    axes.yaxis.set_major_locator(FixedLocator([-1, 0, 1]))
    axes.set_yticklabels(["−1", "0", "+1"])
    axes.axhline(0, color=LIGHT["quiet"], linewidth=0.6)
    x, (low, high) = _steps(len(trends.weeks)), map(_numbers, (trends.sentiment_low, trends.sentiment_high))
    axes.fill_between(x, low.repeat(2), high.repeat(2), color=LIGHT["said"], alpha=0.18, linewidth=0)
    axes.plot(_numbers(trends.sentiment), color=LIGHT["said"], linewidth=0.9, marker="o", markersize=2.6)
    _draw_levels(axes, levels.said(view), view, "said")


def _draw_counts(axes: Axes, trends: Trends) -> None:
    n = np.array(trends.n_feedback, float)
    axes.set_ylim(0, max(1, n.max()))
    axes.yaxis.set_major_locator(FixedLocator([]))
    axes.fill_between(_steps(len(n)), n.repeat(2), color=LIGHT["quiet"], alpha=0.75, linewidth=0)


def _draw_metric(axes: Axes, view: CaseView, kpi: Kpi) -> None:
    """What was measured, what was carried into other weeks, the target, and the averages."""
    every, measured = _numbers(view.trends.kpi), _numbers(levels.measured(view.trends))
    if not np.isfinite(every).any():
        axes.set_yticks([])
        axes.text(0.5, 0.5, "not measured in these weeks", transform=axes.transAxes, ha="center", fontsize=_TEXT,
                  color=LIGHT["quiet"])  # fmt: skip
        return
    axes.plot(every, color=LIGHT["metric"], linewidth=1, linestyle=":", alpha=0.6)
    axes.plot(measured, color=LIGHT["metric"], linewidth=0.9, marker="o", markersize=2.6)
    if kpi.target is not None:
        axes.axhline(kpi.target, color=LIGHT["ink"], linewidth=1, linestyle=(0, (5, 3)))
    low, high = axes.get_ylim()
    if kpi.target is not None:
        low, high = min(low, kpi.target), max(high, kpi.target)
    room = 0.06 * (high - low)
    axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(3, min_n_ticks=2))
    ticks = axes.get_yticks()
    scale = 100 if kpi.unit == "share" else 1
    places = max(0, -math.floor(math.log10(scale * (ticks[1] - ticks[0])) + 1e-9))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(kpi, value, places)))
    _draw_levels(axes, levels.metric(view), view, "metric")


def _tick(kpi: Kpi, value: float, places: int) -> str:
    """A value on the axis, short enough to stand beside it."""
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):,.4g}{letter}".replace("-", MINUS)
    return amount(kpi, value, places)


def _draw_levels(axes: Axes, pair: levels.Levels, view: CaseView, role: str) -> None:
    start, end = levels.start_of(view), len(view.trends.weeks)
    for level, (left, right) in zip(pair, ((0, start), (start, end)), strict=True):
        if level is not None:
            axes.plot([left - 0.5, right - 0.5], [level, level], color=LIGHT[role], linewidth=2.6)


def _mark_start(panels: Sequence[Axes], view: CaseView) -> None:
    """The line at the start, unless it lies outside the weeks shown."""
    start, weeks = levels.start_of(view), view.trends.weeks
    if not weeks[0] <= view.started_week <= weeks[-1]:
        return
    for panel in panels:
        panel.axvline(start - 0.5, color=LIGHT["ink"], linewidth=1.2)
    is_late = start > 0.8 * len(weeks)
    panels[0].annotate(
        "start", (start - 0.5, 1), xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=_TEXT,
        xytext=(-4 if is_late else 4, 0), ha="right" if is_late else "left", va="top", color=LIGHT["ink"],
    )  # fmt: skip


def _name_weeks(axes: Axes, weeks: Sequence[date]) -> None:
    """A month's name under its first week, the year where it is another than before."""
    step = _MONTHS_APART if len(weeks) > 20 else 1
    firsts = [
        i for i, week in enumerate(weeks) if week.day <= 7 and (week.month - weeks[-1].month) % step == 0
    ] or [0]  # fmt: skip
    names = [
        f"{weeks[i]:%b}" + (f"\n{weeks[i].year}" if not n or weeks[i].year != weeks[firsts[n - 1]].year else "")
        for n, i in enumerate(firsts)
    ]
    axes.xaxis.set_major_locator(FixedLocator([i - 0.5 for i in firsts]))
    axes.set_xticklabels(names)
    axes.tick_params(axis="x", length=4)
    axes.spines["bottom"].set(visible=True, color=LIGHT["quiet"])


def _titled(kpi: Kpi) -> str:
    """The metric's name and target in the width of the drawing."""
    target = "" if kpi.target is None else f", target {amount(kpi, kpi.target)}"
    room = _TITLE_LENGTH - len(target)
    return (kpi.label if len(kpi.label) <= room else f"{kpi.label[: room - 1]}…") + target


def _numbers(values: Values) -> Floats:
    return np.array([math.nan if value is None else value for value in values])


def _steps(n: int) -> Floats:
    """Both edges of each week, so that a week between two silent ones is as wide as any."""
    return (np.arange(n)[:, None] + [-0.5, 0.5]).ravel()
