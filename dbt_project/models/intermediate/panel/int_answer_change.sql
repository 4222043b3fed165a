-- One row per subject that is compared and scale on which it answered: answers before and since its week.
{{ config(materialized='view') }}

-- what the detect step asks about
with subjects as (

    select * from {{ source('ml', 'compared_subjects') }}

),

items as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and sentiment is not null

),

customers as (

    select * from {{ ref('int_customer') }}

),

cell_members as (

    select * from {{ ref('int_cell_member') }}

),

own as (

    {% for level, subject in [
        ('customer', 'items.customer_id'),
        ('segment', 'customers.segment'),
        ('region', 'customers.region'),
        ('plan', 'customers.plan'),
        ('touchpoint', 'items.touchpoint'),
        ('company', "''"),
    ] -%}
    select
        subjects.id,
        items.customer_id,
        items.score,
        items.scale_min,
        items.scale_max,
        items.week >= subjects.started_week as is_after
    from subjects
    inner join items on items.week between subjects.first_week and subjects.last_week
    inner join customers on items.customer_id = customers.customer_id
    where subjects.level = '{{ level }}' and subjects.subject = {{ subject }}
    union all
    {% endfor -%}
    select
        subjects.id,
        items.customer_id,
        items.score,
        items.scale_min,
        items.scale_max,
        items.week >= subjects.started_week as is_after
    from subjects
    inner join cell_members on subjects.level = 'cell' and subjects.subject = cell_members.subject
    inner join items
        on cell_members.customer_id = items.customer_id
        and (cell_members.touchpoint is null or cell_members.touchpoint = items.touchpoint)
        and items.week between subjects.first_week and subjects.last_week

),

-- all that was said, answered or not
said as (

    select
        id,
        count(*) filter (not is_after) as n_items_before,
        count(*) filter (is_after) as n_items
    from own
    group by id

),

members as (

    select
        id,
        scale_min,
        scale_max,
        customer_id,
        count(*) filter (not is_after) as n_before,
        count(*) filter (is_after) as n,
        avg(score) filter (not is_after) as mean_before,
        avg(score) filter (is_after) as mean,
        -- how sure the difference of two such means is
        n * n_before / (n + n_before) as weight
    from own
    where score is not null and scale_min is not null and scale_max is not null
    group by id, scale_min, scale_max, customer_id

),

-- a change is a change of those who answered on both sides, never of who answers
compared as (

    select
        members.id,
        members.scale_min,
        members.scale_max,
        cast(sum(members.n_before) as bigint) as n_before,
        cast(sum(members.n) as bigint) as n,
        max(said.n_items_before) as n_items_before,
        max(said.n_items) as n_items,
        sum(members.weight * members.mean_before) / nullif(sum(members.weight), 0) as mean_before,
        sum(members.weight * members.mean) / nullif(sum(members.weight), 0) as mean
    from members
    inner join said on members.id = said.id
    group by members.id, members.scale_min, members.scale_max

)

select * from compared
