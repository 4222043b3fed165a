"""The input contract through a whole night and the next: a small company with every kind of awkward file."""

from datetime import date

import duckdb
import pytest
import yaml

from voc import app
from voc.settings import template

pytestmark = pytest.mark.slow

AS_OF = date(2026, 3, 1)  # a Sunday


def ask(outcome, query):
    with duckdb.connect(str(outcome.path), read_only=True) as marts:
        return marts.execute(query).fetchall()


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Two nights of the same day: the second with one customers file more and a mended option."""
    folder = tmp_path_factory.mktemp("contract")
    path = template.write(folder)
    said = yaml.safe_load(path.read_text())
    said["sources"]["customers"][0]["columns"] = {"Account": "customer_id"}
    said["sources"]["surveys"].append({"name": "schools", "path": "inbox/school*.csv", "scale": [6, 1]})
    said["sources"]["tickets"][0]["path"] = "inbox/tickets*.jsonl"
    said["sources"]["kpis"].append({"name": "erp", "path": "inbox/erp*.csv"})
    kpi = said["kpis"]["on_time_rate"]
    said["kpis"] |= {
        "spend": {"label": "Spend", "unit": "money", "better": "higher", "cadence": "monthly", "combine": "last"},
        "calls": {"label": "Calls", "unit": "count", "better": "lower", "cadence": "daily", "combine": "sum"},
        "on_time_rate": {**kpi, "touchpoint": "delivery"},
    }
    path.write_text(yaml.safe_dump(said))
    files = {
        # a BOM, a renamed column, a churn that is not known yet
        "customers.csv": "\ufeffname,Account,signed_up_on,churned_on\n"
        "Bakker,A,2026-01-05,2026-04-01\nVos,B,2026-01-05,2026-02-04\n",
        # 23:30 UTC on Sunday the 8th is Monday the 9th in Amsterdam; one answer comes twice, later corrected
        "surveys.csv": "response_id,customer_id,responded_at,survey,score,scale_min,scale_max,comment,updated_at\n"
        "1,A,2026-02-08T23:30:00Z,nps,9,0,10,,\n"
        "2,A,2026-02-10T12:00:00Z,nps,2,0,10,bad,2026-02-10T12:00:00Z\n"
        "2,A,2026-02-10T12:00:00Z,nps,8,0,10,good,2026-02-12T12:00:00Z\n"
        "3,A,2026-02-11T12:00:00Z,nps,,0,10,,\n"
        "4,Z,2026-02-11T12:00:00Z,nps,5,0,10,,\n"
        "5,A,2026-03-02T12:00:00Z,nps,0,0,10,,\n",
        "school.csv": "response_id;customer_id;responded_at;survey;score\n1;B;2026-01-20 10:00;marks;1\n",
        "tickets.jsonl": '{"ticket_id": 7, "customer_id": "A", "opened_at": "2026-02-20T10:00:00+01:00", '
        '"solved_at": "2026-03-05T10:00:00Z", "status": "solved", "subject": "Broken", "body": "It is terrible"}\n',
        # a value restated in time, one too late, an empty reading
        "kpis.csv": "customer_id,kpi,measured_on,value,known_at\n"
        "A,on_time_rate,2026-02-01,0.80,\nA,on_time_rate,2026-02-01,0.90,2026-02-20T00:00:00Z\n"
        "A,on_time_rate,2026-02-08,0.70,\nA,on_time_rate,2026-02-08,0.60,2026-03-09T00:00:00Z\n"
        "A,on_time_rate,2026-02-15,,\nA,spend,2026-01-31,100,\n"
        "A,calls,2026-02-16,2,\nA,calls,2026-02-18,3,\nA,margin,2026-02-18,3,\n",
        "erp.csv": "customer_id,kpi,measured_on,value\n"
        + "".join(f'A,calls,2026-01-{1 + i % 31:02d},"1,{i}"\n' for i in range(150)),
    }
    for name, content in files.items():
        (folder / "inbox" / name).write_text(content, encoding="utf-8")
    first = app.run(app.open_project(path), AS_OF)

    (folder / "inbox" / "customers2.csv").write_text("name,Account\nZwart,Z\n")
    said["sources"]["kpis"][1]["decimal"] = ","
    path.write_text(yaml.safe_dump(said))
    return first, app.run(app.open_project(path), AS_OF)


def test_feedback_is_known_at_its_time_scaled_and_in_the_companys_week(company):
    rows = ask(company[0], "select feedback_id, week, score_01 from marts.fct_feedback order by feedback_id")
    assert rows == [
        ("desk:7", date(2026, 2, 16), None),
        ("nps:1", date(2026, 2, 9), 0.9),
        ("nps:2", date(2026, 2, 9), 0.8),
        ("nps:3", date(2026, 2, 9), None),
        ("schools:1", date(2026, 1, 19), 1.0),
    ]


def test_an_answer_without_a_reading_has_no_sentiment_and_words_have_one(company):
    scored = dict(ask(company[0], "select feedback_id, sentiment from marts.fct_feedback"))
    assert scored["nps:3"] is None
    assert scored["desk:7"] < 0 < scored["nps:2"]


def test_a_kpi_counts_as_it_was_known_and_imputed_weeks_are_marked(company):
    rows = ask(
        company[0],
        "select kpi, week, value, is_imputed from marts.fct_kpi_week where customer_id = 'A' order by kpi, week",
    )
    assert [row for row in rows if row[0] == "on_time_rate"] == [
        ("on_time_rate", date(2026, 1, 26), 0.9, False),
        ("on_time_rate", date(2026, 2, 2), 0.7, False),
        ("on_time_rate", date(2026, 2, 9), None, False),
    ]
    assert [row for row in rows if row[0] == "calls"] == [("calls", date(2026, 2, 16), 5.0, False)]
    spend = [row for row in rows if row[0] == "spend"]
    assert {row[2] for row in spend} == {100.0}
    assert [row[1] for row in spend if not row[3]] == [date(2026, 1, 26)]
    assert [row[1] for row in spend if row[3]] == [date(2025, 12, 29), *(date(2026, 1, d) for d in (5, 12, 19))]


def test_a_customer_has_a_row_for_every_week_from_its_first_data_and_silence_is_null(company):
    weeks = ask(
        company[0],
        "select customer_id, count(*), count(sentiment), min(week), max(week) from marts.fct_customer_week "
        "group by all order by all",
    )
    assert weeks == [
        ("A", 5, 2, date(2026, 1, 26), date(2026, 2, 23)),
        ("B", 3, 1, date(2026, 1, 19), date(2026, 2, 2)),
    ]
    assert ask(company[0], "select customer_id, is_churned from marts.dim_customer order by all") == [
        ("A", False), ("B", True),
    ]  # fmt: skip


def test_what_is_not_landed_or_not_matched_is_named_and_the_night_goes_on(company):
    reasons = dict(ask(company[0], "select reason, count(*) from marts.mart_rejects group by all"))
    assert reasons["not_a_number"] == 150
    assert (reasons["unmatched_customer"], reasons["unknown_kpi"]) == (1, 1)
    assert any("erp.csv" in line and "quarantined" in line for line in company[0].warnings)
    assert ask(company[0], "select n_files_quarantined, rows_rejected from marts.mart_run") == [(1, 150)]


def test_the_next_night_heals_what_was_unmatched_and_what_a_setting_had_broken(company):
    feedback = ask(company[1], "select count(*) from marts.fct_feedback where customer_id = 'Z'")
    reasons = dict(ask(company[1], "select reason, count(*) from marts.mart_rejects group by all"))
    calls = ask(company[1], "select count(*) from marts.fct_kpi_week where kpi = 'calls' and week < '2026-02-01'")
    assert feedback == [(1,)]
    assert reasons == {"unknown_kpi": 1}
    assert calls == [(5,)]
    assert company[1].run_id != company[0].run_id
