-- One row per language and four-week block in which something was said, with a fingerprint of its texts.
{{ config(materialized='view') }}

with texts as (

    select * from {{ ref('int_theme_text') }}

),

named as (

    select
        language,
        learn_day,
        block,
        bit_xor(hash(text_id, reader, block)) as fingerprint
    from texts
    group by language, learn_day, block

)

select * from named
