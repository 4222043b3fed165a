-- One row per customer, metric and day measured: the value known tonight, and that known when the block began.
with versions as (

    select * from {{ ref('stg_kpis') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

catalogue as (

    select * from {{ source('raw', 'config_kpis') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

days as (

    select
        measured.measured_on,
        -- the day's last instant: what is known by the end of a day is known as of that day
        {{ end_of('measured.measured_on', 'company.timezone') }} - interval 1 microsecond as ends_at
    from (select distinct measured_on from versions) as measured
    cross join company

),

ordered as (

    select
        versions.*,
        min(batch) over (partition by customer_id, kpi, measured_on) as first_batch
    from versions
    semi join customers on versions.customer_id = customers.customer_id
    semi join catalogue on versions.kpi = catalogue.kpi

),

known as (

    select
        ordered.customer_id,
        ordered.kpi,
        ordered.measured_on,
        ordered.value,
        ordered.batch,
        ordered.row_no,
        coalesce(
            ordered.known_at,
            -- what came first is taken to have been known when its day was over, what came later when it came
            case when ordered.batch = ordered.first_batch then days.ends_at end,
            greatest(ordered.landed_at, days.ends_at)
        ) as became_known_at
    from ordered
    inner join days on ordered.measured_on = days.measured_on

),

latest as (

    select
        known.customer_id,
        known.kpi,
        known.measured_on,
        -- the _null form, because a value that was withdrawn is known to be missing
        arg_max_null(known.value, row(known.became_known_at, known.batch, known.row_no)) as value,
        arg_max_null(known.value, row(known.became_known_at, known.batch, known.row_no)) filter (
            known.became_known_at < run.learn_before
        ) as value_at_block,
        coalesce(min(known.value) < max(known.value), false) as is_restated
    from known
    cross join run
    where known.became_known_at < run.known_before
    group by known.customer_id, known.kpi, known.measured_on

)

select * from latest
