-- One row per metric of the catalogue.
with catalogue as (

    select * from {{ source('raw', 'config_kpis') }}

),

described as (

    select
        kpi,
        label,
        unit,
        better,
        cadence,
        combine,
        target,
        owner,
        touchpoint
    from catalogue

)

select * from described
