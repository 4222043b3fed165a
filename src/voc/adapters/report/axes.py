"""What every drawing over weeks is made of: panels on one axis of weeks, their names, and the line at the start."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from voc.adapters.report.svg_png import LIGHT, WIDTH
from voc.domain.cases.case_view import Values
from voc.domain.formatting import MINUS, amount
from voc.domain.kpi import Kpi

Floats = NDArray[np.float64]

TEXT = 13.0  # points: 16 pixels where the drawing is shown 480 wide, 10 where a phone leaves it 320
_LEFT, _RIGHT = 62.0, 6.0
_TITLE_LENGTH = 42  # characters that fit into the width
_MONTHS_APART = 3


def blank(height: float) -> Figure:
    """An empty drawing, `WIDTH` points wide."""
    return Figure(figsize=(WIDTH / 72, height / 72))


def write(figure: Figure, x: float, y: float, text: str, role: str) -> None:
    """A line of text, its place in points."""
    # a name may hold dollar signs, which are no formula
    figure.text(x / WIDTH, y / _height(figure), text, color=LIGHT[role], fontsize=TEXT, va="baseline", parse_math=False)


def panel(figure: Figure, bottom: float, height: float, n_weeks: int) -> Axes:
    """An axis over all weeks, with nothing but a line to the left."""
    total = _height(figure)
    axes = figure.add_axes((_LEFT / WIDTH, bottom / total, (WIDTH - _LEFT - _RIGHT) / WIDTH, height / total))
    axes.set_xlim(-0.5, n_weeks - 0.5)
    axes.spines[:].set_visible(False)
    axes.patch.set_visible(False)
    axes.tick_params(labelsize=TEXT, labelcolor=LIGHT["quiet"], color=LIGHT["quiet"], length=0, pad=5)
    axes.xaxis.set_major_locator(FixedLocator([]))
    return axes


def measure(axes: Axes, kpi: Kpi) -> None:
    """Gives an axis on which a metric is drawn its target and its unit."""
    low, high = axes.get_ylim()
    if kpi.target is not None:
        axes.axhline(kpi.target, color=LIGHT["ink"], linewidth=1, linestyle=(0, (5, 3)))
        low, high = min(low, kpi.target), max(high, kpi.target)
    room = 0.06 * (high - low)
    axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(3, min_n_ticks=2))
    ticks = axes.get_yticks()
    scale = 100 if kpi.unit == "share" else 1
    places = max(0, -math.floor(math.log10(scale * (ticks[1] - ticks[0])) + 1e-9))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(kpi, value, places)))


def say_empty(axes: Axes, text: str) -> None:
    """Words in place of a series that has no value."""
    axes.set_yticks([])
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", fontsize=TEXT, color=LIGHT["quiet"])


def mark_start(
    panels: Sequence[Axes], weeks: Sequence[date], started_week: date, interval: tuple[date | None, date | None]
) -> None:
    """The line at the likeliest start through all panels, unless it lies outside the weeks shown, and a band over the
    weeks (Mondays of the first and the last) in which it may have been."""
    low, high = interval
    if low is not None and high is not None and weeks[0] <= high and low <= weeks[-1]:
        ends = sum(week < low for week in weeks) - 0.5, sum(week <= high for week in weeks) - 0.5
        for axes in panels:
            axes.axvspan(*ends, color=LIGHT["ink"], alpha=0.08, linewidth=0, zorder=0)
    if not weeks[0] <= started_week <= weeks[-1]:
        return
    start = sum(week < started_week for week in weeks)
    for axes in panels:
        axes.axvline(start - 0.5, color=LIGHT["ink"], linewidth=1.2)
    is_late = start > 0.8 * len(weeks)
    panels[0].annotate(
        "start", (start - 0.5, 1), xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=TEXT,
        xytext=(-4 if is_late else 4, 0), ha="right" if is_late else "left", va="top", color=LIGHT["ink"],
    )  # fmt: skip


def name_weeks(axes: Axes, weeks: Sequence[date]) -> None:
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


def titled(kpi: Kpi) -> str:
    """The metric's name and target in the width of the drawing."""
    target = "" if kpi.target is None else f", target {amount(kpi, kpi.target)}"
    room = _TITLE_LENGTH - len(target)
    return (kpi.label if len(kpi.label) <= room else f"{kpi.label[: room - 1]}…") + target


def numbers(values: Values) -> Floats:
    """The values, NaN where there is none."""
    return np.array([math.nan if value is None else value for value in values])


def steps(n: int) -> Floats:
    """Both edges of each week, so that a week between two silent ones is as wide as any."""
    return (np.arange(n)[:, None] + [-0.5, 0.5]).ravel()


def _height(figure: Figure) -> float:
    return float(figure.get_figheight() * 72)


def _tick(kpi: Kpi, value: float, places: int) -> str:
    """A value on the axis, short enough to stand beside it."""
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):,.4g}{letter}".replace("-", MINUS)
    return amount(kpi, value, places)
