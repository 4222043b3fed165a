-- One row per text that somebody can be asked to label, with its turn among those of who wrote it.
{{ config(materialized='view') }}

with texts as (

    select * from {{ ref('int_channel_text') }}
    where safe_text != ''

),

-- those that count for whoever asks
labels as (

    select * from {{ source('ml', 'audit_labels') }}

),

feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where has_customer and unscored_reason is distinct from 'not_the_customer'

),

empty_texts as (

    select * from {{ source('ml', 'text_scores') }}
    where unscored_reason in ('no_text', 'null_answer')

),

said as (

    select
        texts.*,
        labels.label as audit,
        lower(trim(regexp_replace(texts.safe_text, '[\s\pZ]+', ' ', 'g'))) as words
    from texts
    left join labels on texts.text_id = labels.text_id
    semi join feedback on texts.text_id = feedback.text_id
    anti join empty_texts on texts.text_id = empty_texts.text_id

),

in_turn as (

    select
        *,
        row_number() over (
            partition by source, question, language, customer_id, respondent
            order by audit is null, text_id
        ) as turn
    from said

),

-- equal words are asked once in a channel
distinct_words as (

    select * from in_turn
    qualify row_number() over (
        partition by source, question, language, words
        order by audit is null, turn, text_id
    ) = 1

),

described as (

    select
        source,
        question,
        language,
        text_id,
        safe_text,
        said_at,
        turn
    from distinct_words
    where audit is null

)

select * from described
