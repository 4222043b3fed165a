-- One row per text known when the four-week block began, in a known language, with the block in which it was said.
{{ config(materialized='view') }}

with texts as (

    select * from {{ ref('int_channel_text') }}
    where is_known_at_block and language != ''

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

night as (

    select
        company.timezone,
        run.block_days,
        {{ day_of('run.learn_before', 'company.timezone') }} as learn_day
    from run
    cross join company

),

dated as (

    select
        texts.text_id,
        texts.language,
        texts.customer_id,
        texts.reader,
        texts.said_at,
        night.learn_day,
        night.block_days,
        date_diff('day', night.learn_day, {{ day_of('texts.said_at', 'night.timezone') }}) as days
    from texts
    cross join night

),

placed as (

    select
        dated.* exclude (block_days, days),
        learn_day + cast(block_days * floor(days / block_days) as integer) as block
    from dated

)

select * from placed
