-- One row per source with texts, with a fingerprint of those that were known when the four-week block began.
{{ config(materialized='view') }}

with texts as (

    select * from {{ ref('int_text') }}

),

named as (

    select
        source,
        to_hex(coalesce(bit_xor(hash(text_id)) filter (is_known_at_block), 0)) as fingerprint
    from texts
    group by source

)

select * from named
