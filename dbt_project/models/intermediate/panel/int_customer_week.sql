-- One row per customer and week of the spine, whether or not anybody spoke.
with spine as (

    select * from {{ ref('int_spine') }}

),

feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer

),

spoken as (

    select
        customer_id,
        week,
        count(*) as n_feedback,
        count(*) filter (item_kind = 'survey') as n_surveys,
        count(*) filter (item_kind = 'ticket') as n_tickets,
        count(sentiment) as n_scored,
        sum({{ exact('sentiment') }}) / count(sentiment) as sentiment
    from feedback
    group by customer_id, week

),

-- how much one customer's items differ among themselves, pooled over the company: a single customer's own few items
-- would say too little about it
pooled as (

    select
        sum({{ exact('sum_of_squares') }}) / nullif(sum(df), 0) as item_variance,
        sum(df) as df
    from (
        select
            count(sentiment) - 1 as df,
            greatest(
                sum({{ exact('power(sentiment, 2)') }}) - power(sum({{ exact('sentiment') }}), 2) / count(*), 0
            ) as sum_of_squares
        from feedback
        where sentiment is not null
        group by customer_id
    )

),

measured as (

    select
        spine.customer_id,
        spine.week,
        spine.is_complete,
        coalesce(spoken.n_feedback, 0) as n_feedback,
        coalesce(spoken.n_surveys, 0) as n_surveys,
        coalesce(spoken.n_tickets, 0) as n_tickets,
        coalesce(spoken.n_scored, 0) as n_scored,
        spoken.sentiment,
        {{ t_975('pooled.df') }} * sqrt(pooled.item_variance / nullif(spoken.n_scored, 0)) as margin
    from spine
    left join spoken on spine.customer_id = spoken.customer_id and spine.week = spoken.week
    cross join pooled

),

bounded as (

    select
        measured.* exclude (margin),
        case when margin is not null then greatest(sentiment - margin, -1) end as sentiment_low,
        case when margin is not null then least(sentiment + margin, 1) end as sentiment_high
    from measured

)

select * from bounded
