"""The arrays that the detector's panel is made of, read from a night that real dbt has built."""

import duckdb
import numpy as np
import pytest
from support import dbt_views

from voc.adapters.work_file import panels

pytestmark = pytest.mark.slow

KPIS = ["spend", "on_time"]
TABLES = ("int_panel_customer", "int_panel_name")


def read(night, cut="night"):
    with duckdb.connect(str(night.warehouse)) as work:
        work.execute("set TimeZone = 'UTC'")
        return panels.read(work, cut, KPIS)


def change(night, statements):
    """Changes what the panel is read from; the panel's tables then show it."""
    night.change(statements + "".join(f"; drop table if exists int.{name}" for name in TABLES))
    with duckdb.connect(str(night.warehouse)) as work:
        dbt_views.create(work, *TABLES)


def by_item(columns, name):
    return dict(zip(columns.items["item_id"].tolist(), columns.items[name].tolist(), strict=True))


def test_customers_come_with_their_groups_and_empty_where_none_is_said(copy):
    change(copy, "update int.int_customer set segment = null, plan = 'gold' where customer_id = 'C0'")
    columns = read(copy)
    assert columns.customers["customer_id"].tolist() == [f"C{i}" for i in range(10)]
    assert columns.customers["segment"].tolist() == [""] + ["smb"] * 5 + ["large"] * 4
    assert columns.customers["plan"].tolist() == ["gold"] + [""] * 9
    assert set(columns.customers["region"]) == {""}
    assert columns.company == copy.ask("select company from raw.config_company")[0][0]


def test_every_measured_value_stands_in_its_customers_metric_and_week_and_nothing_else(built):
    columns = read(built)
    known = built.ask("""
        select customer_id, kpi, week, value from int.int_kpi_week
        inner join int.int_spine using (customer_id, week)
        where int_kpi_week.is_complete and not is_imputed and value is not null
    """)
    rows, weeks = columns.customers["customer_id"].tolist(), columns.weeks.tolist()
    assert known
    for customer, kpi, week, value in known:
        assert columns.kpi_values[rows.index(customer), KPIS.index(kpi), weeks.index(week)] == value
    assert np.isfinite(columns.kpi_values).sum() == len(known)


def test_items_say_where_they_were_said_by_name_and_minus_one_where_they_do_not(copy):
    change(
        copy,
        """
        update int.int_feedback_scored set touchpoint = null, respondent = null where feedback_id = 'nps:S1';
        update int.int_feedback_scored set touchpoint = '', respondent = '' where feedback_id = 'nps:S3';
        update int.int_feedback_scored set touchpoint = 'tea', respondent = 'Ada'
            where feedback_id in ('nps:S2', 'nps:S6')
        """,
    )
    columns = read(copy)
    touchpoint, respondent = by_item(columns, "touchpoint"), by_item(columns, "respondent")
    assert touchpoint["nps:S1"] == touchpoint["nps:S3"] == respondent["nps:S1"] == respondent["nps:S3"] == -1
    assert columns.touchpoints[touchpoint["nps:S2"]] == "tea"
    assert respondent["nps:S2"] == respondent["nps:S6"] >= 0
    channel = by_item(columns, "channel")
    assert {columns.channels[code].split("/")[0] for code in channel.values()} == {
        item.split(":")[0] for item in channel
    }


def test_items_are_ordered_by_customer_and_then_by_time(built):
    items = read(built).items
    said = built.ask("""
        select feedback_id from int.int_feedback_scored where is_known_now and sentiment is not null
        order by customer_id, said_at, feedback_id
    """)
    chosen = set(items["item_id"].tolist())
    assert items["item_id"].tolist() == [item for (item,) in said if item in chosen]
    assert (np.diff(items["customer"]) >= 0).all()


def test_items_of_equal_words_have_equal_texts_and_items_without_words_none(copy):
    words = {"S1": "Bad  service\n", "S2": "bad\u00a0SERVICE", "S3": "Bad service!", "S4": " \t", "S5": None}
    with duckdb.connect(str(copy.warehouse)) as work:
        for response, text in words.items():
            work.execute("update raw.surveys set comment = ? where response_id = ?", [text, response])
    copy.rebuild()
    text = by_item(read(copy), "text")
    assert text["nps:S1"] == text["nps:S2"] != text["nps:S3"]
    assert text["nps:S4"] == text["nps:S5"] == -1
    assert text["nps:S6"] == text["nps:S7"] not in (-1, text["nps:S1"])
    assert len(read(copy, "block").items["text"]) < len(text)


def test_a_night_before_anybody_was_a_customer_is_an_empty_panel(copy):
    change(copy, "delete from int.int_spine")
    columns = read(copy)
    assert columns.kpi_values.shape == (0, 2, 0)
    assert columns.weeks.size == len(columns.items["item_id"]) == 0
    assert columns.channels == columns.touchpoints == ()
