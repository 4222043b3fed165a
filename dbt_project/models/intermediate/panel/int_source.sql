-- One row per configured source: how fresh it is as of the night, and what became of its rows.
with sources as (

    select * from {{ source('raw', 'config_sources') }}

),

ledger as (

    select * from {{ source('raw', 'ledger') }}

),

rejects as (

    select * from {{ source('raw', 'rejects') }}

),

feedback as (

    select * from {{ ref('int_feedback') }}

),

readings as (

    select * from {{ ref('stg_kpis') }}

),

customers as (

    select * from {{ ref('stg_customers') }}

),

unmatched as (

    select * from {{ ref('int_unmatched') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

newest_day as (

    select
        readings.source,
        max(readings.measured_on) as measured_on
    from readings
    cross join run
    where readings.measured_on <= run.as_of
    group by readings.source

),

newest as (

    select
        source,
        item_kind || 's' as kind,
        max(said_at) as newest_at
    from feedback
    where is_known_now
    group by source, item_kind
    union all
    select
        newest_day.source,
        'kpis' as kind,
        {{ end_of('newest_day.measured_on', 'company.timezone') }} as newest_at
    from newest_day
    cross join company
    union all
    -- a customer list is today's on every night, so it has no cut
    select
        source,
        'customers' as kind,
        max(coalesce(updated_at, landed_at)) as newest_at
    from customers
    group by source

),

landed as (

    select
        source,
        kind,
        sum(n_landed) filter (status = 'accepted') as rows_landed,
        sum(n_conflicts) filter (status = 'accepted') as rows_conflicting,
        max(landed_at) filter (status = 'accepted') as accepted_at,
        -- what a newer file has made good is no news any more
        count(*) filter (status = 'refused' and landed_at >= coalesce(newest_accepted_at, landed_at)) as n_files_refused,
        count(*) filter (status = 'quarantined' and landed_at >= coalesce(newest_accepted_at, landed_at))
            as n_files_quarantined,
        -- a batch that landed and was refused at the door stops the night itself
        max(landed_at) filter (status = 'quarantined' or (status = 'refused' and n_landed = 0)) as put_aside_at,
        arg_max(file_name, landed_at)
            filter (status = 'quarantined' or (status = 'refused' and n_landed = 0)) as put_aside
    from (
        select *, max(landed_at) filter (status = 'accepted') over (partition by source, kind) as newest_accepted_at
        from ledger
    )
    group by source, kind

),

rejected as (

    select
        ledger.source,
        ledger.kind,
        count(*) as rows_rejected
    from rejects
    inner join ledger on rejects.batch = ledger.batch
    group by ledger.source, ledger.kind

),

unknown as (

    select
        source,
        kind,
        count(*) as rows_unmatched
    from unmatched
    group by source, kind

),

summed as (

    select
        sources.source,
        sources.kind,
        newest.newest_at,
        sources.fresh_within_hours is null or coalesce(
            newest.newest_at >= run.known_before - to_seconds(sources.fresh_within_hours * 3600), false
        ) as is_fresh,
        cast(coalesce(landed.rows_landed, 0) as bigint) as rows_landed,
        coalesce(rejected.rows_rejected, 0) as rows_rejected,
        coalesce(unknown.rows_unmatched, 0) as rows_unmatched,
        cast(coalesce(landed.rows_conflicting, 0) as bigint) as rows_conflicting,
        coalesce(landed.n_files_refused, 0) as n_files_refused,
        coalesce(landed.n_files_quarantined, 0) as n_files_quarantined,
        case
            -- no case rests on the list of customers
            when sources.kind = 'customers' then null
            when landed.put_aside_at >= coalesce(landed.accepted_at, landed.put_aside_at)
                then 'source ' || sources.source || ' has its newest file put aside: ' || landed.put_aside
            when not is_fresh
                then 'source ' || sources.source || ' is late: nothing newer than '
                    || coalesce(strftime(newest.newest_at, '%Y-%m-%d %H:%M UTC'), 'the beginning')
        end as held_because
    from sources
    cross join run
    left join newest on sources.source = newest.source and sources.kind = newest.kind
    left join landed on sources.source = landed.source and sources.kind = landed.kind
    left join rejected on sources.source = rejected.source and sources.kind = rejected.kind
    left join unknown on sources.source = unknown.source and sources.kind = unknown.kind

)

select * from summed
