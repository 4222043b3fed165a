-- One row per feedback item or metric reading, known tonight, whose customer or metric nobody has told us of.
with feedback as (

    select * from {{ ref('int_feedback') }}
    where is_known_now and not has_customer

),

readings as (

    select * from {{ ref('stg_kpis') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

catalogue as (

    select * from {{ source('raw', 'config_kpis') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

unmatched_feedback as (

    select
        source,
        item_kind || 's' as kind,
        batch,
        row_no,
        'customer_id' as column_name,
        'unmatched_customer' as reason,
        item_id as record_id,
        customer_id
    from feedback

),

unmatched_readings as (

    select
        readings.source,
        'kpis' as kind,
        readings.batch,
        readings.row_no,
        case when customers.customer_id is null then 'customer_id' else 'kpi' end as column_name,
        case when customers.customer_id is null then 'unmatched_customer' else 'unknown_kpi' end as reason,
        readings.kpi || ' ' || readings.measured_on as record_id,
        readings.customer_id
    from readings
    cross join run
    left join customers on readings.customer_id = customers.customer_id
    left join catalogue on readings.kpi = catalogue.kpi
    where
        readings.measured_on <= run.as_of
        and (customers.customer_id is null or catalogue.kpi is null)

)

select * from unmatched_feedback
union all
select * from unmatched_readings
