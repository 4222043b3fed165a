"""Days, weeks and blocks, at the edges where they go wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest

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


@pytest.mark.parametrize("keep", [28, 29, 56, 730])
def test_words_go_with_a_block_and_are_never_older_than_they_may_be(keep):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]
    firsts = [weeks.words_from(day, keep) for day in days]
    ages = [(day - first).days for day, first in zip(days, firsts, strict=True)]
    assert max(ages) == keep - 1
    assert min(ages) == keep - 28
    assert {(weeks.block_start(day), first) for day, first in zip(days, firsts, strict=True)} == {
        (start, start - timedelta(days=keep - 28)) for start in map(weeks.block_start, days)
    }
