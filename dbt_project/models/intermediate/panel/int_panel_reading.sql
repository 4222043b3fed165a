-- One row per cut, customer, metric and week in which the metric was measured, weeks and customers numbered.
{{ config(materialized='view') }}

{% set values = {'night': 'value', 'block': 'value_at_block'} -%}

with kpi_weeks as (

    select * from {{ ref('int_kpi_week') }}
    where is_complete and not is_imputed

),

customers as (

    select * from {{ ref('int_panel_customer') }}

),

readings as (

    {% for cut, value in values.items() -%}
    select
        customers.cut,
        customers.customer,
        kpi_weeks.kpi,
        {{ weeks_since('customers.begins_week', 'kpi_weeks.week') }} as week,
        kpi_weeks.{{ value }} as value
    from kpi_weeks
    inner join customers
        on customers.cut = '{{ cut }}'
        and kpi_weeks.customer_id = customers.customer_id
        and kpi_weeks.week between customers.first_week and customers.last_week
    where kpi_weeks.{{ value }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor -%}

)

select * from readings
