-- One row per case, as it stood when this night had judged.
with cases as (

    select * from {{ source('ml', 'cases') }}

),

-- tonight's test of each subject, the likeliest one
tested as (

    select
        level,
        subject,
        sentence_scale,
        sentence_scale_before,
        sentence_scale_after,
        cell,
        n_members_at_least
    from {{ ref('int_contradiction') }}
    qualify row_number() over (partition by level, subject order by score desc, kind, kpi) = 1

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
        tested.sentence_scale,
        tested.sentence_scale_before,
        tested.sentence_scale_after,
        tested.cell,
        tested.n_members_at_least,
        cases.value_at_stake,
        cases.reason,
        cases.held_because,
        cases.tonight,
        coalesce(restated.n_restated, 0) as n_restated
    from cases
    left join restated on cases.customer_id = restated.customer_id and cases.kpi = restated.kpi
    left join tested on cases.level = tested.level and cases.subject = tested.subject

)

select * from described
