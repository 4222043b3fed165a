-- mart_run against the rows that stand in raw; a row says which count is off.
with batches as (

    select
        ledger.batch,
        ledger.kind,
        ledger.status
    from {{ source('raw', 'ledger') }} as ledger
    semi join {{ source('raw', 'config_sources') }} as sources
        on ledger.source = sources.source and ledger.kind = sources.kind

),

landed as (

    select _batch as batch from {{ source('raw', 'customers') }}
    union all
    select _batch as batch from {{ source('raw', 'surveys') }}
    union all
    select _batch as batch from {{ source('raw', 'tickets') }}
    union all
    select _batch as batch from {{ source('raw', 'kpis') }}

),

counted as (

    select
        (select count(*) from landed semi join batches on landed.batch = batches.batch and batches.status = 'accepted')
            as rows_landed,
        (
            select count(*)
            from {{ source('raw', 'rejects') }} as rejects
            semi join batches on rejects.batch = batches.batch
        ) as rows_rejected

)

select night.run_id, 'rows_landed' as reason
from {{ ref('mart_run') }} as night
cross join counted
where night.rows_landed != counted.rows_landed
union all
select night.run_id, 'rows_rejected' as reason
from {{ ref('mart_run') }} as night
cross join counted
where night.rows_rejected != counted.rows_rejected
