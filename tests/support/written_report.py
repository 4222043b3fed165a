"""A report as a night writes it, and one with everything in it."""

from datetime import date

import pytest

from support.evidenced_night import add_evidence, add_group, add_unheard, explain_by
from support.reported_night import Page, small_night
from voc.adapters.report import page as report_page
from voc.steps import report

RUN = "2026-03-01-5e5e5e5e"


def written(night, reports, run_id=RUN, make_latest=True, keep=None):
    return report.run(night.path, run_id=run_id, reports=reports, make_latest=make_latest, keep=keep)


def full_page(folder):
    """A case of every state, a group's case, one that is held, more than get a picture, and a docs folder."""
    night, reports = small_night(folder / "night.duckdb"), folder / "reports"
    night.do(
        "update marts.mart_run set sources = [struct_update(s, is_held := s.source = 'nps', "
        "held_because := if(s.source = 'nps', 'late', null)) for s in sources]"
    )
    night.add_case("live")
    add_evidence(night)
    night.add_case("held", tonight="held", state="reopened", held_because="source nps is late", value_at_stake=900,
                   subject="C2", customer_id="C2")  # fmt: skip
    add_group(night, reason="Group.")
    explain_by(night, "b", "mix_of_channels")
    add_evidence(night, "b", kpi="spend", rivals={"mix_of_channels": ("explains", "Tickets came instead of surveys.")})
    add_unheard(night, "mart_fell_silent", "C2", monthly_revenue=1234.0, owner_email="ann@acme.example")
    for i, state in enumerate(("acknowledged", "snoozed")):
        night.add_case(f"more{i}", tonight="seen", state=state, value_at_stake=None, opened_on=date(2026, 2, 20))
    night.add_case(
        "cleared", tonight="cleared", state="cleared", last_seen_on=date(2026, 2, 20), opened_on=date(2025, 12, 1)
    )
    night.add_case("closed", tonight=None, state="closed", closed_on=date(2026, 2, 11), verdict="definition_gap")
    (reports / "docs").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_page, "MOST_CHARTS", 3)
        return Page(written(night, reports).read_text())
