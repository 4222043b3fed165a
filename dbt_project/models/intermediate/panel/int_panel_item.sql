-- One row per cut and item of int_panel_feedback, all in numbers but for its id.
{{ config(materialized='view') }}

with feedback as (

    select * from {{ ref('int_panel_feedback') }}

),

names as (

    select * from {{ ref('int_panel_name') }}

),

coded as (

    select
        feedback.cut,
        feedback.customer,
        feedback.week,
        feedback.feedback_id,
        feedback.said_at,
        feedback.sentiment,
        feedback.sentiment_se,
        channels.code as channel,
        coalesce(touchpoints.code, -1) as touchpoint,
        {{ number_of('feedback.respondent') }} as respondent,
        {{ number_of('feedback.words_id') }} as words
    from feedback
    inner join names as channels
        on feedback.cut = channels.cut and channels.names_a = 'channel' and feedback.channel = channels.name
    left join names as touchpoints
        on feedback.cut = touchpoints.cut
        and touchpoints.names_a = 'touchpoint'
        and feedback.touchpoint = touchpoints.name

)

select * from coded
