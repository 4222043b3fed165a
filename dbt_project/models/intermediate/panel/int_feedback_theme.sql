-- One row per feedback item whose words were assigned to themes and theme of it; an item about none has one without.
with feedback as (

    select * from {{ ref('int_feedback') }}
    where is_known_now and has_customer and {{ is_customer('actor_type') }}

),

texts as (

    select * from {{ source('ml', 'text_themes') }}

),

themes as (

    select * from {{ source('ml', 'themes') }}

),

assigned as (

    select text_id, learned, theme, weight, true as is_nearest
    from texts
    union all
    select text_id, learned, second_theme as theme, second_weight as weight, false as is_nearest
    from texts
    where second_theme is not null

),

-- what was assigned to themes that are no longer in force says nothing
in_force as (

    select assigned.*
    from assigned
    semi join themes on assigned.learned = themes.learned

),

described as (

    select
        feedback.feedback_id,
        feedback.customer_id,
        feedback.week,
        feedback.touchpoint,
        in_force.theme,
        in_force.weight,
        in_force.is_nearest
    from feedback
    inner join in_force on feedback.text_id = in_force.text_id

)

select * from described
