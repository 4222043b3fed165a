-- One row per case, as it stood when this night had judged.
with cases as (

    select * from {{ source('ml', 'cases') }}

),

readings as (

    select * from {{ ref('int_kpi_reading') }}
    where is_restated

),

restated as (

    select
        customer_id,
        kpi,
        count(*) as n_restated
    from readings
    group by customer_id, kpi

),

described as (

    select
        cases.case_id,
        cases.level,
        cases.subject,
        cases.customer_id,
        cases.kpi,
        cases.kind,
        cases.owner_email,
        cases.owner_why,
        cases.state,
        cases.opened_on,
        cases.due_on,
        cases.last_seen_on,
        cases.closed_on,
        cases.verdict,
        cases.snoozed_until,
        cases.started_week,
        cases.started_low,
        cases.started_high,
        cases.is_drift,
        cases.size,
        cases.size_low,
        cases.size_high,
        cases.value_at_stake,
        cases.reason,
        cases.held_because,
        cases.tonight,
        coalesce(restated.n_restated, 0) as n_restated
    from cases
    left join restated on cases.customer_id = restated.customer_id and cases.kpi = restated.kpi

)

select * from described
