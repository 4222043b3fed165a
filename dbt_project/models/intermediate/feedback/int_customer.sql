-- One row per customer, the newest version of what is said about it.
with versions as (

    select * from {{ ref('stg_customers') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

newest as (

    select * from versions
    qualify row_number() over (
        partition by customer_id
        order by updated_at desc nulls last, batch desc, row_no desc
    ) = 1

),

as_of_the_night as (

    select
        newest.customer_id,
        newest.name,
        newest.segment,
        newest.region,
        newest.plan,
        newest.signed_up_on,
        -- nobody knew on the day itself that a customer would leave later
        case when newest.churned_on <= run.as_of then newest.churned_on end as churned_on,
        newest.acquisition_cost,
        newest.monthly_revenue,
        newest.gross_margin_pct,
        newest.owner_email,
        newest.partner,
        newest.email_domain,
        newest.locale,
        newest.source,
        newest.updated_at
    from newest
    cross join run

)

select * from as_of_the_night
