"""A small plot of weeks made of characters, for a terminal."""

from collections.abc import Callable, Sequence
from datetime import date

from rich.text import Text

from voc.domain.evidence.evidence import Series

DOT, BAND, START = "●", "░", "│"


def plot(
    weeks: Sequence[date],
    dots: Series,
    band: Series,
    *,
    started_week: date,
    value_words: Callable[[float], str],
    colour: str,
    width: int,
    rows: int = 10,
) -> Text:
    """A column a week, as many of the newest as fit into ``width``: dots before a band, a line where it started.

    value_words: a value beside the axis. Empty where neither dots nor band have a value.
    """
    plotted = [value for value in (*dots.value, *band.low, *band.high) if value is not None]
    if not plotted:
        return Text()
    top, bottom = (max(plotted), min(plotted)) if max(plotted) > min(plotted) else (plotted[0] + 0.5, plotted[0] - 0.5)
    named = {row: value_words(top - (top - bottom) * row / (rows - 1)) for row in (0, rows // 2, rows - 1)}
    label = max(map(len, named.values()))
    weeks = weeks[-max(1, width - label - 2) :]
    values, low, high = (
        _by_week(dots.weeks, dots.value), _by_week(band.weeks, band.low), _by_week(band.weeks, band.high)
    )  # fmt: skip

    def row_of(value: float) -> int:
        return round((top - value) / (top - bottom) * (rows - 1))

    drawn = Text()
    for row in range(rows):
        drawn.append(f"{named.get(row, ''):>{label}} {'┤' if row in named else '│'}", "dim")
        for week in weeks:
            if week in values and row_of(values[week]) == row:
                drawn.append(DOT, colour)
            elif week == started_week:
                drawn.append(START, "bold")
            elif week in low and week in high and row_of(high[week]) <= row <= row_of(low[week]):
                drawn.append(BAND, "dim")
            else:
                drawn.append(" ")
        drawn.append("\n")
    return drawn.append(f"{'':>{label}} └{_months(weeks)}", "dim")


def _by_week(weeks: Sequence[date], values: Sequence[float | None]) -> dict[date, float]:
    return {week: value for week, value in zip(weeks, values, strict=True) if value is not None}


def _months(weeks: Sequence[date]) -> str:
    """The names of every third month below their first weeks, where there is room."""
    line = ""
    for place, week in enumerate(weeks):
        name = f"{week:%b %Y}"
        if week.day <= 7 and week.month % 3 == weeks[-1].month % 3 and len(line) <= place <= len(weeks) - len(name):
            line = f"{line:<{place}}{name} "
    return line
