-- One row per distinct text and language; the score step reads those its scorer has not read yet.
{{ config(materialized='view') }}

with feedback as (

    select * from {{ ref('int_feedback') }}

),

texts as (

    select
        text_id,
        coalesce(language, '') as language,
        any_value(text) as text
    from feedback
    where text is not null
    group by all

)

select * from texts
