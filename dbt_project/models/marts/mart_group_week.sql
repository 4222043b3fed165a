-- One row per level, group and ISO week in which somebody of the group spoke.
with feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer

),

customers as (

    select * from {{ ref('int_customer') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

cell_members as (

    select * from {{ ref('int_cell_member') }}

),

spoken as (

    select
        customer_id,
        week,
        touchpoint,
        count(*) as n_feedback,
        count(sentiment) as n_scored,
        sum({{ exact('sentiment') }}) as sentiment_sum
    from feedback
    group by customer_id, week, touchpoint

),

grouped as (

    {% for group in ['segment', 'region', 'plan'] -%}
    select '{{ group }}' as level, customers.{{ group }} as subject, spoken.*
    from spoken
    inner join customers on spoken.customer_id = customers.customer_id
    union all
    {% endfor -%}
    select 'touchpoint' as level, spoken.touchpoint as subject, spoken.*
    from spoken
    union all
    select 'cell' as level, cell_members.subject, spoken.*
    from spoken
    inner join cell_members
        on spoken.customer_id = cell_members.customer_id
        and (cell_members.touchpoint is null or cell_members.touchpoint = spoken.touchpoint)
    union all
    select 'company' as level, company.company as subject, spoken.*
    from spoken
    cross join company

),

per_customer as (

    select
        level,
        subject,
        week,
        customer_id,
        sum(n_feedback) as n_feedback,
        sum(n_scored) as n_scored,
        sum(sentiment_sum) as sentiment_sum
    from grouped
    where subject is not null
    group by level, subject, week, customer_id

),

per_group as (

    select
        level,
        subject,
        week,
        count(*) as n_customers,
        cast(sum(n_feedback) as bigint) as n_feedback,
        cast(sum(n_scored) as bigint) as n_scored,
        count(*) filter (n_scored > 0) as n_clusters,
        sum(sentiment_sum) / nullif(sum(n_scored), 0) as sentiment,
        -- squares of what each customer adds to the deviation from the mean, multiplied out
        sum({{ exact('power(sentiment_sum, 2)') }}) - 2 * sentiment * sum({{ exact('sentiment_sum * n_scored') }})
        + power(sentiment, 2) * sum(n_scored * n_scored) as squares
    from per_customer
    group by level, subject, week

),

-- the items of one customer are alike, so customers are what is counted: cluster-robust standard error
-- (Cameron and Miller 2015, A Practitioner's Guide to Cluster-Robust Inference)
measured as (

    select
        *,
        case
            when n_clusters >= 5
                then {{ t_975('n_clusters - 1') }}
                    * sqrt(greatest(squares, 0) * n_clusters / (n_clusters - 1)) / n_scored
        end as margin
    from per_group

),

bounded as (

    select
        level,
        subject,
        week,
        n_customers,
        n_feedback,
        n_scored,
        sentiment,
        case when margin is not null then greatest(sentiment - margin, -1) end as sentiment_low,
        case when margin is not null then least(sentiment + margin, 1) end as sentiment_high
    from measured

)

select * from bounded
