-- Customer weeks whose number of items is not that of fct_feedback.
with counted as (

    select
        customer_id,
        week,
        count(*) as n_feedback
    from {{ ref('fct_feedback') }}
    group by customer_id, week

)

select
    weeks.customer_id,
    weeks.week
from {{ ref('fct_customer_week') }} as weeks
left join counted on weeks.customer_id = counted.customer_id and weeks.week = counted.week
where
    weeks.n_feedback != coalesce(counted.n_feedback, 0)
    or weeks.n_feedback != weeks.n_surveys + weeks.n_tickets
    or (weeks.n_scored = 0) != (weeks.sentiment is null)
