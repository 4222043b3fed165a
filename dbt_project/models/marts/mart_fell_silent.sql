-- One row per customer that used to talk and has said nothing for a quarter, while a metric of it worsens.
with moves as (

    select * from {{ source('ml', 'kpi_moves') }}

),

contacts as (

    select * from {{ ref('int_contact') }}

),

spine as (

    select * from {{ ref('int_spine') }}

),

customers as (

    select * from {{ ref('int_customer') }}
    where churned_on is null

),

held as (

    select * from {{ ref('int_held') }}

),

run as (

    select * from {{ source('raw', 'config_run') }}

),

-- the last 13 complete weeks, a quarter, and the year before them
windows as (

    select
        {{ monday('as_of - 6') }} - 12 * 7 as silent_from,
        silent_from - 52 * 7 as talked_from
    from run

),

present as (

    select
        spine.customer_id,
        count(*) as n_weeks
    from spine
    inner join windows on spine.week >= windows.talked_from and spine.week < windows.silent_from
    group by spine.customer_id

),

heard as (

    select
        contacts.customer_id,
        count(contacts.spoke_at) filter (contacts.week >= windows.talked_from and contacts.week < windows.silent_from)
            as n_items_before,
        max(contacts.spoke_at) as last_feedback_at,
        max(contacts.asked_at) as last_invited_at,
        -- the running week counts here: who has spoken yesterday is not silent
        count(contacts.spoke_at) filter (contacts.week >= windows.silent_from) = 0 as is_silent
    from contacts
    cross join windows
    group by contacts.customer_id

),

-- were it chance, 13 weeks without a word would at the customer's own rate be rarer than 1 in 20 (Poisson)
fell_silent as (

    select heard.*
    from heard
    inner join present on heard.customer_id = present.customer_id
    where
        heard.is_silent
        and heard.n_items_before >= 4
        and exp(-13 * heard.n_items_before / present.n_weeks) < 0.05

),

-- silence cannot be told from a feed that is late, nor a metric's fall
worst as (

    select moves.*
    from moves
    anti join held on moves.customer_id = held.customer_id and (held.kpi is null or held.kpi = moves.kpi)
    qualify row_number() over (partition by moves.customer_id order by moves.moved, moves.kpi) = 1

),

described as (

    select
        worst.customer_id,
        worst.kpi,
        worst.started_week,
        worst.kpi_before,
        worst.kpi_after,
        worst.moved,
        fell_silent.n_items_before,
        fell_silent.last_feedback_at,
        coalesce(fell_silent.last_invited_at > fell_silent.last_feedback_at, false) as was_asked,
        fell_silent.last_invited_at,
        customers.monthly_revenue,
        customers.owner_email
    from worst
    inner join fell_silent on worst.customer_id = fell_silent.customer_id
    inner join customers on worst.customer_id = customers.customer_id

)

select * from described
