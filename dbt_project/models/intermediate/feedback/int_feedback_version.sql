-- One row per landed version of a survey answer or a ticket, both in one shape.
{{ config(materialized='view') }}

with surveys as (

    select * from {{ ref('stg_surveys') }}

),

tickets as (

    select * from {{ ref('stg_tickets') }}

),

sources as (

    select * from {{ source('raw', 'config_sources') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

survey_versions as (

    select
        surveys.source,
        'survey' as item_kind,
        surveys.response_id as item_id,
        surveys.customer_id,
        surveys.responded_at as said_at,
        coalesce(surveys.survey, surveys.source) as channel,
        surveys.touchpoint,
        surveys.actor_type,
        surveys.respondent,
        surveys.language as declared_language,
        surveys.invited_at,
        surveys.score,
        coalesce(surveys.scale_min, sources.scale_min) as scale_min,
        coalesce(surveys.scale_max, sources.scale_max) as scale_max,
        surveys.comment as text,
        surveys.responded_at as state_known_at,
        cast(null as timestamp) as solved_at,
        cast(null as varchar) as status,
        cast(null as double) as reopens,
        cast(null as double) as replies,
        surveys.updated_at,
        surveys.batch,
        surveys.row_no
    from surveys
    left join sources on surveys.source = sources.source and sources.kind = 'surveys'

),

ticket_versions as (

    select
        tickets.source,
        'ticket' as item_kind,
        tickets.ticket_id as item_id,
        tickets.customer_id,
        tickets.opened_at as said_at,
        coalesce(tickets.channel, tickets.source) as channel,
        tickets.touchpoint,
        tickets.actor_type,
        tickets.requester as respondent,
        tickets.language as declared_language,
        cast(null as timestamp) as invited_at,
        tickets.satisfaction as score,
        sources.scale_min,
        sources.scale_max,
        nullif(concat_ws(chr(10), tickets.subject, tickets.body), '') as text,
        -- a ticket's state is written over in place: it is known from its last writing on, not from its opening
        coalesce(tickets.updated_at, tickets.solved_at, tickets.landed_at) as state_known_at,
        tickets.solved_at,
        tickets.status,
        tickets.reopens,
        tickets.replies,
        tickets.updated_at,
        tickets.batch,
        tickets.row_no
    from tickets
    left join sources on tickets.source = sources.source and sources.kind = 'tickets'

),

versions as (

    select * from survey_versions
    union all
    select * from ticket_versions

),

scaled as (

    select
        versions.*
        -- words of that age are not used even where they have not been removed yet, so that every night is the same
        replace (case when not {{ has_lost_words('versions.said_at') }} then versions.text end as text),
        -- a reversed scale (min above max) comes out right by itself
        (score - scale_min) / nullif(scale_max - scale_min, 0) as score_01,
        nullif(abs(scale_max - scale_min), 0) as scale_span
    from versions
    cross join run

)

select * from scaled
