"""`voc case`: what people do with cases."""

import csv
import sys
from dataclasses import asdict, fields
from datetime import datetime
from typing import Annotated

import typer

from voc import app
from voc.cli.options import HERE, Config, Day, Json, StateFolder, day_of, print_json
from voc.cli.show import case as show_case
from voc.cli.show import night as show_night
from voc.domain.cases.case import Case, Verdict
from voc.domain.formula_injection import escape_formula

case = typer.Typer(
    name="case",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="See and settle cases: list, show, acknowledge, snooze, close, reopen.\n\nExample: voc case list",
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The case's id, or as much of its beginning as names it.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; whoever is logged in unless said.")]


@case.command("list")
def list_(
    config: Config = HERE,
    state: StateFolder = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Only the cases of this address.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also cases that are cleared or closed.")] = False,
    csv_: Annotated[bool, typer.Option("--csv", help="Print CSV that a spreadsheet can open safely.")] = False,
    json_: Json = False,
) -> None:
    """List live cases, most at stake first.

    Example: voc case list --owner cx-lead@lumen.example
    """
    project = app.open_project(config, state)
    found = app.cases_of(project, owner=owner, everything=everything)
    names = app.names_of(project, found)
    rows = [{"name": names[case_.case_id], **case_.to_json()} for case_ in found]
    if json_:
        print_json({"cases": rows})
    elif csv_:
        writer = csv.writer(sys.stdout)
        writer.writerow(["name", *(field.name for field in fields(Case))])
        writer.writerows([escape_formula(value) for value in row.values()] for row in rows)
    else:
        show_case.cases(found, names)


@case.command()
def show(id_: Id, config: Config = HERE, state: StateFolder = None, json_: Json = False) -> None:
    """Show one case: why it is one, its evidence, and what happened to it.

    Example: voc case show 3f9c
    """
    found, view, history = app.one_case(app.open_project(config, state), id_)
    if json_:
        print_json({"case": found.to_json(), "view": asdict(view) if view else None, "history": history})
    else:
        show_case.case(found, view, history)


@case.command()
def acknowledge(id_: Id, config: Config = HERE, state: StateFolder = None, by: By = None) -> None:
    """Say that somebody looks at a case.

    Example: voc case acknowledge 3f9c
    """
    show_case.settled(app.acknowledge(app.open_project(config, state), id_, by))


@case.command()
def snooze(
    id_: Id,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The day it counts again.")],
    config: Config = HERE,
    state: StateFolder = None,
    by: By = None,
) -> None:
    """Hear nothing of a case before a day.

    Example: voc case snooze 3f9c --until 2026-03-15
    """
    show_case.settled(app.snooze(app.open_project(config, state), id_, until.date(), by))


@case.command()
def close(
    id_: Id,
    verdict: Annotated[Verdict, typer.Option("--verdict", help="What was found.")],
    note: Annotated[str, typer.Option("--note", help="What is done about it, for whoever reads it next.")],
    config: Config = HERE,
    state: StateFolder = None,
    by: By = None,
) -> None:
    """Close a case with a verdict, which counts in the trust of its metric.

    Example: voc case close 3f9c --verdict metric_wrong --note "auto-replies stop the clock"
    """
    show_case.settled(app.close(app.open_project(config, state), id_, verdict, note, by))


@case.command()
def reopen(id_: Id, config: Config = HERE, state: StateFolder = None, by: By = None) -> None:
    """Open a closed or cleared case again.

    Example: voc case reopen 3f9c
    """
    show_case.settled(app.reopen(app.open_project(config, state), id_, by))


@case.command()
def night(config: Config = HERE, as_of: Day = None, state: StateFolder = None) -> None:
    """Do the night's part: open, continue and clear cases by what was detected.

    Example: voc case night --as-of 2026-03-01
    """
    app.case(app.open_project(config, state), day_of(as_of), show_night.TerminalProgress())
