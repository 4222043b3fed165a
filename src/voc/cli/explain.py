"""`voc explain`: why something is, or is not, a contradiction."""

from dataclasses import asdict
from typing import Annotated

import typer

from voc import app
from voc.app.explain import explain as explained
from voc.cli.options import HERE, Config, Json, StateFolder, print_json
from voc.cli.show import explain as show_explain

IdOrName = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="Of a case or a contradiction (its beginning is enough), of a customer, or a group's name."
    ),
]


def explain(id_or_name: IdOrName, config: Config = HERE, state: StateFolder = None, json_: Json = False) -> None:
    """Explain one subject: both series, what speaks for and against a contradiction, or why there is none.

    Example: voc explain 3f9c
    """
    found = explained(app.open_project(config, state), id_or_name)
    if json_:
        print_json(asdict(found))
    else:
        show_explain.explained(found)
