"""Days and ISO weeks: a week is named by its Monday, a day ends at midnight in the company's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BLOCK_WEEKS = 4
"""What is learned is learned every four weeks, from what was known when the block began."""

_FIRST_BLOCK = date(2001, 1, 1)  # a Monday; any fixed one would do, so that every machine cuts the same blocks


def monday(day: date) -> date:
    """The Monday that names the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def block_start(as_of: date) -> date:
    """The Monday on which the four-week block of ``as_of`` began; always on or before it."""
    weeks = (monday(as_of) - _FIRST_BLOCK).days // 7
    return _FIRST_BLOCK + timedelta(weeks=weeks - weeks % BLOCK_WEEKS)


def words_from(as_of: date, keep_text_days: int) -> date:
    """The first day whose words a night of ``as_of`` may still use.

    It moves only where a four-week block begins, so that what is learned stays the same within one; on the block's last
    day its words are ``keep_text_days`` old less one. ``keep_text_days``: at least a block.
    """
    return block_start(as_of) - timedelta(days=keep_text_days - 7 * BLOCK_WEEKS)


def start_of(day: date, timezone: str) -> datetime:
    """The first instant of ``day`` in ``timezone``, as naive UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).astimezone(UTC).replace(tzinfo=None)


def end_of(day: date, timezone: str) -> datetime:
    """The first instant after ``day`` in ``timezone``, in naive UTC: what is known before it is known as of the day."""
    return start_of(day + timedelta(days=1), timezone)


def last_whole_day(now: datetime, timezone: str) -> date:
    """Yesterday, as the company's calendar sees ``now`` (an aware time)."""
    return now.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1)
