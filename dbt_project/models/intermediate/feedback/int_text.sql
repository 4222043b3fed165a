-- One row per distinct text of a customer in a channel, with what reading and scoring it takes.
{{ config(materialized='view') }}

with feedback as (

    select * from {{ ref('int_feedback') }}
    where text_id is not null

),

customers as (

    select * from {{ ref('int_customer') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

labelled as (

    select
        feedback.*,
        run.learn_before,
        feedback.is_known_at_block and {{ is_customer('feedback.actor_type') }} as teaches
    from feedback
    cross join run

),

texts as (

    select
        text_id,
        any_value(source) as source,
        any_value(question) as question,
        any_value(customer_id) as customer_id,
        coalesce(any_value(language), '') as language,
        any_value(text) as text,
        min(said_at) as said_at,
        coalesce(min(respondent), any_value(customer_id)) as respondent,
        list(distinct respondent) as respondents,
        bool_or(teaches) as is_known_at_block,
        -- in a fixed order: the last digit of a sum hangs on it, and the scorer that is learned on the digit
        avg(score_01 order by score_01) filter (teaches and score_known_at < learn_before) as label
    from labelled
    group by text_id

),

described as (

    select
        texts.* exclude (respondents),
        upper(regexp_extract(customers.locale, '[-_]([A-Za-z]{2})$', 1)) as country,
        -- an id without a digit may be a word, as a state's is
        list_sort(list_distinct(list_concat(
            [customers.name, case when regexp_matches(texts.customer_id, '[0-9]') then texts.customer_id end],
            texts.respondents
        ))) as names
    from texts
    left join customers on texts.customer_id = customers.customer_id

)

select * from described
