-- Weeks for which raw holds a reading known as of the night, of a known customer and metric, that fct_kpi_week lacks.
with run as (

    select * from {{ source('raw', 'config_run') }}

),

batches as (

    select ledger.batch, ledger.kind
    from {{ source('raw', 'ledger') }} as ledger
    semi join {{ source('raw', 'config_sources') }} as sources
        on ledger.source = sources.source and ledger.kind = sources.kind
    where ledger.status = 'accepted'

),

readings as (

    select
        landed.customer_id,
        landed.kpi,
        landed.measured_on
    from {{ source('raw', 'kpis') }} as landed
    cross join run
    semi join batches on landed._batch = batches.batch
    semi join {{ source('raw', 'config_kpis') }} as catalogue
        on landed.kpi = catalogue.kpi and catalogue.cadence != 'monthly'
    semi join (
        select customers.customer_id
        from {{ source('raw', 'customers') }} as customers
        semi join batches on customers._batch = batches.batch
    ) as customers on landed.customer_id = customers.customer_id
    group by landed.customer_id, landed.kpi, landed.measured_on, run.as_of, run.known_before
    having min(landed.known_at) < run.known_before or (count(landed.known_at) = 0 and landed.measured_on <= run.as_of)

)

select distinct
    readings.customer_id,
    readings.kpi,
    {{ monday('readings.measured_on') }} as week
from readings
anti join {{ ref('fct_kpi_week') }} as kpi_weeks
    on readings.customer_id = kpi_weeks.customer_id
    and readings.kpi = kpi_weeks.kpi
    and {{ monday('readings.measured_on') }} = kpi_weeks.week
