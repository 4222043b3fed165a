-- One row per feedback item and theme that its words are about.
with items as (

    select * from {{ ref('int_feedback_theme') }}
    where theme is not null

),

described as (

    select
        feedback_id,
        theme,
        weight,
        is_nearest
    from items

)

select * from described
