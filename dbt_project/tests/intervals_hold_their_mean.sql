-- Sentiments outside their own interval.
select
    'customer' as level,
    customer_id as subject,
    week
from {{ ref('fct_customer_week') }}
where not (sentiment between sentiment_low and sentiment_high)
union all
select
    level,
    subject,
    week
from {{ ref('mart_group_week') }}
where not (sentiment between sentiment_low and sentiment_high)
