-- One row per contradiction that is surfaced, with its size, what is at stake and what routing asks of its subject.
{{ config(materialized='view') }}

with contradictions as (

    select * from {{ ref('int_contradiction') }}
    where is_surfaced

),

catalogue as (

    select * from {{ source('raw', 'config_kpis') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

-- a metric's change with up as good
signed as (

    select
        contradictions.*,
        catalogue.touchpoint,
        coalesce(size_of = 'metric', false) as is_metrics,
        case when catalogue.better = 'lower' then -kpi_change else kpi_change end as gain,
        case when catalogue.better = 'lower' then -kpi_change_high else kpi_change_low end as gain_low,
        case when catalogue.better = 'lower' then -kpi_change_low else kpi_change_high end as gain_high
    from contradictions
    left join catalogue on contradictions.kpi = catalogue.kpi

),

described as (

    select
        signed.level,
        signed.subject,
        signed.customer_id,
        signed.kpi,
        signed.kind,
        signed.started_week,
        signed.started_low,
        signed.started_high,
        signed.is_drift,
        signed.plausible,
        case when signed.is_metrics then signed.gain else signed.sentiment_change end as size,
        case when signed.is_metrics then signed.gain_low else signed.sentiment_change_low end as size_low,
        case when signed.is_metrics then signed.gain_high else signed.sentiment_change_high end as size_high,
        signed.score,
        signed.value_at_stake,
        signed.reason,
        coalesce(customers.segment, signed.cell.segment) as segment,
        coalesce(customers.region, signed.cell.region) as region,
        coalesce(customers.plan, signed.cell.plan) as plan,
        coalesce(signed.cell.touchpoint, signed.touchpoint) as touchpoint,
        customers.owner_email
    from signed
    left join customers on signed.customer_id = customers.customer_id

)

select * from described
