"""Reads what the report shows of a published night."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voc.adapters import case_views, marts
from voc.adapters.marts import rows
from voc.domain.case import LIVE
from voc.domain.case_view import CaseView

_MEANINGS = {
    "churned": "Had left by that night.",
    "stale_feed": "A source on which they rest is late.",
    "no_metric_history": "Fewer than 12 complete weeks with a metric.",
    "new": "Fewer than 12 complete weeks as a customer.",
    "not_asked": "Nothing said or asked in the last 13 complete weeks.",
    "asked_but_silent": "Only empty answers in the last 13 complete weeks.",
    "too_little_feedback": "Too little was said before or after any possible start to compare.",
    "judged": "Enough was said and measured to compare.",
}


@dataclass(frozen=True)
class Night:
    """A published night: rows as dictionaries by column, cases in the order in which they are shown.

    run: the row of mart_run. kpis: dim_kpi with mart_kpi_trust, most contradicted first. coverage: state, n, means, all
    states in their order. rejects: source, column_name, reason, n, most first. over: the newest first.
    """

    run: dict[str, Any]
    live: list[CaseView]
    over: list[CaseView]
    kpis: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    rejects: list[dict[str, Any]]


def read(marts_file: Path) -> Night:
    """The night of a published file. Texts of customers are not read."""
    views = case_views.read(marts_file)
    over = [view for view in views if view.state not in LIVE]
    with marts.opened(marts_file) as connection:
        (run,) = rows(connection, "select * from marts.mart_run")
        states = dict(connection.execute("select state, count(*) from marts.fct_coverage group by all").fetchall())
        return Night(
            run=run,
            live=[view for view in views if view.state in LIVE],
            over=sorted(over, key=lambda view: view.closed_on or view.last_seen_on, reverse=True),
            kpis=rows(
                connection,
                "select kpis.label, trust.* from marts.dim_kpi as kpis inner join marts.mart_kpi_trust as trust "
                "on kpis.kpi = trust.kpi order by trust.n_contradicted desc, kpis.kpi",
            ),
            coverage=[{"state": state, "n": states.get(state, 0), "means": _MEANINGS[state]} for state in _MEANINGS],
            rejects=rows(
                connection,
                "select source, column_name, reason, count(*) as n from marts.mart_rejects "
                "group by all order by n desc, source, column_name, reason",
            ),
        )
