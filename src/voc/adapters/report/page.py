"""The nightly report: one page that needs nothing but itself."""

import shlex
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from voc.adapters.report import case_chart, evidence_chart, svg_png
from voc.adapters.report.report_data import MOST_CHARTS, ReportNight
from voc.domain.cases import case_words
from voc.domain.cases.case import State, Verdict
from voc.domain.display_text import display_text
from voc.domain.evidence import evidence_words
from voc.domain.formatting import counted, day, tone

MOST_ROWS = 500
MOST_OVER = 50
MOST_MEMBERS = 10
"""Customers of a group that are named; the rest are counted."""


def page(night: ReportNight, has_docs: bool) -> str:
    """The report as an HTML document without script or outside resource; the same night gives the same text.

    Whatever came from outside is escaped and made fit to be shown; only our own drawings are put in as they are.
    has_docs: link the documentation of the tables beside the reports.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: display_text(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": lambda when: day(when, night.run["as_of"]),
        "counted": counted,
        "tone": tone,
        "title": lambda code: str(code).replace("_", " ").capitalize(),
        "quoted": shlex.quote,
        "stake_words": case_words.stake_words,
        "facts": case_words.facts,
        "went_words": evidence_words.went_words,
        "chart": lambda view: Markup(case_chart.svg(view)),  # noqa: S704  # drawn and escaped by us
        "evidence_chart": lambda evidence: Markup(evidence_chart.svg(evidence)),  # noqa: S704  # drawn by us too
        "standing_words": evidence_words.standing_words,
        "name_words": evidence_words.name_words,
        "with_unlikely_joined": evidence_words.with_unlikely_joined,
        "weight_words": evidence_words.weight_words,
        "plausibility_words": evidence_words.plausibility_words,
        "left_out_words": evidence_words.left_out_words,
        "signed": evidence_words.signed,
        "percent": evidence_words.percent,
        "kind_words": case_words.kind_words,
        "verdict_words": case_words.verdict_words,
        "look_first": case_words.look_first,
    }
    return environment.get_template("report.html.j2").render(
        run=night.run,
        live=night.live,
        over=night.over,
        kpis=night.kpis,
        coverage=night.coverage,
        rejects=night.rejects,
        themes=night.themes,
        misleading=night.misleading,
        why=night.why,
        explained=night.explained,
        fell_silent=night.fell_silent,
        nobody_asked=night.nobody_asked,
        not_tested=evidence_words.NOT_TESTED,
        summary=summary(night),
        verdicts=list(Verdict),
        has_docs=has_docs,
        most_charts=MOST_CHARTS,
        most_rows=MOST_ROWS,
        most_over=MOST_OVER,
        most_members=MOST_MEMBERS,
        light=svg_png.LIGHT,
        dark=svg_png.DARK,
    )


def summary(night: ReportNight) -> tuple[str, str, str]:
    """The night in three sentences: what came in and was judged, how the cases stand, what could not be judged."""
    run, live, over = night.run, night.live, night.over
    sources: list[dict[str, Any]] = run["sources"] or []
    n_judged = sum(row["n"] for row in night.coverage if row["state"] == "judged")
    n_cleared = sum(view.state is State.CLEARED for view in over)
    n_held = sum(view.held_because is not None for view in live)
    held = [f"{source['source']} ({source['held_because']})" for source in sources if source["is_held"]]
    did = Counter(view.tonight for view in (*live, *over))
    words = {"opened": "new", "reopened": "back", "worse": "worse", "cleared": "cleared"}
    tonight = ", ".join(f"{did[event]:,} {word}" for event, word in words.items() if did[event]) or "nothing new"
    is_open = f"{counted(len(live), 'case')} {'is' if len(live) == 1 else 'are'} open"
    return (
        f"{counted(run['rows_landed'], 'row')} from {counted(len(sources), 'source')} stand behind this night, and "
        f"{n_judged:,} of {counted(run['n_customers'], 'customer')} could be judged.",
        f"{is_open if live else 'No case is open'} (tonight {tonight}); "
        f"{n_cleared:,} cleared and {len(over) - n_cleared:,} closed by people so far.",
        f"{counted(run['n_customers'] - n_judged, 'customer')} could not be judged"
        + (f"; sources held: {', '.join(held)}" if held else "; no source is held")
        + (f", and {counted(n_held, 'open case')} waited for that." if n_held else "."),
    )
