-- One row per customer, metric and ISO week with a reading known tonight.
with readings as (

    select * from {{ ref('int_kpi_reading') }}

),

catalogue as (

    select * from {{ source('raw', 'config_kpis') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

combined as (

    select
        readings.customer_id,
        readings.kpi,
        catalogue.cadence,
        cast(
            case
                when catalogue.cadence = 'monthly' then date_trunc('month', readings.measured_on)
                else date_trunc('week', readings.measured_on)
            end as date
        ) as period,
        max(readings.measured_on) as measured_on,
        {{ combined('readings.value', 'catalogue.combine', 'readings.measured_on') }} as value,
        {{ combined('readings.value_at_block', 'catalogue.combine', 'readings.measured_on') }} as value_at_block,
        bool_or(readings.is_restated) as is_restated
    from readings
    inner join catalogue on readings.kpi = catalogue.kpi
    group by readings.customer_id, readings.kpi, catalogue.cadence, catalogue.combine, period

),

-- a week belongs to the month that holds its Thursday (ISO 8601 gives years their weeks the same way)
monthly as (

    select
        *,
        {{ monday('period + 3') }} as first_week,
        {{ monday('last_day(period) - 3') }} as last_week,
        greatest(least({{ monday('measured_on') }}, last_week), first_week) as measured_week
    from combined
    where cadence = 'monthly'

),

carried as (

    select
        monthly.customer_id,
        monthly.kpi,
        cast(
            unnest(generate_series(monthly.first_week, least(monthly.last_week, run.as_of), interval 7 day)) as date
        ) as week,
        monthly.value,
        monthly.value_at_block,
        monthly.is_restated,
        week != monthly.measured_week as is_imputed
    from monthly
    cross join run

),

weeks as (

    select
        customer_id,
        kpi,
        period as week,
        value,
        value_at_block,
        is_restated,
        false as is_imputed
    from combined
    where cadence != 'monthly'
    union all
    select * from carried

),

dated as (

    select
        weeks.*,
        weeks.week + 6 <= run.as_of as is_complete
    from weeks
    cross join run

)

select * from dated
