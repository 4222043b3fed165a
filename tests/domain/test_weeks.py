"""Days, weeks and blocks, at the edges where they go wrong."""

from datetime import UTC, date, datetime

from voc.domain import weeks


def test_a_day_ends_at_the_companys_midnight():
    ends = [weeks.end_of(day, "Europe/Amsterdam").isoformat() for day in (date(2026, 3, 1), date(2026, 3, 29))]
    assert ends == ["2026-03-01T23:00:00", "2026-03-29T22:00:00"]  # on the 29th the clocks went forward


def test_yesterday_is_the_companys_yesterday():
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already 2 March in Amsterdam
    assert weeks.last_whole_day(now, "Europe/Amsterdam") == date(2026, 3, 1)
    assert weeks.last_whole_day(now, "America/New_York") == date(2026, 2, 28)


def test_a_block_begins_on_a_monday_at_most_four_weeks_back_and_all_its_days_agree():
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(400)]
    starts = [weeks.block_start(day) for day in days]
    assert all(start.weekday() == 0 and 0 <= (day - start).days < 28 for day, start in zip(days, starts, strict=True))
    inner = [starts.count(start) for start in sorted(set(starts))[1:-1]]
    assert set(inner) == {28}
