"""What a person sees while a night runs and when it is done; plain lines when nobody is watching a terminal."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voc.app import NightResult
from voc.domain.display_text import display_text
from voc.domain.formatting import counted

_err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
_out = Console(highlight=False, markup=False)

_QUERY = "select state, count(*) as customers from marts.fct_coverage group by all order by all"


class TerminalProgress:
    """A line a step on stderr: its name, its seconds, what it came to; a spinner while it runs in a terminal."""

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Shows one step."""
        last_line = ""
        began = time.monotonic()
        with _err.status(f"{name} …") if _err.is_terminal else nullcontext() as status:

            def say(line: str) -> None:
                nonlocal last_line
                last_line = line
                if status is not None:
                    status.update(f"{name} · {line}")

            if status is None:
                _err.print(f"{name} …")
            yield say
        _err.print(Text.assemble((f"{name:<15}", "bold"), f"{time.monotonic() - began:6.1f} s  ", last_line))

    def warn(self, line: str) -> None:
        """A line of its own."""
        _err.print(Text.assemble(("warning ", "yellow"), line))


def fail(message: str) -> None:
    """Why nothing came of it, on stderr."""
    _err.print(Text.assemble(("error ", "bold red"), message))


def night(outcome: NightResult, run: dict[str, Any], found: list[dict[str, Any]], current: Path) -> None:
    """What a night found, where the marts are, and a query to begin with."""
    if outcome.already_done:
        _out.print(f"Already done: run {outcome.run_id} had the same inputs and settings; nothing was changed.")
    if found:
        _contradictions(f"Contradictions as of {outcome.as_of}, most at stake first", found)
    else:
        _out.print(f"No contradiction surfaced as of {outcome.as_of}.")
    _out.print(_judged(run))
    if run["n_surfaced"] > len(found):
        _out.print(f"{run['n_surfaced'] - len(found):,} more stand in marts.fct_contradictions.")
    marts = _near(current if outcome.is_current else outcome.path)
    _out.print(Text.assemble(("\nReport ", "bold"), _near(outcome.report)), soft_wrap=True)
    _out.print(Text.assemble(("Marts  ", "bold"), str(marts)), soft_wrap=True)
    if not outcome.is_current:
        _out.print("       (a newer night is published, so current.duckdb was left where it is)")
    python = os.path.relpath(sys.executable)
    ask = f"""{python} -c "import duckdb; duckdb.connect('{marts}', read_only=True).sql('{_QUERY}').show()" """
    _out.print(Text.assemble(("Try    ", "bold"), ask.strip()), soft_wrap=True)


def _contradictions(title: str, found: list[dict[str, Any]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, padding=(0, 1))
    table.add_column("Who and what", min_width=22, max_width=34, overflow="fold")
    table.add_column("At stake\na month", justify="right")
    table.add_column("Why", overflow="fold")
    for row in found:
        at_stake = "?" if row["value_at_stake"] is None else f"{row['value_at_stake']:,.0f}"
        details = f"{row['kind']}: {row['kpi'] or ''}\ncase {row['case_id']}"
        who = Text.assemble((f"{display_text(row['name'])} ({display_text(row['subject'])})\n", "bold"), details)
        table.add_row(who, at_stake, display_text(row["reason"]))
    _out.print(table)


def status(summary: dict[str, Any]) -> None:
    """A short page: the current night, its sources, and who is writing."""
    run = summary["current"]
    if summary["writing"]:
        writer = summary["writing"]
        _out.print(f"Writing now: {writer['what']} (process {writer['pid']} since {writer['since']})")
    if summary["lease"]:
        _out.print(f"Leased to {summary['lease']['holder']} until {summary['lease']['until']}")
    if run is None:
        _out.print(f"Nothing is published in {summary['state']} yet; begin with: voc run")
        return
    _out.print(Text.assemble(("Current night  ", "bold"), f"{run['as_of']} (run {run['run_id']})"))
    _out.print(f"{counted(run['n_surfaced'], 'contradiction')} surfaced. {_judged(run)}")
    table = Table("Source", "Kind", "Newest (UTC)", "Fresh", padding=(0, 1))
    for name in ("Landed", "Rejected", "Unmatched"):
        table.add_column(name, justify="right")
    for source in run["sources"]:
        fresh = "" if source["newest_at"] is None else "yes" if source["is_fresh"] else "STALE"
        counts = (f"{source[name] or 0:,}" for name in ("rows_landed", "rows_rejected", "rows_unmatched"))
        table.add_row(source["source"], source["kind"], _minute(source["newest_at"]), fresh, *counts)
    _out.print(table)
    for source in run["sources"]:
        if source.get("held_because"):  # not known to a night of an earlier version
            _out.print(f"Held: {display_text(source['held_because'])}; cases that rest on it wait.", soft_wrap=True)
    cases = ", ".join(f"{n:,} {state}" for state, n in summary["cases"].items())
    _out.print(Text.assemble(("Cases   ", "bold"), cases or "none"))
    _mail(summary["mail"])
    if summary["report"]:
        _out.print(Text.assemble(("Report  ", "bold"), _near(Path(summary["report"]))), soft_wrap=True)
    _out.print(f"{counted(len(summary['published']), 'night')} kept in {summary['state']}/marts")


def _mail(mail: dict[str, Any]) -> None:
    """What has not reached its owner, and the fix."""
    held = mail["held"]
    queued = f"{mail['pending'] + mail['sending']:,} waiting, {mail['delayed']:,} of them delayed"
    _out.print(
        Text.assemble(("Mail    ", "bold"), queued, f", {len(mail['dead']):,} refused, {counted(held, 'notice')} held")
    )
    if len(mail["channels"]) > 1:
        for channel, n in mail["channels"].items():
            waiting = f"{n['pending'] + n['sending']:,} waiting, {n['delayed']:,} of them delayed"
            _out.print(f"        {channel}: {n['sent']:,} sent, {waiting}, {n['dead']:,} refused")
    for dead in mail["dead"]:
        _out.print(Text(f"        to {dead['recipient']} of {dead['as_of']}: {dead['why']}"))
    if held:
        _out.print("        far more news than usual; look at `voc case list`, then: voc alert --held send (or drop)")


def _judged(run: dict[str, Any]) -> str:
    """Who could be judged at all, and by what."""
    return (
        f"{run['n_customers_judged']:,} of {run['n_customers']:,} customers could be judged "
        f"(marts.fct_coverage says why not the others): {run['calibration_verdict']}."
    )


def _near(path: Path) -> str:
    """A path as one would type it here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
