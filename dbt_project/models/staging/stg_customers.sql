-- One row per landed version of a customer.
with landed as (

    select * from {{ source('raw', 'customers') }}

),

batches as (

    select * from {{ ref('stg_batches') }}

),

renamed as (

    select
        landed.customer_id,
        landed.name,
        landed.segment,
        landed.region,
        landed.plan,
        landed.signed_up_on,
        landed.churned_on,
        landed.acquisition_cost,
        landed.monthly_revenue,
        landed.gross_margin_pct,
        landed.owner_email,
        landed.partner,
        landed.email_domain,
        landed.locale,
        landed.updated_at,

        -- where it came from
        batches.source,
        landed._batch as batch,
        landed._row as row_no,
        batches.landed_at
    from landed
    inner join batches on landed._batch = batches.batch
    where batches.kind = 'customers'

)

select * from renamed
