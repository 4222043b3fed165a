-- One row per subject, metric and kind that was tested, with what is at stake and where its kind's size is read.
{{ config(materialized='view') }}

-- what the detect step has found by the time that somebody asks
with contradictions as (

    select * from {{ source('ml', 'contradictions') }}

),

kinds as (

    select * from {{ source('raw', 'config_kinds') }}

),

revenue as (

    select * from {{ ref('int_revenue') }}

),

weighed as (

    select
        contradictions.*,
        kinds.size_of,
        (1 - contradictions.q_value) * revenue.monthly_revenue as value_at_stake
    from contradictions
    left join kinds on contradictions.kind = kinds.kind
    left join revenue on contradictions.level = revenue.level and contradictions.subject = revenue.subject

)

select * from weighed
