"""`voc forget`: a customer's data leave the state folder for good."""

from dataclasses import asdict
from typing import Annotated

import typer

from voc import app
from voc.cli.options import HERE, Config, Json, StateFolder, print_json
from voc.cli.show import forget as show_forget
from voc.cli.show import night as show_night
from voc.errors import InputError


def forget(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer_id, as the files write it.")],
    config: Config = HERE,
    state: StateFolder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask first.")] = False,
    json_: Json = False,
) -> None:
    """Remove a customer from every table, landed file, model, published night, report, mail and case.

    A keyed mark stays, so that a file that lands again doesn't bring the customer back. Every file is searched
    afterwards; what still holds something is named, and the exit code is then 1. See docs/security.md.

    Example: voc forget LB-0401
    """
    project = app.open_project(config, state)
    if not yes:
        _ask(customer)
    forgotten = app.forget(project, customer, show_night.TerminalProgress())
    if json_:
        print_json(asdict(forgotten))
    else:
        show_forget.forgotten(forgotten)
    if forgotten.left:
        raise typer.Exit(1)


def _ask(customer: str) -> None:
    try:
        is_meant = typer.confirm(f"Remove everything of {customer}, for good?", err=True)
    except typer.Abort:  # nobody is there to answer
        is_meant = False
    if not is_meant:
        raise InputError("nothing was removed, as nobody said yes", "answer y, or add --yes")
