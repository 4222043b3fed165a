-- One row per subject, metric and kind that was tested this night.
with contradictions as (

    select * from {{ ref('int_contradiction') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

described as (

    select
        {{ contradiction_id('found') }} as contradiction_id,
        found.level,
        found.subject,
        found.customer_id,
        found.kpi,
        found.kind,
        found.started_week,
        found.started_low,
        found.started_high,
        found.is_drift,
        run.as_of,
        found.sentiment_before,
        found.sentiment_after,
        found.sentiment_change,
        found.sentiment_change_low,
        found.sentiment_change_high,
        found.sentence_scale,
        found.sentence_scale_before,
        found.sentence_scale_after,
        found.kpi_before,
        found.kpi_after,
        found.kpi_change,
        found.kpi_change_low,
        found.kpi_change_high,
        found.n_items,
        found.n_items_before,
        found.p_value,
        found.q_value,
        found.score,
        found.is_surfaced,
        found.agreeing_kpis,
        found.value_at_stake,
        found.reason,
        found.presumed_wrong,
        found.cell,
        found.n_members_at_least,
        found.explained_by
    from contradictions as found
    cross join run

)

select * from described
