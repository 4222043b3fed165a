-- One row per customer with a metric that worsened, who has neither said anything since nor been asked to.
with moves as (

    select * from {{ source('ml', 'kpi_moves') }}

),

contacts as (

    select * from {{ ref('int_contact') }}

),

customers as (

    select * from {{ ref('int_customer') }}
    where churned_on is null

),

held as (

    select * from {{ ref('int_held') }}

),

fell_silent as (

    select * from {{ ref('mart_fell_silent') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

-- neither silence nor a metric's fall can be told from a feed that is late
known as (

    select
        moves.*,
        {{ end_of('moves.started_week - 1', 'company.timezone') }} as began_at
    from moves
    cross join company
    anti join held on moves.customer_id = held.customer_id and (held.kpi is null or held.kpi = moves.kpi)
    anti join fell_silent on moves.customer_id = fell_silent.customer_id

),

unheard as (

    select
        known.customer_id,
        known.kpi,
        known.started_week,
        known.kpi_before,
        known.kpi_after,
        known.moved,
        count(contacts.spoke_at) filter (contacts.week >= known.started_week - 52 * 7) as n_items_before,
        max(contacts.spoke_at) as last_feedback_at,
        max(contacts.asked_at) as last_invited_at
    from known
    left join contacts on known.customer_id = contacts.customer_id
    group by all
    having count(*) filter (contacts.spoke_at >= known.began_at or contacts.asked_at >= known.began_at) = 0

),

worst as (

    select * from unheard
    qualify row_number() over (partition by customer_id order by moved, kpi) = 1

),

described as (

    select
        worst.customer_id,
        worst.kpi,
        worst.started_week,
        worst.kpi_before,
        worst.kpi_after,
        worst.moved,
        worst.n_items_before,
        worst.last_feedback_at,
        worst.last_invited_at,
        customers.monthly_revenue,
        customers.owner_email
    from worst
    inner join customers on worst.customer_id = customers.customer_id

)

select * from described
