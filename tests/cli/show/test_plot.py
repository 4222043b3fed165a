"""The small plot of a terminal."""

from datetime import date, timedelta

import pytest

from voc.cli.show.plot import BAND, DOT, START, plot
from voc.domain.evidence.evidence import Series

WEEKS = tuple(date(2025, 9, 1) + timedelta(weeks=i) for i in range(21))
DOTS = Series(WEEKS[::2], tuple(0.5 - 0.1 * i for i in range(11)), (None,) * 11, (None,) * 11)
BAND_OF_ALL = Series(WEEKS, (0.0,) * 21, (-0.1,) * 21, (0.1,) * 21)


def drawn(dots=DOTS, band=BAND_OF_ALL, **changes):
    how = {"started_week": WEEKS[11], "value_words": "{:+.1f}".format, "colour": "blue", "width": 80, "rows": 11}
    return plot(WEEKS, dots, band, **{**how, **changes}).plain.split("\n")


def test_every_week_with_a_value_has_its_dot_higher_where_more_was_said():
    lines = drawn()
    places = [(line.index(DOT), row) for row, line in enumerate(lines) if DOT in line]
    assert sum(line.count(DOT) for line in lines) == 11
    assert places == sorted(places)


def test_the_axis_names_its_ends_and_its_middle_and_the_months():
    lines = drawn()
    assert [line.split("┤")[0].strip() for line in lines if "┤" in line] == ["+0.5", "+0.0", "-0.5"]
    assert "Oct 2025" in lines[-1]


def test_the_band_lies_where_it_was_to_be_expected_and_the_start_goes_through_all_rows():
    lines = drawn()
    column = lines[0].rindex(START)
    assert all(line[column] in (START, DOT) for line in lines[:-1])
    assert {row for row, line in enumerate(lines) if BAND in line} == {4, 5, 6}


def test_a_narrow_terminal_shows_the_newest_weeks():
    lines = drawn(width=16)
    assert max(map(len, lines)) <= 16
    assert sum(line.count(DOT) for line in lines) == 5


@pytest.mark.parametrize("value", [0.3, 1e12, -5.0])
def test_a_series_that_never_moves_is_drawn(value):
    still = Series(WEEKS, (value,) * 21, (None,) * 21, (None,) * 21)
    assert sum(line.count(DOT) for line in drawn(still, Series(), started_week=date(2020, 1, 6))) == 21


def test_without_a_value_there_is_no_plot():
    assert drawn(Series(), Series()) == [""]
