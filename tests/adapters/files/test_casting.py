"""Text becomes typed rows or rejects; one survey file a test, landed whole."""

from datetime import UTC, date, datetime

import pytest
from support.inboxes import HEADER, Inbox, survey

from voc.domain.contract import Table


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def utc(*at):
    """As it is stored: naive."""
    return datetime(*at, tzinfo=UTC).replace(tzinfo=None)


def cells(inbox, column, values, **options):
    """What each value of one survey column became: its typed value, or (column, reason)."""
    head = [c for c in HEADER.strip().split(",") if c != column]
    rows = [
        [survey(i).strip().split(",")[HEADER.strip().split(",").index(c)] for c in head] for i in range(len(values))
    ]
    quoted = ['"' + v.replace('"', '""') + '"' for v in values]
    inbox.land_one(
        "surveys.csv",
        ",".join([*head, column]) + "\n" + "".join(",".join([*r, q]) + "\n" for r, q in zip(rows, quoted, strict=True)),
        **options,
    )
    landed = dict(inbox.rows(f"select _row, {column} from raw.surveys"))
    rejected = {line - 1: (name, reason) for line, name, reason in inbox.rejects()}
    assert len(landed) + len(rejected) == len(values)
    return [landed.get(i, rejected.get(i)) for i in range(1, len(values) + 1)]


def test_numbers(inbox):
    values = ["7", " 8 ", "-1.5", "1e2", "+3", ".5", "", " \t", "\u00a0"]
    assert cells(inbox, "score", values) == [7, 8, -1.5, 100, 3, 0.5, None, None, None]


@pytest.mark.parametrize("value", ["eleven", "1,5", "1_000", "0x1F", "5%", "٣", "true", "1 000"])
def test_what_is_no_number_is_rejected(inbox, value):
    assert cells(inbox, "score", [value]) == [("score", "not_a_number")]


@pytest.mark.parametrize("value", ["NaN", "nan", "inf", "-Infinity", "1e400"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_is_not_finite_is_rejected(inbox, value, decimal):
    assert cells(inbox, "score", [value], decimal=decimal) == [("score", "not_finite")]


def test_with_a_decimal_comma_points_only_group_thousands(inbox):
    values = ["1,5", "1.234,5", "1.234", "7", ",5", "1,5e2", "1.5", "1,234.5"]
    no = ("score", "not_a_number")
    assert cells(inbox, "score", values, decimal=",") == [1.5, 1234.5, 1234, 7, 0.5, 150, no, no]


def test_declared_null_values_are_no_reading(inbox):
    assert cells(inbox, "score", ["-", " N/A ", "99", "7"], null_values=("-", "N/A", "99")) == [None, None, None, 7]


@pytest.mark.parametrize("option", [{}, {"null_values": ("-",)}])
def test_an_empty_comment_is_null_and_a_filled_one_keeps_its_words(inbox, option):
    values = ["", "  ", " \n ", " late, again ", "\u00a0"]
    assert cells(inbox, "comment", values, **option) == [None, None, None, " late, again ", None]


def test_ids_are_trimmed_and_may_not_be_empty(inbox):
    assert cells(inbox, "customer_id", [" C1 ", "C2\t", " ", "C\u00a03\u00a0"]) == [
        "C1", "C2", ("customer_id", "empty_id"), "C\u00a03",
    ]  # fmt: skip


def test_times_with_an_offset_are_stored_as_utc(inbox):
    values = [
        "2026-02-01T10:00:00Z",
        "2026-02-01 10:00:00+02",
        "2026-02-01T10:00-0330",
        "2026-02-01T10:00:00.25+01:00",
        "2026-02-01 10:00:00 UTC",
    ]
    assert cells(inbox, "responded_at", values) == [
        utc(2026, 2, 1, 10), utc(2026, 2, 1, 8), utc(2026, 2, 1, 13, 30),
        utc(2026, 2, 1, 9, 0, 0, 250000), utc(2026, 2, 1, 10),
    ]  # fmt: skip


def test_naive_times_take_the_zone_of_the_source(inbox):
    values = ["2026-02-01T10:00:00", "2025-07-01 10:00:00", "2026-02-01T10:00", "2026-02-01", "2026-02-01T10:00:00,5"]
    assert cells(inbox, "responded_at", values) == [
        utc(2026, 2, 1, 9), utc(2025, 7, 1, 8), utc(2026, 2, 1, 9), utc(2026, 1, 31, 23),
        utc(2026, 2, 1, 9, 0, 0, 500000),
    ]  # fmt: skip


def test_a_gap_of_the_clock_is_rejected_and_in_a_fold_the_earlier_instant_counts(inbox):
    values = [
        "2025-03-30T01:59:59",
        "2025-03-30T02:30:00",
        "2025-03-30T03:00:00",
        "2025-10-26T01:59:59",
        "2025-10-26T02:30:00",
        "2025-10-26T03:00:00",
    ]
    assert cells(inbox, "responded_at", values) == [
        utc(2025, 3, 30, 0, 59, 59), ("responded_at", "dst_gap"), utc(2025, 3, 30, 1),
        utc(2025, 10, 25, 23, 59, 59), utc(2025, 10, 26, 0, 30), utc(2025, 10, 26, 2),
    ]  # fmt: skip


def test_a_fold_of_half_an_hour_is_no_special_case(inbox):
    values = ["2025-04-06T01:45:00", "2025-10-05T02:15:00"]
    assert cells(inbox, "responded_at", values, timezone="Australia/Lord_Howe") == [
        utc(2025, 4, 5, 14, 45), ("responded_at", "dst_gap"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "01/02/2026",
        "2026-02-30",
        "2026-02-01T25:00:00",
        "infinity",
        "epoch",
        "20260201",
        "2026-2-1",
        "2026-02-01T1:0:0",
    ],
)
def test_what_is_no_time_is_rejected(inbox, value):
    assert cells(inbox, "responded_at", [value]) == [("responded_at", "not_a_time")]


def test_a_declared_time_format_is_the_only_one(inbox):
    values = ["01/02/2026 10:00", "2026-02-01T10:00:00", "31/02/2026 10:00"]
    no = ("responded_at", "not_a_time")
    assert cells(inbox, "responded_at", values, time_format="%d/%m/%Y %H:%M") == [utc(2026, 2, 1, 9), no, no]


def test_a_time_format_may_carry_the_offset(inbox):
    got = cells(inbox, "responded_at", ["01/02/2026 10:00 +0200"], time_format="%d/%m/%Y %H:%M %z")
    assert got == [utc(2026, 2, 1, 8)]


def test_more_than_a_day_after_the_landing_clock_is_the_future(inbox):
    assert cells(inbox, "responded_at", ["2026-03-03T03:59:59Z", "2026-03-03T04:00:01Z"]) == [
        utc(2026, 3, 3, 3, 59, 59), ("responded_at", "future"),
    ]  # fmt: skip


def test_scores_are_held_against_the_scale_of_the_row(inbox):
    inbox.drop(
        "surveys.csv",
        "response_id,customer_id,responded_at,survey,score,scale_min,scale_max\n"
        "R1,C1,2026-02-01,nps,11,0,10\nR2,C1,2026-02-01,ces,2,7,1\nR3,C1,2026-02-01,ces,8,7,1\n"
        "R4,C1,2026-02-01,ces,3,3,3\nR5,C1,2026-02-01,ces,3,,\nR6,C1,2026-02-01,ces,,1,5\n",
    )
    inbox.land()
    assert inbox.rejects() == [
        (2, "score", "out_of_scale"),
        (4, "score", "out_of_scale"),
        (5, "scale_min", "equal_scale"),
    ]
    assert inbox.rows("select response_id, scale_min, scale_max from raw.surveys order by _row") == [
        ("R2", 7, 1), ("R5", None, None), ("R6", 1, 5),
    ]  # fmt: skip


def test_a_scale_of_the_source_fills_rows_that_have_none(inbox):
    assert cells(inbox, "score", ["1", "6"], scale=(5, 1)) == [1, ("score", "out_of_scale")]
    assert inbox.rows("select scale_min, scale_max from raw.surveys") == [(5, 1)]


def test_a_ticket_is_held_against_the_scale_of_its_source(inbox):
    inbox.sources = [inbox.source("desk", Table.TICKETS, "tickets*", scale=(1, 5))]
    inbox.drop("tickets.csv", "ticket_id,customer_id,opened_at,satisfaction\nT1,C1,2026-02-01,6\nT2,C1,2026-02-01,\n")
    inbox.land()
    assert inbox.rejects() == [(2, "satisfaction", "out_of_scale")]


def test_dates(inbox):
    inbox.sources = [inbox.source("bi", Table.KPIS, "kpis*", time_format="%d.%m.%Y")]
    days = ["2026-02-01", "2026-02-01T23:59:00+05", "01.02.2026", "2026-02-30", "next week", "", "2026-03-04"]
    inbox.drop(
        "kpis.csv", "customer_id,kpi,measured_on,value\n" + "".join(f"C1,usage{i},{d},1\n" for i, d in enumerate(days))
    )
    inbox.land()
    assert inbox.rows("select distinct measured_on from raw.kpis") == [(date(2026, 2, 1),)]
    assert [(line, reason) for line, _, reason in inbox.rejects()] == [
        (5, "not_a_date"), (6, "not_a_date"), (7, "empty_time"), (8, "future"),
    ]  # fmt: skip


def test_columns_outside_the_contract_are_kept_as_json(inbox):
    inbox.drop(
        "surveys.csv",
        HEADER.strip() + ',Store "A",o\'clock\n' + survey(1).strip() + ",x,1\n" + survey(2).strip() + ',,"a""b"\n',
    )
    landed = inbox.land()
    assert inbox.rows("select _extra from raw.surveys order by _row") == [
        ('{"Store \\"A\\"":"x","o\'clock":"1"}',), ('{"Store \\"A\\"":null,"o\'clock":"a\\"b"}',),
    ]  # fmt: skip
    assert any("Store" in warning for warning in landed.warnings)


def test_a_reject_keeps_its_own_words_in_the_work_file_and_nowhere_else(inbox):
    file = inbox.land_one("surveys.csv", HEADER + survey(1, score="eleven", comment="canary"))
    assert "canary" in inbox.rows("select record from raw.rejects")[0][0]
    assert "canary" not in repr(file)
    assert "eleven" not in repr(file)


def test_of_several_faults_the_first_column_of_the_contract_is_named(inbox):
    inbox.land_one("surveys.csv", HEADER + ",C1,never,nps,eleven,\n")
    assert inbox.rejects() == [(2, "response_id", "empty_id")]


@pytest.mark.parametrize(("table", "money"), [(Table.CUSTOMERS, "Currency"), (Table.KPIS, "ccy")])
def test_money_in_another_currency_is_refused(inbox, table, money):
    inbox.sources = [inbox.source("crm", table, "in*", columns={"ccy": "currency"})]
    head, row = (
        ("customer_id,name", "C1,Ann")
        if table == Table.CUSTOMERS
        else ("customer_id,kpi,measured_on,value", "C1,spend,2026-02-01,5")
    )
    inbox.drop("in1.csv", f"{head},{money}\n{row},EUR\n{row},\n{row},eur\n")
    inbox.drop("in2.csv", f"{head},{money}\n{row},EUR\n{row},CHF\n")
    landed = inbox.land()
    assert [file.status for file in landed.files] == ["landed", "refused"]
    assert landed.files[1].why.startswith("1 of its rows are in another currency than EUR")
