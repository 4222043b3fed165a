-- One row per version of a feedback item that counts tonight, or counted when the four-week block began.
with versions as (

    select * from {{ ref('int_feedback_version') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

chosen as (

    select
        versions.*,
        run.known_before,
        versions.state_known_at < run.known_before as is_state_known,
        {{ is_chosen('run.known_before') }} as is_known_now,
        {{ is_chosen('run.learn_before') }} as is_known_at_block
    from versions
    cross join run
    where versions.said_at < run.known_before
    qualify is_known_now or is_known_at_block

),

described as (

    select
        chosen.source || ':' || chosen.item_id as feedback_id,
        chosen.item_id,
        chosen.source,
        chosen.item_kind,
        chosen.customer_id,
        customers.customer_id is not null as has_customer,
        chosen.is_known_now,
        chosen.is_known_at_block,
        chosen.said_at,
        {{ week_of('chosen.said_at', 'company.timezone') }} as week,
        chosen.channel,
        chosen.touchpoint,
        chosen.actor_type,
        chosen.respondent,
        coalesce(
            {{ two_letters('chosen.declared_language') }},
            {{ two_letters('customers.locale') }}
        ) as language,
        chosen.invited_at,

        -- what was answered, where that was known by tonight
        case when chosen.is_state_known then chosen.score end as score,
        chosen.scale_min,
        chosen.scale_max,
        chosen.scale_span,
        case when chosen.is_state_known then chosen.score_01 end as score_01,
        case when chosen.is_state_known and chosen.score is not null then chosen.state_known_at end as score_known_at,
        -- what a scorer is learned for: one survey, or all tickets of a desk
        case when chosen.item_kind = 'survey' then chosen.channel else '' end as question,
        chosen.text,
        case
            when chosen.text is not null
                then md5(concat_ws(
                    chr(31), chosen.source, question, coalesce(language, ''), chosen.customer_id, chosen.text
                ))
        end as text_id,
        md5(nullif(lower(trim(regexp_replace(chosen.text, '[\s\pZ]+', ' ', 'g'))), '')) as words_id,

        -- what became of a ticket, where that was known by tonight
        case
            when chosen.is_state_known and chosen.solved_at < chosen.known_before then chosen.solved_at
        end as solved_at,
        case when chosen.is_state_known then chosen.status else 'open' end as status,
        case when chosen.is_state_known then chosen.reopens end as reopens,
        case when chosen.is_state_known then chosen.replies end as replies,

        -- where it came from
        chosen.batch,
        chosen.row_no
    from chosen
    cross join company
    left join customers on chosen.customer_id = customers.customer_id

)

select * from described
