"""An ordinary company as rows that every door lets through, and the faults that each door is there to stop."""

MANY = "from range(1000)"

# An ordinary company: silent weeks, empty optional columns, a KPI at exactly 0 and 1, a finding without a KPI.
ORDINARY = """
create schema marts;
insert into raw.config_kpis (kpi, unit) values ('on_time', 'share'), ('disputes', 'count'), ('reply', 'hours');
insert into raw.customers (customer_id, name, monthly_revenue, acquisition_cost, gross_margin_pct, signed_up_on,
    churned_on, owner_email, _source, _batch, _row)
values ('c1', 'Ada', 120.5, 0, 100, '2024-01-01', '2024-01-01', 'kam@lumen.example', 'crm', 1, 1),
       ('c2', null, null, null, -20, null, null, null, 'crm', 1, 2);
insert into raw.surveys (response_id, customer_id, responded_at, score, scale_min, scale_max, _source, _batch, _row)
values ('r1', 'c1', '2026-01-05 10:00', 10, 0, 10, 'nps', 2, 1),
       ('r2', 'c1', '2026-01-06', null, null, null, 'nps', 2, 2);
insert into raw.tickets (ticket_id, customer_id, opened_at, solved_at, reopens, updated_at, _source, _batch, _row)
values ('t1', 'c1', '2026-01-05', '2026-01-05', 0, '2026-01-05', 'desk', 3, 1),
       ('t1', 'c1', '2026-01-05', '2026-01-07', 1, '2026-01-07', 'desk', 3, 2),
       ('t2', 'c2', '2026-01-08', null, null, null, 'desk', 3, 3);
insert into raw.kpis (customer_id, kpi, measured_on, value, _source, _batch, _row)
values ('c1', 'on_time', '2026-01-05', 0, 'bi', 4, 1), ('c1', 'on_time', '2026-01-12', 1, 'bi', 4, 2),
       ('c1', 'reply', '2026-01-05', 47.5, 'bi', 4, 3), ('c1', 'reply', '2026-01-12', null, 'bi', 4, 4),
       ('c1', 'nobody_declared_it', '2026-01-05', -3, 'bi', 4, 5);
create table marts.dim_customer as from (values ('c1', false, 120.5), ('c2', true, null))
    t(customer_id, is_churned, monthly_revenue);
create table marts.dim_kpi as from (values ('on_time', 'share', 'higher', 'weekly', 0.95),
    ('reply', 'hours', 'lower', 'daily', 4), ('spend', 'money', 'higher', 'monthly', null))
    t(kpi, unit, better, cadence, target);
create table marts.fct_feedback as from (values
    ('nps:r1', 'nps', 'c1', timestamp '2026-01-05', date '2026-01-05', 1.0::double, 1.0::double, 0.1::double,
     null::varchar),
    ('nps:r2', 'nps', 'c1', '2026-01-06', '2026-01-05', null, null, null, null))
    t(feedback_id, source, customer_id, said_at, week, score_01, sentiment, sentiment_se, safe_text);
create table marts.fct_kpi_week as from (values ('c1', 'on_time', date '2026-01-05', 1.0, false, true),
    ('c1', 'on_time', '2026-01-12', null, false, false)) t(customer_id, kpi, week, value, is_imputed, is_complete);
create table marts.fct_customer_week as from (values
    ('c1', date '2026-01-05', true, 2, 1.0::double, 0.4::double, 1.0::double),
    ('c1', '2026-01-12', false, 0, null, null, null),
    ('c2', '2026-01-05', true, 1, null, null, null))
    t(customer_id, week, is_complete, n_feedback, sentiment, sentiment_low, sentiment_high);
create table marts.fct_contradictions as from (values
    ('a', 'customer', 'c1', 'c1', 'on_time', 'watermelon', date '2026-01-05', date '2026-01-11', 0.001::double,
     0.01::double, true, 'metric', null),
    ('b', 'segment', 'smb', null, null, 'silent_risk', null, '2026-01-11', null, null, false, null, 'mix'))
    t(contradiction_id, level, subject, customer_id, kpi, kind, started_week, as_of, p_value, q_value, is_surfaced,
      presumed_wrong, explained_by);
create table marts.fct_case_evidence as from (values
    ('a', 'story', 1, null::date, 'nothing happened', 1.0::double, null::double, null::double, null, null),
    ('a', 'kpi', 1, '2026-01-05', 'on_time', 97.0, null, null, null, null),
    ('a', 'sentiment', 1, '2026-01-05', null, -0.2, -0.4, 0.0, null, null),
    ('b', 'rival', 1, null, 'mix', 2.1, null, null, 'explains', 'Others speak.'))
    t(contradiction_id, part, position, week, name, value, low, high, verdict, sentence);
create table marts.mart_fell_silent as from (values
    ('c1', 'on_time', date '2026-01-05', -2.0::double, 12, timestamp '2025-11-24', false))
    t(customer_id, kpi, started_week, moved, n_items_before, last_feedback_at, was_asked);
create table marts.mart_nobody_asked as from (values ('c2', 'on_time', date '2026-01-05', -2.5::double, 0))
    t(customer_id, kpi, started_week, moved, n_items_before);
create table marts.fct_cases as from (values
    ('a1', 'customer', 'c1', 'cx@lumen.example', 'open', date '2026-01-11', date '2026-01-25'),
    ('b2', 'segment', 'smb', 'cx@lumen.example', 'cleared', '2026-01-04', '2026-01-18'))
    t(case_id, level, subject, owner_email, state, opened_on, due_on);
create table marts.mart_kpi_trust as from (values ('on_time', 2, 1, 0.4::double, 0.1::double, 0.8::double),
    ('disputes', 0, 0, 0.5, 0.025, 0.975)) t(kpi, n_verdicts, n_metric_wrong, trust, trust_low, trust_high);
create table marts.mart_scorer as from (values
    ('nps', 'nps', 'en', 'ratings', 1200, 0.95::double, 0.02::double), ('desk', '', '', 'lexicon', 0, null, null))
    t(source, question, language, basis, n_labels, auc, calibration_error);
create table marts.fct_coverage as from (values ('c1', 'judged', 5, 7), ('c2', 'churned', 0, 0))
    t(customer_id, state, n_items_recent, n_items_before);
create table marts.mart_group_week as from (values
    ('company', 'Lumen', date '2026-01-05', 3, 0.5::double, 0.1::double, 0.9::double),
    ('plan', 'basic', '2026-01-05', 1, null, null, null))
    t(level, subject, week, n_feedback, sentiment, sentiment_low, sentiment_high);
create table marts.mart_run as from (values ('2026-01-11-ab', date '2026-01-11', 9, 0, 0, 1, 4, 3, 1))
    t(run_id, as_of, rows_landed, rows_rejected, rows_unmatched, n_customers_judged, n_tested, n_surfaced,
      n_explained);
create table marts.mart_rejects (source varchar, reason varchar);
create table marts.dim_theme as from (values ('delivery', 'delivery', false), ('en: dog', 'dog', true))
    t(theme, name, is_new);
create table marts.fct_feedback_theme as from (values ('nps:r1', 'delivery', 0.4::double), ('nps:r1', 'en: dog', 1))
    t(feedback_id, theme, weight);
create table marts.mart_theme_growth as from (values
    ('delivery', 5, 0, 0.5::double, 0.2::double, 0.8::double, 0::double, 0.01::double, true),
    ('en: dog', 0, 0, 0, 0, 0.2, 0, null, false))
    t(theme, n_items, n_items_before, share, share_low, share_high, share_before, p_value, has_grown);
create table marts.mart_survey_agreement as from (values
    ('nps', 'nps', 9, 0, 0::double, 0::double, 0.3::double, false), ('nps', 'csat', 40, 20, 0.5, 0.35, 0.65, true))
    t(source, survey, n_answers, n_at_odds, share_at_odds, share_low, share_high, is_misleading);
"""

# What each door is there to stop, `set` being an update of its table; together these break every rule of the suite.
FAULTS = {
    "landed_customers": [
        "set customer_id = null, monthly_revenue = -1, acquisition_cost = -1, gross_margin_pct = 101",
        "set customer_id = 'c1', churned_on = '2020-01-01', signed_up_on = '2021-01-01', owner_email = 'Bo'",
    ],
    "landed_surveys": [
        "set response_id = null, customer_id = null, responded_at = null",
        "set response_id = 'r1', responded_at = '1970-01-01', scale_min = null, scale_max = null, score = 3",
        f"insert into raw.surveys (score, _source, _batch, _row) select 5, 'nps', 2, 9 {MANY};"
        " delete from raw.surveys where score = 10",
        f"insert into raw.surveys (_source, _batch, _row) select 'nps', 2, 9 {MANY};"
        " update raw.surveys set score = null",
    ],
    "landed_tickets": [
        "set ticket_id = null, customer_id = null, opened_at = null, reopens = -1, replies = -1",
        "set ticket_id = 't', updated_at = null, opened_at = '1970-01-02', solved_at = '1970-01-01'",
    ],
    "landed_kpis": [
        "set customer_id = null, kpi = null, measured_on = null",
        "set value = value * 100, measured_on = '1900-01-01'",
        "set kpi = 'disputes', value = -1",
        f"insert into raw.kpis (_source, _batch, _row) select 'bi', 4, 9 {MANY}; update raw.kpis set value = null",
    ],
    "marts_dim_customer": [
        "set customer_id = null, is_churned = null, monthly_revenue = -1",
        "set customer_id = 'c1'",
    ],
    "marts_dim_kpi": [
        "set kpi = null, unit = null, better = null, cadence = null",
        "set kpi = 'on_time', target = 95",
        "set unit = 'furlong', better = 'sideways', cadence = 'yearly'",
    ],
    "marts_fct_feedback": [
        "set feedback_id = null, source = null, customer_id = null, said_at = null, week = null",
        "set feedback_id = 'x', score_01 = 1.1, sentiment = -1.1, sentiment_se = -1, safe_text = 'ada@mail.example'",
    ],
    "marts_fct_kpi_week": [
        "set customer_id = null, kpi = null, is_imputed = null, is_complete = null",
        "set week = null",
    ],
    "marts_fct_customer_week": [
        "set customer_id = null, week = null, is_complete = null, n_feedback = null",
        "set week = '2026-01-05', sentiment = 2, sentiment_low = 3, sentiment_high = -2",
    ],
    "marts_fct_contradictions": [
        "set contradiction_id = null, level = null, subject = null, kind = null, as_of = null, is_surfaced = null",
        "set contradiction_id = 'a', kind = 'x', started_week = '2027-01-04', p_value = 2,"
        " q_value = -1, presumed_wrong = 'feedback'",
        "set customer_id = if(level = 'customer', null, 'c1'), q_value = null",
        "set level = 'galaxy', explained_by = 'mix'",
    ],
    "marts_fct_case_evidence": [
        "set contradiction_id = null, part = null, position = null, verdict = 'maybe', low = 1, high = 0",
        "set contradiction_id = 'a', part = 'story', position = 1, value = 1.5",
        "set part = 'rumour'",
        "set verdict = null, sentence = null",
    ],
    "marts_mart_fell_silent": [
        "set customer_id = null, kpi = null, started_week = null, moved = null, n_items_before = 3,"
        " last_feedback_at = null, was_asked = null",
        "set moved = 0; insert into marts.mart_fell_silent from marts.mart_fell_silent",
    ],
    "marts_mart_nobody_asked": [
        "set customer_id = null, kpi = null, started_week = null, moved = null, n_items_before = -1",
        "set moved = 0; insert into marts.mart_nobody_asked from marts.mart_nobody_asked",
    ],
    "marts_fct_coverage": [
        "set customer_id = null, state = null, n_items_recent = -1, n_items_before = -1",
        "set customer_id = 'c1', state = 'lost'",
    ],
    "marts_fct_cases": [
        "set case_id = null, owner_email = null, state = 'forgotten', due_on = '2020-01-01'",
        "set case_id = 'a1', level = 'customer', subject = 'c1'",
    ],
    "marts_mart_kpi_trust": ["set kpi = 'on_time', n_metric_wrong = 9, trust = 2, trust_low = 0.9, trust_high = 0.1"],
    "marts_mart_scorer": [
        "set source = 'nps', question = '', language = 'en', basis = 'hearsay', n_labels = -1, auc = 1.1",
        "set source = null, calibration_error = 2",
    ],
    "marts_mart_group_week": [
        "set level = null, subject = null, week = null",
        "set level = 'galaxy', subject = 'x', n_feedback = 0, sentiment = 2, sentiment_low = 3, sentiment_high = 1",
    ],
    "marts_mart_run": [
        "insert into marts.mart_run from marts.mart_run",
        "set run_id = null, as_of = null, rows_landed = -1, rows_rejected = -1, rows_unmatched = -1,"
        " n_customers_judged = -1, n_surfaced = 5, n_explained = 5",
    ],
    "marts_dim_theme": ["set theme = null, name = null, is_new = null", "set theme = 'delivery'"],
    "marts_fct_feedback_theme": [
        "set feedback_id = null, theme = null, weight = 1.1",
        "set theme = 'delivery'",
    ],
    "marts_mart_theme_growth": [
        "set theme = null, n_items = -1, n_items_before = -1, share = 2, share_before = -1, share_low = 1,"
        " share_high = 0, p_value = 2, has_grown = null",
        "set theme = 'delivery'",
    ],
    "marts_mart_survey_agreement": [
        "set source = null, survey = null, n_answers = 0, share_at_odds = 2, share_low = 1, share_high = 0,"
        " is_misleading = null",
        "set survey = 'nps', n_at_odds = -1",
        "set n_at_odds = n_answers + 1",
    ],
    "marts_mart_rejects": ["insert into marts.mart_rejects values (null, null)"],
}
