-- One row per feedback item of a known customer: when it said something in it, and when it was asked to.
{{ config(materialized='view') }}

with feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer

),

read as (

    select
        *,
        -- no reason at all is an item with a sentiment
        coalesce(
            item_kind = 'survey' and unscored_reason in ('no_reading', 'words_gone', 'null_answer', 'no_text'), false
        ) as is_empty
    from feedback

),

contacts as (

    select
        feedback_id,
        customer_id,
        week,
        case when not is_empty and unscored_reason is distinct from 'not_the_customer' then said_at end as spoke_at,
        case
            when invited_at is not null then least(invited_at, said_at)
            when is_empty then said_at
        end as asked_at
    from read

)

select * from contacts
