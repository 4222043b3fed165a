-- One row per cut and scored feedback item of a customer's weeks, its channel and touchpoint by name.
{{ config(materialized='view') }}

{% set cuts = {'night': ('is_known_now', ''), 'block': ('is_known_at_block', '_at_block')} -%}

with feedback as (

    select * from {{ ref('int_feedback_scored') }}

),

customers as (

    select * from {{ ref('int_panel_customer') }}

),

items as (

    {% for cut, (is_known, at) in cuts.items() -%}
    select
        customers.cut,
        customers.customer,
        {{ weeks_since('customers.begins_week', 'feedback.week') }} as week,
        feedback.feedback_id,
        feedback.said_at,
        feedback.sentiment{{ at }} as sentiment,
        feedback.sentiment_se{{ at }} as sentiment_se,
        feedback.source || '/' || coalesce(feedback.channel, '') as channel,
        nullif(feedback.touchpoint, '') as touchpoint,
        nullif(feedback.respondent, '') as respondent,
        feedback.words_id
    from feedback
    inner join customers
        on customers.cut = '{{ cut }}'
        and feedback.customer_id = customers.customer_id
        and feedback.week between customers.first_week and customers.last_week
    where feedback.{{ is_known }} and feedback.sentiment{{ at }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor -%}

)

select * from items
