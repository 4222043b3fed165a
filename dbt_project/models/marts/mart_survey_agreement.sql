-- One row per survey: how often the score and the words of one answer say the opposite.
with feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer and is_at_odds is not null

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

counted as (

    select
        feedback.source,
        feedback.channel as survey,
        count(*) as n_answers,
        count(*) filter (feedback.is_at_odds) as n_at_odds
    from feedback
    cross join run
    where feedback.week > run.as_of - 52 * 7
    group by feedback.source, feedback.channel

),

measured as (

    select
        source,
        survey,
        n_answers,
        n_at_odds,
        n_at_odds / n_answers as share_at_odds,
        {{ wilson('n_at_odds', 'n_answers', '-') }} as share_low,
        {{ wilson('n_at_odds', 'n_answers', '+') }} as share_high,
        -- readers found 3 to 8 % of NHS answers at odds question by question, but 19 % beside "what could we do
        -- better?"; the line lies between (benchmarks/misleading.py)
        n_answers >= 20 and share_low > 0.10 as is_misleading
    from counted

)

select * from measured
