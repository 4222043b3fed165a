-- One row per cut and channel or touchpoint named in it, numbered.
with feedback as (

    select * from {{ ref('int_panel_feedback') }}

),

names as (

    {% for column in ['channel', 'touchpoint'] -%}
    select distinct cut, '{{ column }}' as names_a, {{ column }} as name
    from feedback
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

numbered as (

    select
        cut,
        names_a,
        name,
        cast(row_number() over (partition by cut, names_a order by name) - 1 as integer) as code
    from names

)

select * from numbered
