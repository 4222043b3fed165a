-- One row per landed version of a metric reading.
with landed as (

    select * from {{ source('raw', 'kpis') }}

),

batches as (

    select * from {{ ref('stg_batches') }}

),

renamed as (

    select
        landed.customer_id,
        landed.kpi,
        landed.measured_on,
        landed.value,
        landed.known_at,
        landed.touchpoint,

        -- where it came from
        batches.source,
        landed._batch as batch,
        landed._row as row_no,
        batches.landed_at
    from landed
    inner join batches on landed._batch = batches.batch
    where batches.kind = 'kpis'

)

select * from renamed
