-- One row per subject, metric and kind that was tested this night.
with contradictions as (

    select * from {{ source('ml', 'contradictions') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

-- what a month of a subject is worth; a group counts those who are still customers
revenue as (

    select 'customer' as level, customer_id as subject, monthly_revenue from customers
    union all
    {% for group in ['segment', 'region', 'plan'] -%}
    select '{{ group }}' as level, {{ group }} as subject, cast(sum({{ exact('monthly_revenue') }}) as double) as monthly_revenue
    from customers
    where churned_on is null
    group by {{ group }}
    union all
    {% endfor -%}
    select 'company' as level, company.company as subject, cast(sum({{ exact('customers.monthly_revenue') }}) as double) as monthly_revenue
    from customers
    cross join company
    where customers.churned_on is null
    group by company.company

),

described as (

    select
        -- the same contradiction keeps its id from night to night
        md5(concat_ws('|', found.level, found.subject, coalesce(found.kpi, ''), found.kind)) as contradiction_id,
        found.level,
        found.subject,
        found.customer_id,
        found.kpi,
        found.kind,
        found.started_week,
        run.as_of,
        found.sentiment_change,
        found.sentiment_change_low,
        found.sentiment_change_high,
        found.kpi_change,
        found.n_items,
        found.n_items_before,
        found.p_value,
        found.q_value,
        found.score,
        found.is_surfaced,
        found.agreeing_kpis,
        (1 - found.q_value) * revenue.monthly_revenue as value_at_stake,
        found.reason,
        found.presumed_wrong
    from contradictions as found
    cross join run
    left join revenue on found.level = revenue.level and found.subject = revenue.subject

)

select * from described
