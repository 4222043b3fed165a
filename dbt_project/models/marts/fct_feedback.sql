-- One row per feedback item of a known customer, known as of the night.
with feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer

),

texts as (

    select * from {{ source('ml', 'texts') }}

),

described as (

    select
        feedback.feedback_id,
        feedback.source,
        feedback.customer_id,
        feedback.item_kind,
        feedback.said_at,
        feedback.week,
        feedback.channel,
        feedback.touchpoint,
        feedback.actor_type,
        feedback.score_01,
        feedback.sentiment,
        feedback.sentiment_se,
        feedback.unscored_reason,
        feedback.is_at_odds,
        coalesce(feedback.language, texts.language) as language,
        texts.safe_text
    from feedback
    left join texts on feedback.text_id = texts.text_id

)

select * from described
