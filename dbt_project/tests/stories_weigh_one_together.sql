-- Contradictions whose stories do not share out one whole probability.
select
    contradiction_id,
    sum(value) as weight
from {{ ref('fct_case_evidence') }}
where part = 'story'
group by contradiction_id
having not coalesce(abs(weight - 1) < 1e-6, false)
