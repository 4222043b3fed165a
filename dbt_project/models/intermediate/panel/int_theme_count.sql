-- One row per subject that is compared and theme that it speaks of, '' for all its items, before and since its week.
{{ config(materialized='view') }}

-- what the detect step asks about
with subjects as (

    select * from {{ source('ml', 'compared_subjects') }}

),

items as (

    select * from {{ ref('int_subject_theme') }}

),

-- an item about two themes has two rows, and counts once among all items
tallied as (

    select
        level,
        subject,
        week,
        theme
    from items
    where theme is not null
    union all
    select
        level,
        subject,
        week,
        '' as theme
    from items
    where is_nearest

),

own as (

    select
        subjects.id,
        tallied.theme,
        count(*) filter (tallied.week < subjects.started_week) as n_before,
        count(*) filter (tallied.week >= subjects.started_week) as n_after
    from tallied
    inner join subjects
        on tallied.level = subjects.level
        and tallied.subject = subjects.subject
        and tallied.week between subjects.first_week and subjects.last_week
    group by subjects.id, tallied.theme

),

company_weeks as (

    select
        week,
        theme,
        count(*) as n
    from tallied
    where level = 'company'
    group by week, theme

),

company as (

    select
        subjects.id,
        company_weeks.theme,
        cast(coalesce(sum(company_weeks.n) filter (company_weeks.week < subjects.started_week), 0) as bigint)
            as n_before,
        cast(coalesce(sum(company_weeks.n) filter (company_weeks.week >= subjects.started_week), 0) as bigint)
            as n_after
    from subjects
    inner join company_weeks on company_weeks.week between subjects.first_week and subjects.last_week
    group by subjects.id, company_weeks.theme

),

compared as (

    select
        own.id,
        own.theme,
        own.n_before,
        own.n_after,
        company.n_before as company_before,
        company.n_after as company_after
    from own
    inner join company on own.id = company.id and own.theme = company.theme

)

select * from compared
