-- One row per customer: whether it could be judged, and if not, why not.
with customers as (

    select * from {{ ref('int_customer') }}

),

spine as (

    select * from {{ ref('int_spine') }}
    where is_complete

),

feedback as (

    select * from {{ ref('int_feedback_scored') }}
    where is_known_now and has_customer

),

kpi_weeks as (

    select * from {{ ref('int_kpi_week') }}
    where value is not null and not is_imputed

),

readings as (

    select * from {{ ref('stg_kpis') }}

),

stale_sources as (

    select * from {{ ref('int_source') }}
    where not is_fresh

),

judgements as (

    select * from {{ source('ml', 'judgements') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

-- the last 13 complete weeks, a quarter
recent as (

    select
        {{ monday('run.as_of - 6') }} as last_week,
        last_week - 12 * 7 as first_week,
        {{ end_of('first_week - 1', 'company.timezone') }} as starts_at
    from run
    cross join company

),

heard as (

    select
        feedback.customer_id,
        max(feedback.said_at) as last_feedback_at,
        count(feedback.sentiment) filter (feedback.week between recent.first_week and recent.last_week)
            as n_items_recent,
        count(feedback.sentiment) filter (feedback.week < recent.first_week) as n_items_before,
        count(*) filter (
            feedback.week between recent.first_week and recent.last_week or feedback.invited_at >= recent.starts_at
        ) as n_asked_recent,
        count(*) filter (
            feedback.week between recent.first_week and recent.last_week
            and feedback.item_kind = 'survey'
            and feedback.unscored_reason in ('no_reading', 'null_answer', 'no_text')
        ) as n_empty_recent
    from feedback
    cross join recent
    group by feedback.customer_id

),

measured as (

    select
        customer_id,
        max(week) as last_kpi_week,
        count(distinct week) filter (is_complete) as n_kpi_weeks
    from kpi_weeks
    group by customer_id

),

lived as (

    select
        customer_id,
        count(*) as n_weeks
    from spine
    group by customer_id

),

stale as (

    select
        customer_id,
        min(source) as source
    from (
        select feedback.customer_id, feedback.source
        from feedback
        semi join stale_sources
            on feedback.source = stale_sources.source and feedback.item_kind || 's' = stale_sources.kind
        union all
        select readings.customer_id, readings.source
        from readings
        semi join stale_sources on readings.source = stale_sources.source and stale_sources.kind = 'kpis'
    )
    group by customer_id

),

counted as (

    select
        customers.customer_id,
        customers.churned_on,
        stale.source as stale_source,
        coalesce(heard.n_items_recent, 0) as n_items_recent,
        coalesce(heard.n_items_before, 0) as n_items_before,
        coalesce(heard.n_asked_recent, 0) as n_asked_recent,
        coalesce(heard.n_empty_recent, 0) as n_empty_recent,
        heard.last_feedback_at,
        measured.last_kpi_week,
        coalesce(measured.n_kpi_weeks, 0) as n_kpi_weeks,
        coalesce(lived.n_weeks, 0) as n_weeks,
        judgements.state as judgement,
        judgements.why as judged_why
    from customers
    left join stale on customers.customer_id = stale.customer_id
    left join heard on customers.customer_id = heard.customer_id
    left join measured on customers.customer_id = measured.customer_id
    left join lived on customers.customer_id = lived.customer_id
    left join judgements on customers.customer_id = judgements.customer_id

),

-- The first state that holds. Who was judged, or could be but for the calibration, is the detector's word. Twelve weeks
-- of history is what it needs before a suspected start.
stated as (

    select
        *,
        case
            when judgement in ('judged', 'not_calibrated_yet') then judgement
            when churned_on is not null then 'churned'
            when stale_source is not null then 'stale_feed'
            when n_weeks < 12 then 'new'
            when judgement = 'no_metric_history' or (judgement is null and n_kpi_weeks < 12) then 'no_metric_history'
            when n_asked_recent = 0 then 'not_asked'
            when n_items_recent = 0 and n_empty_recent > 0 then 'asked_but_silent'
            else 'too_little_feedback'
        end as state
    from counted

),

explained as (

    select
        customer_id,
        state,
        n_items_recent,
        n_items_before,
        last_feedback_at,
        last_kpi_week,
        n_kpi_weeks,
        n_weeks,
        case state
            when 'churned' then 'left on ' || churned_on
            when 'stale_feed' then 'source ' || stale_source || ' is late'
            when 'no_metric_history'
                then n_kpi_weeks || ' complete weeks with a metric; 12 weeks'' worth are needed before a possible start'
            when 'new' then n_weeks || ' of the 12 complete weeks as a customer that are needed'
            when 'not_asked' then 'nothing said or asked in the last 13 complete weeks'
            when 'asked_but_silent' then 'only empty answers in the last 13 complete weeks'
            when 'too_little_feedback' then coalesce(judged_why, 'the detector did not see this customer')
            else
                concat_ws(
                    '; ',
                    coalesce(judged_why, 'judged'),
                    'source ' || stale_source || ' is late',
                    'left on ' || churned_on
                )
        end as why
    from stated

)

select * from explained
