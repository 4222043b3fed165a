-- One row per accepted file of a source that is still configured.
with ledger as (

    select * from {{ source('raw', 'ledger') }}

),

sources as (

    select * from {{ source('raw', 'config_sources') }}

),

accepted as (

    select
        ledger.batch,
        ledger.source,
        ledger.kind,
        ledger.landed_at
    from ledger
    semi join sources on ledger.source = sources.source and ledger.kind = sources.kind
    where ledger.status = 'accepted'

)

select * from accepted
