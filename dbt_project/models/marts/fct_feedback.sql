-- One row per feedback item of a known customer, known as of the night.
with feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer

),

described as (

    select
        feedback_id,
        source,
        customer_id,
        item_kind,
        said_at,
        week,
        channel,
        touchpoint,
        actor_type,
        score_01,
        sentiment,
        sentiment_se,
        unscored_reason,
        language,
        -- a text leaves the work file only once it has been redacted
        cast(null as varchar) as safe_text
    from feedback

)

select * from described
