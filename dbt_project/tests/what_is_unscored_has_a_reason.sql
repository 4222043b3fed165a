-- Items with neither a sentiment nor a reason, or with both, or with a sentiment and no standard error.
select feedback_id
from {{ ref('fct_feedback') }}
where
    (sentiment is null) != (unscored_reason is not null)
    or (sentiment is null) != (sentiment_se is null)
