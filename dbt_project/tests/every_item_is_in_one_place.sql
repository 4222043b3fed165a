-- Feedback items of raw, known as of the night, that are not exactly once in fct_feedback or among the rejects.
with run as (

    select * from {{ source('raw', 'config_run') }}

),

batches as (

    select
        ledger.batch,
        ledger.source,
        ledger.kind
    from {{ source('raw', 'ledger') }} as ledger
    semi join {{ source('raw', 'config_sources') }} as sources
        on ledger.source = sources.source and ledger.kind = sources.kind
    where ledger.status = 'accepted'

),

customers as (

    select distinct landed.customer_id
    from {{ source('raw', 'customers') }} as landed
    semi join batches on landed._batch = batches.batch

),

landed as (

    select _batch as batch, response_id as item_id, customer_id
    from {{ source('raw', 'surveys') }}
    where responded_at < (select known_before from run)
    union all
    select _batch as batch, ticket_id as item_id, customer_id
    from {{ source('raw', 'tickets') }}
    where opened_at < (select known_before from run)

),

items as (

    select
        batches.source || ':' || landed.item_id as feedback_id,
        bool_and(customers.customer_id is not null) as is_surely_known
    from landed
    inner join batches on landed.batch = batches.batch
    left join customers on landed.customer_id = customers.customer_id
    group by feedback_id

),

places as (

    select feedback_id, true as is_fact
    from {{ ref('fct_feedback') }}
    union all
    select rejects.source || ':' || rejects.record_id as feedback_id, false as is_fact
    from {{ ref('mart_rejects') }} as rejects
    inner join batches on rejects.batch = batches.batch and batches.kind in ('surveys', 'tickets')
    where rejects.reason = 'unmatched_customer'

),

found as (

    select
        feedback_id,
        count(*) as n_places,
        bool_or(is_fact) as is_fact
    from places
    group by feedback_id

)

select
    coalesce(items.feedback_id, found.feedback_id) as feedback_id,
    found.n_places
from items
full join found on items.feedback_id = found.feedback_id
where
    items.feedback_id is null
    or coalesce(found.n_places, 0) != 1
    or (items.is_surely_known and not found.is_fact)
