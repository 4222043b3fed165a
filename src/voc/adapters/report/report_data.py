"""Reads what the report shows of a published night."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voc.adapters.published import case_views, evidence_views, reading, theme_views
from voc.adapters.published.unheard_views import unheard
from voc.domain.cases.case import LIVE
from voc.domain.cases.case_view import CaseView
from voc.domain.evidence.evidence import Evidence, Unheard

MOST_CHARTS = 50
"""Cases that get pictures and their evidence: what a person reads in a day, and about 2.5 MB."""
MOST_LISTED = 20
"""Rows of what opens no case: enough to see what it is about."""

_MEANINGS = {
    "judged": "Enough was said and measured to compare.",
    "not_calibrated_yet": "Enough was said and measured, but the company's calm history is too short for a promise.",
    "churned": "Had left by that night.",
    "stale_feed": "A source on which they rest is late.",
    "new": "Fewer than 12 complete weeks as a customer.",
    "no_metric_history": "No metric with 12 weeks' worth of readings before any possible start.",
    "not_asked": "Nothing said or asked in the last 13 complete weeks.",
    "asked_but_silent": "Only empty answers in the last 13 complete weeks.",
    "too_little_feedback": "Too little was said before or after any possible start to compare.",
}


@dataclass(frozen=True)
class ReportNight:
    """A published night: rows as dictionaries by column, cases in the order in which they are shown.

    run: the row of mart_run. kpis: dim_kpi with mart_kpi_trust, most contradicted first. coverage: state, n, means, all
    states in their order. rejects: source, column_name, reason, n, most first. over: the newest first.
    themes, misleading: what customers write about and surveys whose scores mislead, as `theme_views` reads them.
    why: the evidence of live cases that get a picture, by case. explained: what something simpler explains, most
    certain first. fell_silent, nobody_asked: most revenue first. Of these and themes `MOST_LISTED`, and how many there
    are.
    """

    run: dict[str, Any]
    live: list[CaseView]
    over: list[CaseView]
    kpis: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    themes: tuple[list[dict[str, Any]], int]
    misleading: list[dict[str, Any]]
    why: dict[str, Evidence]
    explained: tuple[list[dict[str, Any]], int]
    fell_silent: tuple[list[Unheard], int]
    nobody_asked: tuple[list[Unheard], int]


def read(marts_file: Path) -> ReportNight:
    """The night of a published file. Texts of customers are not read."""
    with reading.opened(marts_file):  # held open, so that each of the queries finds it open
        views = case_views.read(marts_file)
        live, over = [view for view in views if view.state in LIVE], [view for view in views if view.state not in LIVE]
        why = evidence_views.of_cases(marts_file, [view.case_id for view in live[:MOST_CHARTS]])
        states = reading.states(marts_file)
        return ReportNight(
            run=reading.run_of(marts_file),
            live=[with_metric(view, why[view.case_id]) if view.case_id in why else view for view in live],
            over=sorted(over, key=lambda view: view.closed_on or view.last_seen_on, reverse=True),
            kpis=reading.kpis(marts_file),
            coverage=[{"state": state, "n": states.get(state, 0), "means": _MEANINGS[state]} for state in _MEANINGS],
            rejects=reading.rejects(marts_file),
            themes=theme_views.themes(marts_file, MOST_LISTED),
            misleading=theme_views.misleading(marts_file),
            why=why,
            explained=evidence_views.explained(marts_file, MOST_LISTED),
            fell_silent=unheard(marts_file, "mart_fell_silent", most=MOST_LISTED),
            nobody_asked=unheard(marts_file, "mart_nobody_asked", most=MOST_LISTED),
        )


def with_metric(view: CaseView, evidence: Evidence) -> CaseView:
    """The case of a group with its metric's weeks, which only the evidence knows; any other case as it is."""
    if view.level == "customer":
        return view
    by_week = dict(zip(evidence.metric.weeks, evidence.metric.value, strict=True))
    return replace(view, trends=replace(view.trends, kpi=tuple(by_week.get(week) for week in view.trends.weeks)))
