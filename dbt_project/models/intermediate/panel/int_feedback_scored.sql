-- One row per row of int_feedback: what it says, in [-1, 1], tonight and when the four-week block began.
with feedback as (

    select * exclude (text) from {{ ref('int_feedback') }}

),

text_scores as (

    select * from {{ source('ml', 'text_scores') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

readings as (

    select
        feedback.*,
        {{ is_customer('feedback.actor_type') }} as is_customer,
        {{ has_lost_words('feedback.said_at') }} as has_lost_words,
        2 * feedback.score_01 - 1 as answer,
        case when feedback.score_known_at < run.learn_before then answer end as answer_at_block,
        -- an answer is the truth rounded to a step of its scale: the error of rounding is step / sqrt(12)
        2 / feedback.scale_span / sqrt(12) as answer_se,
        text_scores.tone,
        text_scores.tone_se,
        text_scores.n_words,
        text_scores.n_hits,
        text_scores.lexicon,
        text_scores.unscored_reason as text_reason
    from feedback
    cross join run
    left join text_scores on feedback.text_id = text_scores.text_id

),

-- long texts that a word list has read, and those in which it found none of its words
long_texts as (

    select
        source,
        channel,
        language,
        week,
        count(*) filter (is_known_now) as n,
        count(*) filter (is_known_now and n_hits = 0) as n_without_hit,
        count(*) filter (is_known_at_block) as n_at_block,
        count(*) filter (is_known_at_block and n_hits = 0) as n_without_hit_at_block
    from readings
    where is_customer and lexicon is not null and n_words >= 4
    group by source, channel, language, week

),

channels as (

    select
        source,
        channel,
        language,
        {{ is_foreign('sum(n)', 'sum(n_without_hit)') }} as is_foreign,
        {{ is_foreign('sum(n_at_block)', 'sum(n_without_hit_at_block)') }} as is_foreign_at_block
    from long_texts
    group by source, channel, language

),

gated as (

    select
        readings.*,
        readings.lexicon is not null and coalesce(
            {{ is_foreign('long_texts.n', 'long_texts.n_without_hit') }}, channels.is_foreign, false
        ) as is_gated,
        readings.lexicon is not null and coalesce(
            {{ is_foreign('long_texts.n_at_block', 'long_texts.n_without_hit_at_block') }},
            channels.is_foreign_at_block,
            false
        ) as is_gated_at_block,
        case when not is_gated then readings.tone end as heard,
        case when not is_gated_at_block then readings.tone end as heard_at_block
    from readings
    left join long_texts
        on readings.source = long_texts.source
        and readings.channel = long_texts.channel
        and readings.language is not distinct from long_texts.language
        and readings.week = long_texts.week
    left join channels
        on readings.source = channels.source
        and readings.channel = channels.channel
        and readings.language is not distinct from channels.language

),

scored as (

    select
        gated.* exclude (
            is_customer, has_lost_words, answer, answer_at_block, answer_se, tone_se, lexicon, text_reason,
            is_gated, is_gated_at_block, heard, heard_at_block
        ),
        case when is_customer then {{ sentiment('answer', 'heard') }} end as sentiment,
        case when is_customer then {{ sentiment_se('answer', 'answer_se', 'heard', 'tone_se') }} end as sentiment_se,
        {{ unscored_reason('sentiment', 'is_gated') }} as unscored_reason,
        case
            when is_customer and item_kind = 'survey' then {{ is_at_odds('answer', 'heard', 'tone_se') }}
        end as is_at_odds,
        case when is_customer then {{ sentiment('answer_at_block', 'heard_at_block') }} end as sentiment_at_block,
        case
            when is_customer then {{ sentiment_se('answer_at_block', 'answer_se', 'heard_at_block', 'tone_se') }}
        end as sentiment_se_at_block,
        {{ unscored_reason('sentiment_at_block', 'is_gated_at_block') }} as unscored_reason_at_block
    from gated

)

select * from scored
