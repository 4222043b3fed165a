"""What a person sees of cases in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voc.domain.cases.case import Case
from voc.domain.cases.case_view import CaseView
from voc.domain.cases.case_words import facts, look_first
from voc.domain.display_text import display_text
from voc.domain.formatting import counted

_out = Console(highlight=False, markup=False)  # what comes from files is never taken for markup

_NIGHTLY = {"seen": "surfaced", "quiet": "not surfaced"}


def cases(found: Sequence[Case], names: Mapping[str, str]) -> None:
    """A table of cases; ``names``: of their subjects, by case."""
    if not found:
        _out.print("No case is live. `voc case list --all` shows those that are over.")
        return
    table = Table(padding=(0, 1))
    table.add_column("Case", no_wrap=True)
    table.add_column("Who and what", max_width=22, overflow="fold")
    table.add_column("State, due, owner", min_width=26, overflow="fold")
    table.add_column("At stake\na month", justify="right", no_wrap=True)
    for case in found:
        name = display_text(names[case.case_id])
        who = Text.assemble((f"{name}\n", "bold"), f"{case.kind}: {case.kpi or 'no one metric'}")
        state = f"{case.state}{', held' if case.held_because else ''}, due {case.due_on}\n{case.owner_email}"
        at_stake = "?" if case.value_at_stake is None else f"{case.value_at_stake:,.0f}"
        table.add_row(case.case_id, who, Text(state), at_stake)
    _out.print(table)
    _out.print(f"{counted(len(found), 'case')}. More of one: voc case show ID")


def case(case: Case, view: CaseView | None, history: Sequence[Mapping[str, str | None]]) -> None:
    """One case: why, evidence, what to do, and what happened to it."""
    name = display_text(view.name if view else case.subject)
    _out.print(Text(f"{name} ({case.level} {display_text(case.subject)})", "bold"))
    _out.print(f"case {case.case_id}: {case.kind}{f' on {case.kpi}' if case.kpi else ''}, {case.state}")
    _out.print(f"opened {case.opened_on}, due {case.due_on}, last surfaced {case.last_seen_on}")
    _out.print(f"owner {case.owner_email} ({case.owner_why})")
    if case.verdict:
        _out.print(f"closed {case.closed_on}: {case.verdict}")
    if case.snoozed_until:
        _out.print(f"snoozed until {case.snoozed_until}")
    if case.held_because:
        _out.print(f"held: {display_text(case.held_because)}")
    _out.print(f"\n{display_text(case.reason)}")
    if view:
        for fact in facts(view):
            _out.print(Text(f"  {fact}"))
        _out.print(f"Look first: {look_first(view)}")
    _out.print(Text("\nWhat happened", "bold"))
    for line in _collapsed(history):
        _out.print(Text(line))


def settled(case: Case) -> None:
    """What a person's command made of a case."""
    until = f" until {case.snoozed_until}" if case.snoozed_until else ""
    found = f" with verdict {case.verdict}" if case.verdict else ""
    _out.print(f"case {case.case_id} is {case.state}{until}{found}")


def doctor(report: Mapping[str, Any]) -> None:
    """Who would get the cases of each metric, and what is wrong with that."""
    if not report["owners"]:
        _out.print("No night is published yet: only the rules could be read, not whom they match.")
    for kpi, rules in report["owners"].items():
        table = Table(title=f"Cases of {kpi}", title_justify="left", title_style="bold", padding=(0, 1))
        table.add_column("go to")
        table.add_column("customers", justify="right")
        for owner, n in rules.items():
            table.add_row(owner, f"{n:,}")
        _out.print(table)
    for finding in report["findings"]:
        _out.print(Text.assemble(("look  ", "yellow"), finding), soft_wrap=True)
    if not report["findings"]:
        _out.print("Every case would find an owner; no gap, no overlap.")


def _collapsed(history: Sequence[Mapping[str, str | None]]) -> list[str]:
    """A line an event; nights on which nothing changed become one line."""
    lines: list[str] = []
    run: list[Mapping[str, str | None]] = []
    for event in [*history, None]:
        if run and (event is None or event["what"] != run[0]["what"]):
            days = sorted({str(night["on"]) for night in run})  # a day run twice is one night
            span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
            lines.append(f"  {span}  {_NIGHTLY[str(run[0]['what'])]}, {counted(len(days), 'night')}")
            run = []
        if event is not None and event["what"] in _NIGHTLY:
            run.append(event)
        elif event is not None:
            by = f" by {display_text(event['by'])}" if event["by"] else ""
            note = f": {display_text(event['note'])}" if event["note"] else ""
            lines.append(f"  {event['on']}  {event['what']}{by}{note}")
    return lines
