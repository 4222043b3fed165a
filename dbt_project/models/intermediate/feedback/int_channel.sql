-- One row per channel, with a fingerprint of what its scorer can be learned from.
{{ config(materialized='view') }}

with texts as (

    select * from {{ ref('int_channel_text') }}

),

named as (

    select
        source,
        question,
        language,
        to_hex(coalesce(bit_xor(hash(text_id, label, reader)) filter (is_known_at_block), 0)) as fingerprint
    from texts
    group by source, question, language

)

select * from named
