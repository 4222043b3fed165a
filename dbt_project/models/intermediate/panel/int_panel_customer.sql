-- One row per cut and customer who was one in a complete week of it, numbered, with its weeks and groups.
-- The cuts: `night` has what is known as of the night, `block` what was known when the four-week block began.
{% set last_weeks = {
    'night': monday('run.as_of - 6'),
    'block': day_of('run.learn_before', 'company.timezone') ~ ' - 7',
} -%}

with spine as (

    select * from {{ ref('int_spine') }}

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

-- the block began on a Monday, so every week before it was complete; a night's newest week may still run
cuts as (

    {% for cut, last_week in last_weeks.items() -%}
    select '{{ cut }}' as cut, {{ last_week }} as ends_week
    from run
    cross join company
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

stays as (

    {% for cut in last_weeks -%}
    select
        cuts.cut,
        cuts.ends_week,
        spine.customer_id,
        min(spine.week) as first_week,
        max(spine.week) as last_week
    from spine
    inner join cuts on cuts.cut = '{{ cut }}' and spine.week <= cuts.ends_week
    group by cuts.cut, cuts.ends_week, spine.customer_id
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

numbered as (

    select
        *,
        cast(row_number() over (partition by cut order by customer_id) - 1 as integer) as customer,
        min(first_week) over (partition by cut) as begins_week
    from stays

),

described as (

    select
        numbered.cut,
        numbered.customer,
        numbered.customer_id,
        numbered.first_week,
        numbered.last_week,
        numbered.begins_week,
        numbered.ends_week,
        {{ weeks_since('numbered.begins_week', 'numbered.first_week') }} as first_position,
        {{ weeks_since('numbered.begins_week', 'numbered.last_week') }} as last_position,
        coalesce(customers.region, '') as region,
        coalesce(customers.segment, '') as segment,
        coalesce(customers.plan, '') as plan
    from numbered
    inner join customers on numbered.customer_id = customers.customer_id

)

select * from described
