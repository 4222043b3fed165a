-- One row per customer and ISO week in which it was a customer that could have been heard.
with customers as (

    select * from {{ ref('int_customer') }}

),

feedback as (

    select * from {{ ref('int_feedback') }}
    where is_known_now

),

kpi_weeks as (

    select * from {{ ref('int_kpi_week') }}
    where value is not null and not is_imputed

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

first_data as (

    select
        customer_id,
        min(week) as first_week
    from (
        select customer_id, min(week) as week from feedback group by customer_id
        union all
        select customer_id, min(week) as week from kpi_weeks group by customer_id
    )
    group by customer_id

),

stays as (

    select
        customers.customer_id,
        -- greatest and least pass over what is not given
        {{ monday('greatest(customers.signed_up_on, first_data.first_week)') }} as first_week,
        least(customers.churned_on, run.as_of) as last_day,
        run.as_of
    from customers
    left join first_data on customers.customer_id = first_data.customer_id
    cross join run

),

weeks as (

    select
        customer_id,
        cast(unnest(generate_series(first_week, last_day, interval 7 day)) as date) as week,
        week + 6 <= as_of as is_complete
    from stays
    where first_week <= last_day

)

select * from weeks
