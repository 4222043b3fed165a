-- One row per customer and ISO week from its start to its churn or the night.
with customer_weeks as (

    select * from {{ ref('int_customer_week') }}

),

described as (

    select
        customer_id,
        week,
        is_complete,
        n_feedback,
        n_surveys,
        n_tickets,
        n_scored,
        sentiment,
        sentiment_low,
        sentiment_high
    from customer_weeks

)

select * from described
