-- One row per landed version of a survey answer.
with landed as (

    select * from {{ source('raw', 'surveys') }}

),

batches as (

    select * from {{ ref('stg_batches') }}

),

renamed as (

    select
        landed.response_id,
        landed.customer_id,
        landed.responded_at,
        landed.invited_at,
        landed.updated_at,
        landed.survey,
        landed.score,
        landed.scale_min,
        landed.scale_max,
        landed.comment,
        landed.touchpoint,
        landed.actor_type,
        landed.respondent,
        landed.language,

        -- where it came from
        batches.source,
        landed._batch as batch,
        landed._row as row_no,
        batches.landed_at
    from landed
    inner join batches on landed._batch = batches.batch
    where batches.kind = 'surveys'

)

select * from renamed
