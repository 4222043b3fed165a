"""A small company, landed by hand in a real work file: what dbt builds from it can be counted on one's fingers."""

from datetime import date, datetime
from pathlib import Path

import duckdb

from voc.adapters.work_file.schema import ddl
from voc.domain.kinds import CLAIMS

AS_OF = date(2026, 3, 1)
KNOWN_BEFORE, LEARN_BEFORE = datetime.fromisoformat("2026-03-01T23:00"), datetime.fromisoformat("2026-02-15T23:00")
CANARY = "xylophone"
"""Stands in every customer's words; no mart and no message may hold it."""


def plant(path: Path) -> None:
    """A work file at ``path`` with ten customers, two silent ones among them, and rows of nobody known."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as work:
        work.execute("set TimeZone = 'UTC'")
        work.execute(ddl())
        work.execute("insert into raw.config_company values ('Lumen', 'Europe/Amsterdam', 'EUR')")
        work.execute(
            "insert into raw.config_run values ('r1', ?, ?, ?, ?, null, 28)",
            [AS_OF, KNOWN_BEFORE, LEARN_BEFORE, KNOWN_BEFORE],
        )
        work.executemany(
            "insert into raw.config_kinds values (?, ?)",
            [(str(kind), str(claim.size_of)) for kind, claim in CLAIMS.items()],
        )
        work.execute(f"""
            insert into raw.config_sources values
                ('crm', 'customers', null, null, null), ('nps', 'surveys', 0, 10, 240),
                ('desk', 'tickets', 1, 5, null), ('bi', 'kpis', null, null, null);
            insert into raw.config_kpis values
                ('on_time', 'On time', 'share', 'higher', 'weekly', 'mean', 0.95, null, 'delivery'),
                ('spend', 'Spend', 'money', 'higher', 'monthly', 'last', null, null, null);
            insert into raw.customers by name
                select 'C' || i as customer_id, 'Customer ' || i as name, if(i < 6, 'smb', 'large') as segment,
                    date '2025-06-02' as signed_up_on, 100.0 * i as monthly_revenue, 'en' as locale,
                    'crm' as _source, 1 as _batch, i as _row
                from range(10) as t(i);
            -- eight customers answer every week, twice where their number is even
            insert into raw.surveys by name
                select 'S' || row_number() over () as response_id, 'C' || i as customer_id,
                    timestamp '2025-12-01 12:00:00' + to_days(cast(7 * w + day as integer)) as responded_at,
                    'nps' as survey, (3 * i + 5 * w + day) % 11 as score, '{CANARY} good service' as comment,
                    'nps' as _source, 2 as _batch, row_number() over () as _row
                from range(8) as c(i), range(13) as t(w), range(2) as d(day) where day = 0 or i % 2 = 0;
            insert into raw.tickets by name
                select 'T' || i as ticket_id, 'C' || i as customer_id, timestamp '2026-01-05 09:00:00' as opened_at,
                    timestamp '2026-02-20 09:00:00' as solved_at, 5 as satisfaction, 'delivery' as touchpoint,
                    'desk' as _source, 3 as _batch, i as _row
                from range(4) as t(i);
            insert into raw.surveys by name
                select 'LOST' as response_id, 'C99' as customer_id, timestamp '2026-02-02 09:00:00' as responded_at,
                    'nps' as survey, 3 as score, '{CANARY}' as comment, 'nps' as _source, 2 as _batch, 900 as _row;
            insert into raw.kpis by name
                select 'C' || i as customer_id, 'on_time' as kpi,
                    date '2025-11-03' + cast(7 * w as integer) as measured_on, 0.9 as value,
                    'bi' as _source, 4 as _batch, row_number() over () as _row
                from range(10) as c(i), range(17) as t(w) where i <> 9;
            insert into raw.kpis by name
                select 'C0' as customer_id, kpi, date '2026-01-31' as measured_on, 50 as value,
                    'bi' as _source, 4 as _batch, 900 as _row
                from (values ('spend'), ('unheard_of')) as t(kpi);
            insert into raw.rejects values (2, 17, 'score', 'not_a_number', '{CANARY}');
        """)
        for batch, kind, source in (
            (1, "customers", "crm"),
            (2, "surveys", "nps"),
            (3, "tickets", "desk"),
            (4, "kpis", "bi"),
        ):
            ledger(work, batch, kind, source)


def ledger(
    work: duckdb.DuckDBPyConnection, batch: int, kind: str, source: str, landed_at: datetime = KNOWN_BEFORE
) -> None:
    """Writes the ledger's row of an accepted file, with as many rows as raw holds of it."""
    work.execute(
        f"""insert into raw.ledger
        select ?, ?, ?, source || '.csv', 'sha', 'o', 'accepted', null, ?, n, n, 0, 0, 0, null, null
        from (select ? as source, count(*) as n from raw.{kind} where _batch = ?)""",
        [batch, source, kind, landed_at, source, batch],
    )


def score(path: Path) -> None:
    """What the score step would write: one tone for every text, about delivery where it is C0's or C1's."""
    with duckdb.connect(str(path)) as work:
        work.execute("""
            insert into ml.text_scores
            select text_id, 'planted', 'en', 3, 1, 0.4, 0.5, null from int.int_text
            anti join ml.text_scores using (text_id);
            insert or replace into ml.themes values
                ('delivery', 'en', 'themes-1', 'delivery', ['courier'], true, false),
                ('en: dog', 'en', 'themes-1', 'dog', ['dog'], false, true);
            insert or replace into ml.text_themes
            select
                text_id, 'themes-1', if(customer_id in ('C0', 'C1'), 'delivery', null), 0.5,
                if(customer_id = 'C0', 'en: dog', null), 0.3
            from int.int_text;
        """)


def detect(path: Path) -> None:
    """What the detect step would write: a customer's contradiction, a segment's and one that is explained, with their
    evidence; two customers judged; a metric of three that worsens."""
    with duckdb.connect(str(path)) as work:
        work.execute("""
            delete from ml.contradictions;
            insert into ml.contradictions by name
                select 'customer' as level, 'C1' as subject, 'C1' as customer_id, 'on_time' as kpi,
                    'watermelon' as kind, date '2026-01-05' as started_week, -0.6 as sentiment_change,
                    0.01 as p_value, 0.25 as q_value,
                    2.0 as score, true as is_surfaced, ['spend'] as agreeing_kpis, 'metric' as presumed_wrong
                union all by name
                select 'segment' as level, 'smb' as subject, 'watermelon' as kind, date '2026-01-05' as started_week,
                    0.5 as q_value, 1.0 as score, true as is_surfaced
                union all by name
                select 'customer' as level, 'C2' as subject, 'C2' as customer_id, 'on_time' as kpi,
                    'watermelon' as kind, 0.2 as q_value, 1.5 as score, false as is_surfaced,
                    'other respondents' as explained_by;
            delete from ml.evidence;
            insert into ml.evidence by name
                select 'customer' as level, 'C1' as subject, 'on_time' as kpi, 'watermelon' as kind, part, position,
                    week, name, value, verdict, sentence, theme
                from (values
                    ('kpi', 1, date '2026-01-05', 'on_time', 0.9, null, null, null),
                    ('item', 1, null, 'nps:S13', 0.4, null, null, null),
                    ('story', 1, null, 'nothing happened', 0.25, null, null, null),
                    ('story', 2, null, 'only the customer fell', 0.75, null, null, null),
                    ('rival', 1, null, 'few items', 12, 'ruled_out', '12 items are not few.', null),
                    ('theme', 0, null, 'delivery', 1.5, null, 'Delivery: 9 of 9 texts.', 'delivery'),
                    ('theme_item', 0, null, 'nps:S13', null, null, null, 'delivery')
                ) as t(part, position, week, name, value, verdict, sentence, theme)
                union all by name
                select 'segment' as level, 'smb' as subject, 'watermelon' as kind, 'member' as part, 1 as position,
                    'C1' as name, 0.5 as value
                union all by name
                select 'customer' as level, 'C2' as subject, 'on_time' as kpi, 'watermelon' as kind, 'rival' as part,
                    1 as position, 'other respondents' as name, 'explains' as verdict, 'Others speak.' as sentence;
            delete from ml.kpi_moves;
            insert into ml.kpi_moves
                select customer_id, 'on_time', date '2026-01-12', 0.9, 0.8, -3 from (values ('C1'), ('C8'), ('C9'))
                    as t(customer_id);
            delete from ml.theme_growth;
            insert into ml.theme_growth by name
                select 'delivery' as theme, 9 as n_items, 2 as n_items_before, 0.5 as share, 0.3 as share_low,
                    0.7 as share_high, 0.1 as share_before, 0.01 as p_value, true as has_grown, ['nps:S13'] as examples;
            delete from ml.judgements;
            insert into ml.judgements values
                ('C1', 'judged', 'judged'), ('C2', 'judged', 'judged'), ('C3', 'too_little_feedback', '3 items before');
            delete from ml.calibration;
            insert into ml.calibration values (2, 400, true, 'calibrated on 400 calm windows');
        """)


def case(path: Path) -> None:
    """What the case step would write: one open case and the trust of every metric, nobody having looked yet."""
    with duckdb.connect(str(path)) as work:
        work.execute("""
            delete from ml.cases;
            insert into ml.cases by name
                select 'c1' as case_id, 'customer' as level, 'C1' as subject, 'C1' as customer_id, 'on_time' as kpi,
                    'watermelon' as kind, 'cx@lumen.example' as owner_email, 'fallback' as owner_why, 'open' as state,
                    date '2026-03-01' as opened_on, date '2026-03-15' as due_on, date '2026-03-01' as last_seen_on,
                    date '2026-01-05' as started_week, -0.6 as size, -0.8 as size_low, -0.4 as size_high,
                    75.0 as value_at_stake, 'Because.' as reason;
            delete from ml.kpi_trust;
            insert into ml.kpi_trust select kpi, 0, 0, 0, 0.5, 0.025, 0.975 from raw.config_kpis;
        """)
