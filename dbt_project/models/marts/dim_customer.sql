-- One row per customer, whether or not it was ever heard.
with customers as (

    select * from {{ ref('int_customer') }}

),

described as (

    select
        customer_id,
        name,
        segment,
        region,
        plan,
        owner_email,
        monthly_revenue,
        churned_on is not null as is_churned,
        signed_up_on,
        churned_on,
        partner,
        gross_margin_pct,
        acquisition_cost
    from customers

)

select * from described
