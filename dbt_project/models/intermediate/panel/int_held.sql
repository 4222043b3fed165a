-- One row per customer, metric (NULL for feedback) and source: what of a customer rests on a source that is held tonight.
with held as (

    select * from {{ ref('int_source') }}
    where held_because is not null

),

feedback as (

    select * from {{ ref('int_feedback') }}
    where is_known_now

),

readings as (

    select * from {{ ref('stg_kpis') }}

),

resting as (

    select distinct
        feedback.customer_id,
        cast(null as varchar) as kpi,
        held.source,
        held.held_because
    from feedback
    inner join held on feedback.source = held.source and feedback.item_kind || 's' = held.kind
    union all
    select distinct
        readings.customer_id,
        readings.kpi,
        held.source,
        held.held_because
    from readings
    inner join held on readings.source = held.source and held.kind = 'kpis'

)

select * from resting
