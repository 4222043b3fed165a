"""What stands in the marts of a planted night, built layer by layer by real dbt."""

from datetime import date, datetime

import numpy as np
import pytest
from scipy import stats
from support import planted_raw

from voc.adapters.dbt import runner
from voc.adapters.places import dbt_project
from voc.errors import GateFailed

pytestmark = pytest.mark.slow

MARTS = (
    "dim_customer", "dim_kpi", "fct_feedback", "fct_kpi_week", "fct_customer_week", "fct_contradictions",
    "fct_case_evidence", "fct_coverage", "mart_fell_silent", "mart_nobody_asked", "mart_group_week", "mart_run",
    "mart_rejects", "mart_scorer", "dim_theme", "fct_feedback_theme", "mart_theme_growth", "mart_survey_agreement",
)  # fmt: skip


def content(night, mart, columns="*"):
    return night.ask(f"select {columns} from marts.{mart} order by all")


def test_every_item_of_a_known_customer_is_there_once(built):
    assert built.ask("select count(*), count(distinct feedback_id) from marts.fct_feedback") == [(160, 160)]
    assert built.ask("select item_kind, count(*) from marts.fct_feedback group by all order by all") == [
        ("survey", 156), ("ticket", 4),
    ]  # fmt: skip


def test_a_tickets_late_satisfaction_counts_tonight_but_is_not_learned_from(built):
    assert built.ask("""
        select distinct sentiment, sentiment_at_block from int.int_feedback_scored where item_kind = 'ticket'
    """) == [(1.0, None)]


def test_rows_of_nobody_known_are_among_the_rejects_without_their_words(built):
    assert content(built, "mart_rejects", "source, line, column_name, reason, record_id, customer_id") == [
        ("bi", None, "kpi", "unknown_kpi", "unheard_of 2026-01-31", "C0"),
        ("nps", 17, "score", "not_a_number", None, None),
        ("nps", None, "customer_id", "unmatched_customer", "LOST", "C99"),
    ]


def test_no_mart_holds_a_customers_words(built):
    assert any(
        planted_raw.CANARY in text for (text,) in built.ask("select text from int.int_feedback where text is not null")
    )
    for mart in MARTS:
        assert planted_raw.CANARY not in repr(content(built, mart))
    assert built.ask("select count(safe_text) from marts.fct_feedback") == [(0,)]


def test_unmatched_rows_heal_once_their_customer_lands(copy):
    copy.change(
        "insert into raw.customers by name select 'C99' as customer_id, 'crm' as _source, 5 as _batch, 1 as _row"
    )
    copy.add_to_ledger(5, "customers", "crm", planted_raw.KNOWN_BEFORE)
    copy.rebuild()
    assert copy.ask("select customer_id from marts.fct_feedback where feedback_id = 'nps:LOST'") == [("C99",)]
    assert copy.ask("select count(*) from marts.mart_rejects where reason = 'unmatched_customer'") == [(0,)]


def test_what_lands_from_after_the_day_changes_no_mart(copy):
    before = {mart: content(copy, mart) for mart in MARTS if mart != "mart_run"}
    copy.change(f"""
        insert into raw.surveys by name
            select 'LATER' as response_id, 'C1' as customer_id, timestamp '2026-03-01 23:00:00' as responded_at,
                'nps' as survey, 0 as score, '{planted_raw.CANARY}' as comment, 'nps' as _source, 6 as _batch, 1 as _row
            union all by name
            select response_id, customer_id, responded_at, survey, 10 - score as score, comment,
                timestamp '2026-03-04' as updated_at, 'nps' as _source, 6 as _batch, 1 + _row as _row
            from raw.surveys where _batch = 2;
        insert into raw.kpis by name
            select customer_id, kpi, measured_on, value / 2 as value, 'bi' as _source, 7 as _batch, _row
            from raw.kpis where _batch = 4 and kpi <> 'unheard_of'
            union all by name
            select 'C1' as customer_id, 'on_time' as kpi, date '2026-03-02' as measured_on, 0.1 as value,
                'bi' as _source, 7 as _batch, 999 as _row;
    """)
    for batch, kind, source in ((6, "surveys", "nps"), (7, "kpis", "bi")):
        copy.add_to_ledger(batch, kind, source, datetime.fromisoformat("2026-03-05"))
    copy.rebuild()
    for mart, rows in before.items():
        assert content(copy, mart) == rows, mart


def test_a_monthly_value_is_measured_once_and_carried_four_times(built):
    assert built.ask("""
        select count(*), count(*) filter (not is_imputed) from marts.fct_kpi_week where kpi = 'spend'
    """) == [(5, 1)]


def test_a_customer_has_every_week_from_its_first_data_to_the_night(built):
    weeks = built.ask(
        "select customer_id, count(*), min(week), max(week) from marts.fct_customer_week group by all order by all"
    )
    assert ("C1", 17, date(2025, 11, 3), date(2026, 2, 23)) in weeks
    assert ("C9", 39, date(2025, 6, 2), date(2026, 2, 23)) in weeks


def test_an_interval_of_a_customers_week_takes_the_companys_spread(built):
    items = built.ask("select customer_id, sentiment from marts.fct_feedback where sentiment is not null order by all")
    values = {c: np.array([s for cc, s in items if cc == c]) for c, _ in items}
    df = sum(len(v) - 1 for v in values.values())
    variance = sum(((v - v.mean()) ** 2).sum() for v in values.values()) / df
    (n, mean, low, high) = built.ask("""
        select n_scored, sentiment, sentiment_low, sentiment_high from marts.fct_customer_week
        where n_scored = 2 order by abs(sentiment) limit 1
    """)[0]
    margin = stats.t.ppf(0.975, df) * np.sqrt(variance / n)
    assert [low, high] == pytest.approx([max(mean - margin, -1), min(mean + margin, 1)], abs=1e-4)


def test_a_groups_interval_counts_customers_and_not_their_items(built):
    rows = built.ask(
        "select customer_id, sentiment from marts.fct_feedback where week = '2026-01-05' and sentiment is not null"
    )
    values = np.array([s for _, s in rows])
    mean = values.mean()
    sums = np.array([sum(s - mean for cc, s in rows if cc == c) for c in {c for c, _ in rows}])
    g = len(sums)
    margin = stats.t.ppf(0.975, g - 1) * np.sqrt(g / (g - 1) * (sums**2).sum()) / len(values)
    found = built.ask("""
        select n_customers, n_scored, sentiment, sentiment_low, sentiment_high from marts.mart_group_week
        where level = 'company' and subject = 'Lumen' and week = '2026-01-05'
    """)[0]
    assert found[:2] == (8, len(values))
    # the quantile is an expansion: within 0.2 % of Student's at seven degrees of freedom
    assert found[2:] == pytest.approx((mean, mean - margin, mean + margin), rel=5e-3)


def test_a_group_of_fewer_than_five_heard_customers_has_no_interval(built):
    assert built.ask("""
        select distinct n_customers, sentiment_low, sentiment_high from marts.mart_group_week where subject = 'delivery'
    """) == [(4, None, None)]


def test_nobody_vanishes_from_the_coverage(built):
    states = dict(content(built, "fct_coverage", "customer_id, state"))
    assert states == {
        **dict.fromkeys(("C1", "C2"), "judged"),
        **dict.fromkeys(("C0", "C3", "C4", "C5", "C6", "C7"), "too_little_feedback"),
        "C8": "not_asked",
        "C9": "no_metric_history",
    }


def test_the_run_says_what_came_in_and_what_came_out(built):
    (row,) = built.ask("""
        select rows_landed, rows_rejected, rows_unmatched, n_customers, n_customers_judged, n_tested, n_surfaced,
            n_explained, is_calibrated, calibration_verdict, sources from marts.mart_run
    """)
    assert row[:-1] == (10 + 157 + 4 + 155, 1, 2, 10, 2, 3, 2, 1, True, "calibrated on 400 calm windows")
    assert [(s["source"], s["is_fresh"], s["rows_unmatched"]) for s in row[-1]] == [
        ("crm", True, 0), ("bi", True, 1), ("nps", True, 1), ("desk", True, 0),
    ]  # fmt: skip


def test_a_contradiction_keeps_its_id_and_its_price(built):
    assert content(built, "fct_contradictions", "subject, contradiction_id, value_at_stake, as_of") == [
        ("C1", "1e66e695e473aac9b646dd3c0d9b3df9", 75.0, planted_raw.AS_OF),
        ("C2", "c12704e16c207e15c354a6fd2d3662a9", 160.0, planted_raw.AS_OF),
        ("smb", "46e51f5985869cd6a48a97f7cdd4f379", 750.0, planted_raw.AS_OF),
    ]


def test_evidence_leads_from_a_contradiction_to_its_open_case(built):
    assert built.ask("""
        select found.subject, case_id, part, count(*)
        from marts.fct_case_evidence inner join marts.fct_contradictions as found using (contradiction_id)
        group by all order by all
    """) == [
        ("C1", "c1", "item", 1), ("C1", "c1", "kpi", 1), ("C1", "c1", "rival", 1), ("C1", "c1", "story", 2),
        ("C1", "c1", "theme", 1), ("C1", "c1", "theme_item", 1),
        ("C2", None, "rival", 1), ("smb", None, "member", 1),
    ]  # fmt: skip


def test_evidence_of_a_contradiction_that_is_not_there_stops_the_night(copy):
    copy.change("insert into ml.evidence select * replace ('C7' as subject) from ml.evidence where part = 'kpi'")
    with pytest.raises(GateFailed, match="relationships_fct_case_evidence_contradiction_id"):
        runner.build(copy.warehouse, "marts", project=dbt_project(), scratch=copy.scratch)


def test_stories_that_do_not_share_one_whole_stop_the_night(copy):
    copy.change("update ml.evidence set value = 0.3 where name = 'nothing happened'")
    with pytest.raises(GateFailed, match="stories_weigh_one_together"):
        runner.build(copy.warehouse, "marts", project=dbt_project(), scratch=copy.scratch)


def test_whom_nobody_ever_asked_is_listed_and_who_spoke_since_is_not(built):
    assert content(built, "mart_nobody_asked", "customer_id, kpi, n_items_before, last_invited_at") == [
        ("C8", "on_time", 0, None), ("C9", "on_time", 0, None),
    ]  # fmt: skip
    assert content(built, "mart_fell_silent") == []


def test_who_talked_every_week_and_stops_fell_silent_unless_the_feed_is_late(copy):
    copy.change("""
        insert into raw.surveys by name
            select 'O' || w as response_id, 'C9' as customer_id, 'nps' as survey, 8 as score, 'old' as _source,
                timestamp '2025-06-03 12:00:00' + to_days(cast(7 * w as integer)) as responded_at, 8 as _batch,
                w as _row
            from range(20) as t(w)
            union all by name
            select 'E' as response_id, 'C9' as customer_id, 'nps' as survey, timestamp '2026-02-03' as responded_at,
                'old' as _source, 8 as _batch, 20 as _row;
        insert into raw.config_sources values ('old', 'surveys', 0, 10, null);
    """)
    copy.add_to_ledger(8, "surveys", "old", planted_raw.KNOWN_BEFORE)
    copy.rebuild()
    assert content(copy, "mart_fell_silent", "customer_id, n_items_before, last_feedback_at, was_asked") == [
        ("C9", 20, datetime.fromisoformat("2025-10-14 12:00"), True)
    ]
    assert content(copy, "mart_nobody_asked", "customer_id") == [("C8",)]
    copy.change("update raw.config_sources set fresh_within_hours = 48 where source = 'old'")
    copy.rebuild()
    assert content(copy, "mart_fell_silent") == []
    assert content(copy, "mart_nobody_asked", "customer_id") == [("C8",)]
