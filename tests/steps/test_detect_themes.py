"""What subjects write of more, as evidence of their contradictions and of the company as a whole."""

from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
from support import dbt_views

from voc.adapters.work_file.schema import ddl
from voc.steps import detect_themes

AS_OF = date(2026, 3, 1)
WEEKS = [date(2026, 2, 23) - timedelta(weeks=n) for n in range(60)]
START = WEEKS[9]
"""Ten complete weeks before the night."""
CONTRADICTION = {"kpi": "on_time", "kind": "watermelon", "started_week": pd.Timestamp(START), "is_surfaced": True,
                 "explained_by": None}  # fmt: skip


@pytest.fixture
def work(tmp_path):
    """Ten customers write two texts a week: C0 of deliveries since the start, all of them and of prices at times."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(ddl())
        rows = []
        for customer in range(10):
            for n, week in enumerate(WEEKS):
                late = n % 10 == 5 or (customer == 0 and week >= START)
                rows.append((f"a{customer}-{n}", f"C{customer}", week, "delivery" if late else None))
                rows.append((f"b{customer}-{n}", f"C{customer}", week, "price" if n % 5 == 0 else None))
        frame = pd.DataFrame(rows, columns=["feedback_id", "customer_id", "week", "theme"])
        connection.register("written", frame)
        connection.execute("""
            create schema int;
            create table int.int_feedback_theme as
                select feedback_id, customer_id, week, 'shop' as touchpoint, theme, 0.5 as weight, true as is_nearest
                from written;
            create table int.int_customer as
                select distinct customer_id, if(customer_id < 'C5', 'north', 'south') as region,
                    null::varchar as segment, null::varchar as plan
                from written;
            create table int.int_feedback_scored as
                select feedback_id, feedback_id as text_id, true as is_known_now,
                    customer_id, week, 'shop' as touchpoint,
                    null::double as score, null::double as scale_min, null::double as scale_max,
                    case when feedback_id like '%-7' then -1 else -0.2 end as sentiment
                from written;
            insert into ml.texts
                select feedback_id, 'r', 'en', 'It came far too late, number ' || feedback_id from written;
            insert into ml.themes by name
                select unnest(['delivery', 'price']) as theme, 'en' as language, theme as name;
        """)
        dbt_views.create(connection, *dbt_views.COMPARED)
        yield connection


def growth(work, *subjects, **changes):
    found = [CONTRADICTION | {"level": level, "subject": subject} | changes for level, subject in subjects]
    columns = ["level", "subject", *CONTRADICTION]
    return detect_themes.growth(work, pd.DataFrame(found, columns=columns), AS_OF)


def test_a_case_says_what_grew_against_its_own_past_and_its_peers(work):
    evidence, _ = growth(work, ("customer", "C0"), ("customer", "C1"))
    told = evidence[evidence["part"] == "theme"]
    assert told["sentence"].str.replace("\xa0", " ").tolist() == [
        "Delivery: 10 of 20 texts since 22 December 2025, 5 of 100 before; others from 5 % to 5 %.",
        "No theme grew beyond chance (20 texts since 22 December 2025, 100 before).",
    ]
    assert told["theme"].tolist()[0] == "delivery"
    assert told["low"].iloc[0] > 0


def test_examples_are_of_that_theme_since_the_start_and_not_the_most_shrill(work):
    evidence, _ = growth(work, ("customer", "C0"))
    shown = evidence.loc[evidence["part"] == "theme_item", "name"].tolist()
    assert len(shown) == 3
    assert set(shown) <= {f"a0-{n}" for n in range(10) if n != 7}


def test_what_grew_everywhere_is_not_what_a_subject_is_about(work):
    work.execute(
        "update int.int_feedback_theme set theme = 'price' where feedback_id like 'b%' and week >= '2025-12-22'"
    )
    evidence, company = growth(work, ("customer", "C1"), ("region", "north"))
    assert set(evidence["sentence"].str[:8]) == {"No theme"}
    assert company.set_index("theme")["has_grown"].to_dict() == {"delivery": False, "price": True}


def test_the_company_has_only_its_own_past(work):
    evidence, _ = growth(work, ("company", "Lumen"))
    (sentence,) = evidence.loc[evidence["part"] == "theme", "sentence"]
    assert sentence == "Delivery: 19 of 200 texts since 22 December 2025, 50 of 1,000 before."


def test_too_few_texts_say_so(work):
    work.execute("delete from int.int_feedback_theme where customer_id = 'C0' and week < '2025-12-15'")
    work.execute("delete from int.int_feedback_theme where customer_id = 'C1'")
    evidence, _ = growth(work, ("customer", "C0"), ("customer", "C1"))
    assert evidence["sentence"].tolist() == [
        "Too little evidence to say: 20 texts since 22 December 2025, 2 before.",
        "Too little evidence to say: 0 texts since 22 December 2025, 0 before.",
    ]


def test_only_what_is_surfaced_or_explained_is_told(work):
    assert len(growth(work, ("customer", "C0"), is_surfaced=False)[0]) == 0
    assert len(growth(work, ("customer", "C0"), is_surfaced=False, explained_by="mix")[0]) == 4


def test_a_touchpoint_is_compared_with_the_others(work):
    work.execute("update int.int_feedback_theme set touchpoint = 'van' where customer_id = 'C0'")
    evidence, _ = growth(work, ("touchpoint", "van"))
    assert evidence["theme"].iloc[0] == "delivery"


def test_a_week_that_still_runs_is_no_evidence(work):
    work.execute("update int.int_feedback_theme set week = '2026-03-02' where week = '2026-02-23'")
    evidence, _ = growth(work, ("customer", "C0"))
    assert evidence["sentence"].iloc[0].startswith("Delivery: 9 of 18 texts")


def test_a_share_of_the_company_has_its_interval(work):
    work.execute(
        "update int.int_feedback_theme set theme = 'delivery' where feedback_id like 'a1%' and week >= $1", [START]
    )
    _, company = growth(work)
    row = company.set_index("theme").loc["delivery"]
    assert (row["n_items"], row["n_items_before"]) == (28, 50)
    assert row["share_low"] < row["share"] == 28 / 260 < row["share_high"]
    assert row["has_grown"]
    assert len(row["examples"]) == 3


def test_without_themes_nothing_is_told(work):
    work.execute("delete from ml.themes")
    assert [len(part) for part in growth(work, ("customer", "C0"))] == [0, 0]
