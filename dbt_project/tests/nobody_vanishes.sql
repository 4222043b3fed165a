-- Customers of raw that are missing from dim_customer or fct_coverage.
with accepted as (

    select ledger.batch
    from {{ source('raw', 'ledger') }} as ledger
    semi join {{ source('raw', 'config_sources') }} as sources
        on ledger.source = sources.source and ledger.kind = sources.kind
    where ledger.status = 'accepted'

),

landed as (

    select distinct customers.customer_id
    from {{ source('raw', 'customers') }} as customers
    semi join accepted on customers._batch = accepted.batch

)

select landed.customer_id
from landed
left join {{ ref('dim_customer') }} as described on landed.customer_id = described.customer_id
left join {{ ref('fct_coverage') }} as coverage on landed.customer_id = coverage.customer_id
where described.customer_id is null or coverage.customer_id is null
