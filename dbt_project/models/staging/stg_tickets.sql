-- One row per landed version of a ticket.
with landed as (

    select * from {{ source('raw', 'tickets') }}

),

batches as (

    select * from {{ ref('stg_batches') }}

),

renamed as (

    select
        landed.ticket_id,
        landed.customer_id,
        landed.opened_at,
        landed.solved_at,
        landed.updated_at,
        landed.status,
        landed.priority,
        landed.channel,
        landed.subject,
        landed.body,
        landed.touchpoint,
        landed.actor_type,
        landed.requester,
        landed.language,
        landed.satisfaction,
        landed.reopens,
        landed.replies,

        -- where it came from
        batches.source,
        landed._batch as batch,
        landed._row as row_no,
        batches.landed_at
    from landed
    inner join batches on landed._batch = batches.batch
    where batches.kind = 'tickets'

)

select * from renamed
