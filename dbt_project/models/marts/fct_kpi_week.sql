-- One row per customer, metric and ISO week with a reading known as of the night.
with kpi_weeks as (

    select * from {{ ref('int_kpi_week') }}

),

described as (

    select
        customer_id,
        kpi,
        week,
        value,
        is_imputed,
        is_complete,
        is_restated
    from kpi_weeks

)

select * from described
