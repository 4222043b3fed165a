-- One row per channel with texts that somebody can be asked to label: how many, its labels, and by what it is scored.
{{ config(materialized='view') }}

with queue as (

    select * from {{ ref('int_label_queue') }}

),

texts as (

    select * from {{ ref('int_channel_text') }}

),

labels as (

    select * from {{ source('ml', 'audit_labels') }}

),

scorers as (

    select * from {{ source('ml', 'scorers') }}
    where is_in_force

),

waiting as (

    select
        source,
        question,
        language,
        count(*) as n_texts
    from queue
    group by source, question, language

),

labelled as (

    select
        texts.source,
        texts.question,
        texts.language,
        map(list(texts.text_id), list(labels.label)) as labels
    from texts
    inner join labels on texts.text_id = labels.text_id
    group by texts.source, texts.question, texts.language

),

described as (

    select
        waiting.source,
        waiting.question,
        waiting.language,
        waiting.n_texts,
        coalesce(labelled.labels, map {}) as labels,
        coalesce(scorers.basis != 'lexicon', false) as is_learned
    from waiting
    left join labelled
        on waiting.source = labelled.source
        and waiting.question = labelled.question
        and waiting.language = labelled.language
    left join scorers
        on waiting.source = scorers.source
        and waiting.question = scorers.question
        and waiting.language = scorers.language

)

select * from described
