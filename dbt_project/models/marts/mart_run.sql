-- One row: the night, what came in and what came out.
with run as (

    select * from {{ source('raw', 'config_run') }}

),

sources as (

    select * from {{ ref('int_source') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

coverage as (

    select * from {{ ref('fct_coverage') }}

),

contradictions as (

    select * from {{ source('ml', 'contradictions') }}

),

calibration as (

    select * from {{ source('ml', 'calibration') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

came_in as (

    select
        cast(sum(rows_landed) as bigint) as rows_landed,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        cast(sum(rows_unmatched) as bigint) as rows_unmatched,
        cast(sum(n_files_refused) as bigint) as n_files_refused,
        cast(sum(n_files_quarantined) as bigint) as n_files_quarantined,
        list(
            struct_pack(
                source := source,
                kind := kind,
                newest_at := newest_at,
                is_fresh := is_fresh,
                rows_landed := rows_landed,
                rows_rejected := rows_rejected,
                rows_unmatched := rows_unmatched,
                rows_conflicting := rows_conflicting,
                is_held := held_because is not null,
                held_because := held_because
            )
            order by kind, source
        ) as sources
    from sources

),

summed as (

    select
        run.run_id,
        run.as_of,
        run.started_at,
        company.company,
        company.timezone,
        company.currency,
        coalesce(came_in.rows_landed, 0) as rows_landed,
        coalesce(came_in.rows_rejected, 0) as rows_rejected,
        coalesce(came_in.rows_unmatched, 0) as rows_unmatched,
        coalesce(came_in.n_files_refused, 0) as n_files_refused,
        coalesce(came_in.n_files_quarantined, 0) as n_files_quarantined,
        (select count(*) from customers) as n_customers,
        (select count(*) from coverage where state = 'judged') as n_customers_judged,
        (select count(*) from contradictions) as n_tested,
        (select count(*) from contradictions where is_surfaced) as n_surfaced,
        (select count(*) from contradictions where explained_by is not null) as n_explained,
        coalesce((select any_value(is_calibrated) from calibration), false) as is_calibrated,
        (select any_value(verdict) from calibration) as calibration_verdict,
        came_in.sources
    from run
    cross join came_in
    cross join company

)

select * from summed
