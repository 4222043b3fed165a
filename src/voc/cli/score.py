"""`voc score`: the step by itself, and how far its scorers go."""

from typing import Annotated

import typer

from voc import app
from voc.cli.options import HERE, Config, Day, StateFolder, day_of, print_json
from voc.cli.show import label as show_label
from voc.cli.show import night as show_night

Report = Annotated[
    bool, typer.Option("--report", help="Score nothing; show how the newest night's scorers agree with labels.")
]
ReportJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON on stdout.")]


def score(
    config: Config = HERE,
    as_of: Day = None,
    state: StateFolder = None,
    report: Report = False,
    json_: ReportJson = False,
) -> None:
    """Read the tone of texts that are new, or show how reliably each channel is read.

    Example: voc score --report
    """
    project = app.open_project(config, state)
    if not report:
        app.score(project, day_of(as_of), show_night.TerminalProgress())
        return
    found = app.scorers(project)
    if json_:
        print_json({"scorers": found})
    else:
        show_label.scorers(found)
