"""Commands that begin a project, look after it and show how it stands."""

from pathlib import Path
from typing import Annotated

import typer

from voc import app
from voc.cli.nightly import show_outcome
from voc.cli.options import HERE, Config, Json, StateFolder, print_json
from voc.cli.show import case as show_case
from voc.cli.show import night as show_night


def init(folder: Annotated[Path, typer.Argument(help="Where to begin.")] = Path()) -> None:
    """Write a commented voc.yml and an empty inbox.

    Example: voc init my-company
    """
    written = app.init(folder)
    print(f"{written} is yours to edit; put files into {folder / 'inbox'}, then: voc run --config {written}")


def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the made-up company goes.")] = Path("demo"),
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed is another company.")] = 7,
    run: Annotated[bool, typer.Option("--run/--no-run", help="Run its night, or only write its files.")] = True,
    json_: Json = False,
) -> None:
    """Write a made-up company with planted contradictions, run its night, show what was found.

    Example: voc demo --seed 3 --folder demo-3
    """
    as_of = app.make_demo(folder, seed, show_night.TerminalProgress())
    project = app.open_project(folder / "voc.yml")
    if run:
        show_outcome(project, app.run(project, as_of, show_night.TerminalProgress()), json_)


def status(config: Config = HERE, state: StateFolder = None, json_: Json = False) -> None:
    """Show what is published, how fresh the sources are, and who is writing.

    Example: voc status --json
    """
    summary = app.status(app.open_project(config, state))
    if json_:
        print_json(summary)
    else:
        show_night.status(summary)


def doctor(config: Config = HERE, state: StateFolder = None, json_: Json = False) -> None:
    """Look for cases that would find no owner: gaps and overlaps in the routing, addresses that get no mail.

    Example: voc doctor
    """
    report = app.doctor(app.open_project(config, state))
    if json_:
        print_json(report)
    else:
        show_case.doctor(report)


def docs(config: Config = HERE, state: StateFolder = None) -> None:
    """Build Great Expectations' Data Docs and dbt's docs of the work file, and link them from the report.

    Example: voc docs --config demo/voc.yml
    """
    project = app.open_project(config, state)
    print(app.docs(project, show_night.TerminalProgress()))
    app.report(project, progress=show_night.TerminalProgress())


def airflow(
    config: Config = HERE,
    state: StateFolder = None,
    port: Annotated[int, typer.Option("--port", help="Where its page is served, on 127.0.0.1.")] = 8080,
) -> None:
    """Start Airflow on this machine with the DAGs of this project; Ctrl-C stops it and all its children.

    Example: voc airflow --config demo/voc.yml
    """
    app.airflow(app.open_project(config, state), port, show_night.TerminalProgress())
