"""The tables that Python writes in the work file: `raw` (what landed, and the configuration SQL needs) and `ml`."""

import hashlib

from voc.domain.contract import CONTRACT, Table, Type

SQL_TYPE: dict[Type, str] = {
    "id": "varchar",
    "text": "varchar",
    "number": "double",
    "time": "timestamp",
    "date": "date",
}
"""Times are stored as naive UTC."""

_LANDED_AS = "_source varchar not null, _batch integer not null, _row bigint not null, _extra varchar"

_RAW = """
create schema if not exists raw;
create schema if not exists ml;

-- one row per file offered; written in the transaction that writes its rows
create table if not exists raw.ledger (
    batch integer primary key, source varchar not null, kind varchar not null, file_name varchar not null,
    sha256 varchar not null, options varchar not null,
    status varchar not null,  -- landed, accepted, refused, quarantined, superseded
    why varchar, landed_at timestamp not null,
    n_read bigint not null, n_landed bigint not null, n_unchanged bigint not null,
    n_rejected bigint not null, n_conflicts bigint not null, newest_at timestamp,
    words_from timestamp  -- no words that it holds are older; NULL where it holds none, or none that can be taken out
);
-- one row per record that did not land; `record` holds its own words and never leaves the work file
create table if not exists raw.rejects (
    batch integer not null, line bigint not null, column_name varchar, reason varchar not null, record varchar
);

create table if not exists raw.config_company (company varchar, timezone varchar, currency varchar);
create table if not exists raw.config_kpis (
    kpi varchar, label varchar, unit varchar, better varchar, cadence varchar, combine varchar,
    target double, owner varchar, touchpoint varchar
);
-- the kinds of contradiction, with the side, feedback or metric, in which the size of each is read
create table if not exists raw.config_kinds (kind varchar, size_of varchar);
create table if not exists raw.config_sources (
    source varchar, kind varchar, scale_min double, scale_max double, fresh_within_hours double
);
-- the night being built: `known_before` is the first instant after as_of, `learn_before` that of the four-week block;
-- words said before `words_from` are not used; a block has `block_days`
create table if not exists raw.config_run (
    run_id varchar, as_of date, known_before timestamp, learn_before timestamp, started_at timestamp,
    words_from timestamp, block_days integer
);

-- nights whose marts this work file has built and published
create table if not exists ml.finished (run_id varchar primary key);
-- one row per text of int_text: what is left of it to score and show, without what is not the customer's or is
-- personal; never emptied, so a night reads only new texts. `reader` names how it was read
create table if not exists ml.texts (
    text_id varchar primary key, reader varchar, language varchar, safe_text varchar
);
-- one row per source: the pieces it repeats, counted from the texts called `data`
create table if not exists ml.boilerplate (source varchar primary key, data varchar, pieces varchar[]);
-- one row per text: its tone by the scorer of its channel
create table if not exists ml.text_scores (
    text_id varchar primary key, scorer varchar, lexicon varchar, n_words integer, n_hits integer,
    tone double, tone_se double, unscored_reason varchar
);
-- one row per scorer that was tried for a channel, in force or not, and how it agrees with the channel's labels
create table if not exists ml.scorers (
    source varchar, question varchar, language varchar, name varchar primary key, is_in_force boolean,
    basis varchar, why varchar, n_labels integer, auc double, lexicon_auc double, gain double, gain_se double,
    balanced_accuracy double, lexicon_balanced_accuracy double, calibration_error double
);
-- one row per theme and language: what texts are about this night. `learned` names what the language's were learned
-- from, `terms` are the five weightiest words
create table if not exists ml.themes (
    theme varchar, language varchar, learned varchar, name varchar, terms varchar[], is_seeded boolean, is_new boolean,
    primary key (theme, language)
);
-- one row per text: the theme it is nearest to and another half as near at least, of those called `learned`; NULL for
-- none
create table if not exists ml.text_themes (
    text_id varchar primary key, learned varchar,
    theme varchar, weight double, second_theme varchar, second_weight double
);
-- one row per labelled text: its label in [0, 1], of those that count for the step that asks
create table if not exists ml.audit_labels (text_id varchar primary key, label double);
-- what the detect step compares: one row per subject ('' for the company) with its weeks, Mondays, first and last
-- included; and one per theme of it that grew, for which examples are wanted
create table if not exists ml.compared_subjects (
    id bigint, level varchar, subject varchar, first_week date, started_week date, last_week date
);
create table if not exists ml.grown_themes (
    id bigint, level varchar, subject varchar, theme varchar, started_week date, last_week date
);
-- one row per theme: how much of what the company's customers write is about it of late, and was before
create table if not exists ml.theme_growth (
    theme varchar, n_items bigint, n_items_before bigint, share double, share_low double, share_high double,
    share_before double, change double, change_low double, change_high double, p_value double, has_grown boolean,
    examples varchar[]
);
-- what the detector tested this night, a row per subject and kind
create table if not exists ml.contradictions (
    level varchar, subject varchar, customer_id varchar, kpi varchar, kind varchar,
    started_week date, started_low date, started_high date, is_drift boolean,
    sentiment_before double, sentiment_after double,
    sentiment_change double, sentiment_change_low double, sentiment_change_high double,
    kpi_before double, kpi_after double, kpi_change double, kpi_change_low double, kpi_change_high double,
    n_items integer, n_items_before integer, p_value double, q_value double, score double, is_surfaced boolean,
    sentence_scale varchar, sentence_scale_before double, sentence_scale_after double,
    agreeing_kpis varchar[], reason varchar, presumed_wrong varchar,
    explained_by varchar,  -- the rival that explains it; it is then not surfaced
    plausible struct(kind varchar, kpi varchar)[],  -- what it may be as well, as far as chance goes
    cell struct(segment varchar, region varchar, plan varchar, touchpoint varchar),  -- the groups that make a cell
    n_members_at_least integer  -- of a group that fell: as many members did, with a probability of 95 %
);
-- the cells among them, a row each; what is null is not asked of a customer
create table if not exists ml.cells (
    subject varchar, segment varchar, region varchar, plan varchar, touchpoint varchar
);
-- what speaks for each contradiction that is surfaced or explained; what a part's columns mean stands in
-- dbt_project/models/marts/fct_case_evidence.yml
create table if not exists ml.evidence (
    level varchar, subject varchar, kpi varchar, kind varchar, part varchar, position integer, week date,
    name varchar, theme varchar, value double, low double, high double, verdict varchar, sentence varchar
);
-- metrics that clearly worsened, a row per customer and metric, whatever was said; `moved` in calm standard
-- deviations, -2 or less
create table if not exists ml.kpi_moves (
    customer_id varchar, kpi varchar, started_week date, kpi_before double, kpi_after double, moved double
);
-- why a customer was or was not tested: judged, or the reason in words
create table if not exists ml.judgements (customer_id varchar, state varchar, why varchar);
-- one row: what the calibration of this night said
create table if not exists ml.calibration (n_customers integer, n_null bigint, is_calibrated boolean, verdict varchar);
-- the control store's cases and verdicts as this night leaves them, so that the marts hold them
create table if not exists ml.cases (
    case_id varchar, level varchar, subject varchar, customer_id varchar, kpi varchar, kind varchar,
    owner_email varchar, owner_why varchar, state varchar, opened_on date, due_on date, last_seen_on date,
    closed_on date, verdict varchar, snoozed_until date,
    started_week date, started_low date, started_high date, is_drift boolean,
    size double, size_low double, size_high double, value_at_stake double, reason varchar, held_because varchar,
    tonight varchar
);
create table if not exists ml.verdicts (
    case_id varchar, kpi varchar, kind varchar, verdict varchar, decided_on date
);
create table if not exists ml.kpi_trust (
    kpi varchar, n_verdicts bigint, n_metric_wrong bigint, n_metric_right bigint,
    trust double, trust_low double, trust_high double
);
"""


def ddl() -> str:
    """The statements that make the tables of an empty file; where they are there already, nothing happens."""
    made_by = f"create table if not exists raw.made_by as select '{version()}' as version;"
    return "\n".join([*_statements(), made_by])


def version() -> str:
    """Changes with any table; the file says under which version its tables were made."""
    return hashlib.sha256("\n".join(_statements()).encode()).hexdigest()[:16]


def _statements() -> list[str]:
    tables = [
        f"create table if not exists raw.{table} ("
        + ", ".join(f'"{column.name}" {SQL_TYPE[column.type]}' for column in CONTRACT[table])
        + f", {_LANDED_AS});"
        for table in Table
    ]
    return [_RAW, *tables]
