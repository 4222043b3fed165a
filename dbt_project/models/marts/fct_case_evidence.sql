-- One row per contradiction that is surfaced or explained, part of its evidence and position in that part.
with evidence as (

    select * from {{ source('ml', 'evidence') }}

),

-- a subject has one case, ever; somebody looks at it, or should
cases as (

    select * from {{ source('ml', 'cases') }}
    where state in ('open', 'acknowledged', 'snoozed', 'reopened')

),

described as (

    select
        {{ contradiction_id('evidence') }} as contradiction_id,
        cases.case_id,
        evidence.part,
        evidence.position,
        evidence.week,
        evidence.name,
        evidence.theme,
        evidence.value,
        evidence.low,
        evidence.high,
        evidence.verdict,
        evidence.sentence
    from evidence
    left join cases on evidence.level = cases.level and evidence.subject = cases.subject

)

select * from described
