-- One row per metric: how often customers contradicted it, and what people found who looked.
with kpis as (

    select * from {{ source('raw', 'config_kpis') }}

),

contradictions as (

    select * from {{ source('ml', 'contradictions') }}
    where is_surfaced

),

cases as (

    select * from {{ source('ml', 'cases') }}

),

trusts as (

    select * from {{ source('ml', 'kpi_trust') }}

),

contradicted as (

    select
        kpi,
        count(distinct (level, subject)) as n_contradicted
    from contradictions
    group by kpi

),

opened as (

    select
        kpi,
        count(*) as n_cases
    from cases
    group by kpi

),

joined as (

    select
        kpis.kpi,
        coalesce(contradicted.n_contradicted, 0) as n_contradicted,
        coalesce(opened.n_cases, 0) as n_cases,
        trusts.n_verdicts,
        trusts.n_metric_wrong,
        trusts.n_metric_right,
        trusts.trust,
        trusts.trust_low,
        trusts.trust_high
    from kpis
    inner join trusts on kpis.kpi = trusts.kpi
    left join contradicted on kpis.kpi = contradicted.kpi
    left join opened on kpis.kpi = opened.kpi

)

select * from joined
