-- One row per row of int_feedback_theme and subject whose item it is.
{{ config(materialized='view') }}

with items as (

    select * from {{ ref('int_feedback_theme') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

cell_members as (

    select * from {{ ref('int_cell_member') }}

),

subjects as (

    select 'customer' as level, items.customer_id as subject, items.*
    from items
    union all
    {% for group in ['segment', 'region', 'plan'] -%}
    select '{{ group }}' as level, customers.{{ group }} as subject, items.*
    from items
    inner join customers on items.customer_id = customers.customer_id
    union all
    {% endfor -%}
    select 'touchpoint' as level, items.touchpoint as subject, items.*
    from items
    union all
    select 'cell' as level, cell_members.subject, items.*
    from items
    inner join cell_members
        on items.customer_id = cell_members.customer_id
        and (cell_members.touchpoint is null or cell_members.touchpoint = items.touchpoint)
    union all
    select 'company' as level, '' as subject, items.*
    from items

),

described as (

    select
        level,
        subject,
        feedback_id,
        week,
        theme,
        weight,
        is_nearest
    from subjects
    where subject is not null

)

select * from described
