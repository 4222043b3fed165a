-- One row per record that could not be used, with where it stands and why; never with its words.
with rejects as (

    select * from {{ source('raw', 'rejects') }}

),

ledger as (

    select * from {{ source('raw', 'ledger') }}

),

sources as (

    select * from {{ source('raw', 'config_sources') }}

),

unmatched as (

    select * from {{ ref('int_unmatched') }}

),

rejected as (

    select
        ledger.source,
        ledger.file_name,
        ledger.batch,
        rejects.line,
        rejects.column_name,
        rejects.reason,
        cast(null as varchar) as record_id,
        cast(null as varchar) as customer_id
    from rejects
    inner join ledger on rejects.batch = ledger.batch
    semi join sources on ledger.source = sources.source and ledger.kind = sources.kind

),

unknown as (

    select
        unmatched.source,
        ledger.file_name,
        unmatched.batch,
        -- it landed whole, so no line was noted: its id tells which it is
        cast(null as bigint) as line,
        unmatched.column_name,
        unmatched.reason,
        unmatched.record_id,
        unmatched.customer_id
    from unmatched
    inner join ledger on unmatched.batch = ledger.batch

)

select * from rejected
union all
select * from unknown
