-- One row per text of int_text that has been read, in the channel whose scorer reads its tone.
{{ config(materialized='view') }}

with texts as (

    select * from {{ ref('int_text') }}

),

-- what the score step has read by the time that it asks
readings as (

    select * from {{ source('ml', 'texts') }}

),

joined as (

    select
        texts.text_id,
        texts.source,
        texts.question,
        readings.language,
        texts.customer_id,
        texts.respondent,
        texts.label,
        readings.reader,
        readings.safe_text,
        texts.said_at,
        texts.is_known_at_block
    from texts
    inner join readings on texts.text_id = readings.text_id

),

commonest as (

    select
        source,
        question,
        language
    from joined
    where is_known_at_block and language != ''
    group by source, question, language
    qualify row_number() over (partition by source, question order by count(*) desc, language) = 1

),

-- a text whose language nobody declared and nothing told is taken for the commonest of its question
placed as (

    select joined.* replace (coalesce(nullif(joined.language, ''), commonest.language, '') as language)
    from joined
    left join commonest on joined.source = commonest.source and joined.question = commonest.question

)

select * from placed
