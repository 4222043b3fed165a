"""Numbers and days as people write them."""

from datetime import date, timedelta

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


def counted(n: int, noun: str) -> str:
    """A number and its noun: 1 table, 2 tables, 1,204 rows."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def tone(sentiment: float) -> str:
    """A sentiment with its sign and one decimal: +0.4, −0.3, 0.0."""
    text = f"{sentiment:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", MINUS)


def amount(kpi: Kpi, value: float, decimals: int | None = None) -> str:
    """A metric's value with its unit, in the reader's precision."""
    shown = value * 100 if kpi.unit == "share" else value
    places = decimals_of(kpi, value) if decimals is None else decimals
    return f"{shown:,.{places}f}{_SUFFIX.get(kpi.unit, '')}".replace("-", MINUS)


def decimals_of(kpi: Kpi, value: float) -> int:
    """Decimals a reader needs for ``value``."""
    size = abs(value * 100 if kpi.unit == "share" else value)
    if kpi.unit == "count" and size >= 1 and float(value).is_integer():
        return 0
    return 0 if size >= 20 or float(size).is_integer() else 1 if size >= 1 else 2


def began(low: date | None, high: date | None, week: date, now: date) -> str:
    """When something began: between 20 October and 9 November.

    low, high: Mondays of the first and the last week in which it may have; ``week``, the likeliest, where they are not
    known.
    """
    if low is None or high is None:
        low = high = week
    if low == high:
        return f"in the week of {day(low, now)}"
    return f"between {day(low, now)} and {day(high + timedelta(days=6), now)}"


def day(when: date, now: date) -> str:
    """12 January; with its year where that is not the year of ``now``."""
    return f"{when.day} {when:%B}" + (f" {when.year}" if when.year != now.year else "")
