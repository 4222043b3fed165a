-- One row per theme that the customers' words are about.
with themes as (

    select * from {{ source('ml', 'themes') }}

),

described as (

    select
        theme,
        min(name) as name,
        list(language order by language) as languages,
        flatten(list(terms order by language)) as terms,
        bool_or(is_seeded) as is_seeded,
        bool_and(is_new) as is_new
    from themes
    group by theme

)

select * from described
