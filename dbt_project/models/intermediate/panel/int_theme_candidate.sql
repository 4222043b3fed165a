-- One row per theme that grew and item about it, to choose examples from; at most a thousand a theme.
{{ config(materialized='view') }}

-- what the detect step asks about
with grown as (

    select * from {{ source('ml', 'grown_themes') }}

),

items as (

    select * from {{ ref('int_subject_theme') }}

),

feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now

),

texts as (

    select * from {{ source('ml', 'texts') }}
    where safe_text is not null

),

-- as if by lot, so that their middle is that of all
drawn as (

    select
        grown.id,
        grown.theme,
        items.feedback_id,
        items.weight
    from grown
    inner join items
        on grown.level = items.level
        and grown.subject = items.subject
        and grown.theme = items.theme
        and items.week between grown.started_week and grown.last_week
    qualify row_number() over (
        partition by grown.id, grown.theme
        order by hash(items.feedback_id), items.feedback_id
    ) <= 1000

),

described as (

    select
        drawn.id,
        drawn.theme,
        drawn.feedback_id,
        texts.safe_text as text,
        drawn.weight,
        feedback.sentiment
    from drawn
    inner join feedback on drawn.feedback_id = feedback.feedback_id
    inner join texts on feedback.text_id = texts.text_id

)

select * from described
