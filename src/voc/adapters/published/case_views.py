"""Reads the cases of a published night, as mail and report show them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voc.adapters.published import reading
from voc.domain.cases.case import LIVE, State, Verdict
from voc.domain.cases.case_view import CaseView, Trends
from voc.domain.cases.trust import Trust
from voc.domain.display_text import display_text
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

N_WEEKS = 52
"""Complete weeks that are shown: a year, so that a season is seen once."""

_TEXTS = ("level", "subject", "name", "segment", "region", "plan", "owner_email", "owner_why", "held_because", "reason")
_VALUES = (
    "case_id", "as_of", "opened_on", "due_on", "last_seen_on", "closed_on", "started_week", "started_low",
    "started_high", "is_drift", "value_at_stake", "currency", "sentiment_before", "sentiment_after",
    "kpi_before", "kpi_after", "n_items", "n_items_before", "sentiment_change", "sentiment_change_low",
    "sentiment_change_high", "kpi_change", "kpi_change_low", "kpi_change_high", "q_value", "tonight", "n_restated",
)  # fmt: skip
_ORDER = {**dict.fromkeys(LIVE, 0), State.CLEARED: 1, State.CLOSED: 2}

_CASES = """
    select
        cases.case_id, cases.level, cases.subject, cases.kpi, cases.kind, cases.owner_email, cases.owner_why,
        cases.state, cases.opened_on, cases.due_on, cases.last_seen_on, cases.closed_on, cases.verdict,
        cases.started_week, cases.started_low, cases.started_high, coalesce(cases.is_drift, false) as is_drift,
        cases.value_at_stake, cases.reason, cases.held_because, cases.tonight, cases.n_restated,
        run.as_of, run.currency,
        coalesce(customer.name, cases.subject) as name, customer.segment, customer.region, customer.plan,
        found.sentiment_before, found.sentiment_after, found.n_items, found.n_items_before, found.sentiment_change,
        found.sentiment_change_low, found.sentiment_change_high, found.q_value,
        same.agreeing_kpis, same.kpi_before, same.kpi_after, same.kpi_change, same.kpi_change_low, same.kpi_change_high,
        trust.n_verdicts, trust.n_metric_wrong, trust.n_metric_right, trust.trust, trust.trust_low, trust.trust_high
    from marts.fct_cases as cases
    cross join marts.mart_run as run
    left join marts.dim_customer as customer on cases.customer_id = customer.customer_id
    left join marts.mart_kpi_trust as trust on cases.kpi = trust.kpi
    -- tonight's test of the subject, if it is of the same time; another metric may look likeliest tonight
    left join marts.fct_contradictions as found
        on cases.level = found.level and cases.subject = found.subject
        and coalesce(cases.started_low, cases.started_week) <= coalesce(found.started_high, found.started_week)
        and coalesce(found.started_low, found.started_week) <= coalesce(cases.started_high, cases.started_week)
    left join marts.fct_contradictions as same
        on found.contradiction_id = same.contradiction_id and cases.kind = same.kind
        and cases.kpi is not distinct from same.kpi
    where $case_ids is null or list_contains($case_ids, cases.case_id)
    qualify row_number() over (
        partition by cases.case_id order by same.kind is null, found.score desc, found.contradiction_id
    ) = 1
"""

_TRENDS = f"""
    with cases as (
        select case_id, level, subject, customer_id, kpi
        from marts.fct_cases
        where $case_ids is null or list_contains($case_ids, case_id)
    ),
    customer_weeks as (
        select
            cases.case_id, weeks.week, weeks.n_feedback, weeks.sentiment, weeks.sentiment_low, weeks.sentiment_high,
            readings.value, coalesce(readings.is_imputed, false) as is_imputed
        from cases
        inner join marts.fct_customer_week as weeks on cases.customer_id = weeks.customer_id and weeks.is_complete
        left join marts.fct_kpi_week as readings
            on cases.customer_id = readings.customer_id and cases.kpi = readings.kpi and weeks.week = readings.week
    ),
    -- a group has no row for a week in which nobody spoke; the company's weeks are the axis
    began as (
        select cases.case_id, cases.level, cases.subject, min(spoken.week) as week
        from cases
        inner join marts.mart_group_week as spoken on cases.level = spoken.level and cases.subject = spoken.subject
        where cases.customer_id is null
        group by all
    ),
    group_weeks as (
        select
            began.case_id, axis.week, coalesce(spoken.n_feedback, 0) as n_feedback,
            spoken.sentiment, spoken.sentiment_low, spoken.sentiment_high,
            null::double as value, false as is_imputed
        from began
        inner join (select distinct week from marts.fct_customer_week where is_complete) as axis
            on axis.week >= began.week
        left join marts.mart_group_week as spoken
            on began.level = spoken.level and began.subject = spoken.subject and axis.week = spoken.week
    ),
    newest as (
        select * from (select * from customer_weeks union all select * from group_weeks)
        qualify row_number() over (partition by case_id order by week desc) <= {N_WEEKS}
    )
    select
        case_id, list(week order by week), list(sentiment order by week), list(sentiment_low order by week),
        list(sentiment_high order by week), list(n_feedback order by week), list(value order by week),
        list(is_imputed order by week)
    from newest
    group by case_id
"""


def read(marts_file: Path, case_ids: Sequence[str] | None = None) -> list[CaseView]:
    """The cases of a published file, or those of ``case_ids``: live ones first, then cleared, then closed.

    Within these, most at stake first, unknown stakes last. Three queries, however many cases there are; names are made
    fit to be shown, a customer's words are not read.
    Raises  OutsideError when another version of voc has published the file.
    """
    bound = {"case_ids": None if case_ids is None else list(case_ids)}
    with reading.opened(marts_file) as connection:
        kpis = {row["kpi"]: _kpi(row) for row in reading.rows(connection, "select * from marts.dim_kpi")}
        trends = {row[0]: _trends(row[1:]) for row in connection.execute(_TRENDS, bound).fetchall()}
        cases = reading.rows(connection, _CASES, bound)
    views = [_view(row, kpis, trends.get(row["case_id"], _trends(((),) * 7))) for row in cases]
    return sorted(views, key=rank)


def rank(view: CaseView) -> tuple[int, float, str]:
    """What sorts cases into the order in which they are shown."""
    stake = float("inf") if view.value_at_stake is None else -view.value_at_stake
    return _ORDER[view.state], stake, view.case_id


def _view(row: dict[str, Any], kpis: dict[str, Kpi], trends: Trends) -> CaseView:
    """One row of ``_CASES``."""
    plain: dict[str, Any] = {name: row[name] for name in _VALUES}
    plain |= {name: row[name] and display_text(row[name]) for name in _TEXTS}
    kind = Kind(row["kind"])
    return CaseView(
        **plain,
        kind=kind,
        presumed_wrong=kind.claim.presumed_wrong and str(kind.claim.presumed_wrong),
        kpi=kpis.get(row["kpi"]),
        state=State(row["state"]),
        verdict=row["verdict"] and Verdict(row["verdict"]),
        agreeing_kpis=tuple(
            kpis[kpi].label if kpi in kpis else display_text(kpi) for kpi in row["agreeing_kpis"] or ()
        ),
        trust=_trust(row),
        trends=trends,
    )


def _kpi(row: dict[str, Any]) -> Kpi:
    return Kpi(name=row.pop("kpi"), **{**row, "label": display_text(row["label"])})


def _trust(row: dict[str, Any]) -> Trust | None:
    """What people found about the case's metric; None where no metric is meant."""
    if row["n_verdicts"] is None:
        return None
    counts = row["n_verdicts"], row["n_metric_wrong"], row["n_metric_right"]
    return Trust(*counts, row["trust"], row["trust_low"], row["trust_high"])


def _trends(lists: Sequence[Sequence[Any]]) -> Trends:
    return Trends(*map(tuple, lists))
