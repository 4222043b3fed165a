"""The `voc` command. Each command parses, calls voc.app, prints; nothing else."""

import json
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from voc import __version__, app, terminal, voc_yml
from voc.errors import VocError

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Reconcile what customers say with what the metrics say.\n\nExample: voc demo, then voc run, then voc status",
)

Config = Annotated[Path, typer.Option("--config", "-c", help="The project's voc.yml.")]
State = Annotated[Path | None, typer.Option("--state", help="The state folder, instead of the one voc.yml names.")]
Day = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day to judge; the last whole day unless said."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]

HERE = Path("voc.yml")


class Door(StrEnum):
    """Where Great Expectations stands."""

    LANDED = "landed"
    MARTS = "marts"


class Layer(StrEnum):
    """What dbt builds at once."""

    FEEDBACK = "feedback"
    PANEL = "panel"
    MARTS = "marts"


@cli.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to begin.")] = Path()) -> None:
    """Write a commented voc.yml and an empty inbox.

    Example: voc init my-company
    """
    written = voc_yml.write(folder)
    print(f"{written} is yours to edit; put files into {folder / 'inbox'}, then: voc run --config {written}")


@cli.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the made-up company goes.")] = Path("demo"),
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed is another company.")] = 7,
    json_: Json = False,
) -> None:
    """Write a made-up company with planted contradictions, run its night, show what was found.

    Example: voc demo --seed 3
    """
    as_of = app.make_demo(folder, seed, terminal.Steps())
    project = app.open_project(folder / "voc.yml")
    _show(project, app.run(project, as_of, terminal.Steps()), json_)


@cli.command()
def run(config: Config = HERE, as_of: Day = None, state: State = None, json_: Json = False) -> None:
    """Run the whole night for one day: raw files in, published marts out.

    Example: voc run --as-of 2026-03-01
    """
    project = app.open_project(config, state)
    _show(project, app.run(project, _day(as_of), terminal.Steps()), json_)


@cli.command()
def land(config: Config = HERE, state: State = None, json_: Json = False) -> None:
    """Land what is new in the inbox.

    Example: voc land --json
    """
    landed = app.land(app.open_project(config, state), terminal.Steps())
    if json_:
        _print_json({"files": [vars(file) for file in landed.files]})


@cli.command()
def check(
    door: Annotated[Door, typer.Option(help="What landed, or what is to be published.")],
    config: Config = HERE,
    state: State = None,
    json_: Json = False,
) -> None:
    """Let Great Expectations judge what landed, or the marts.

    Example: voc check --door landed
    """
    warnings = app.check(app.open_project(config, state), door.value, terminal.Steps())
    if json_:
        _print_json({"warnings": warnings})


@cli.command()
def build(
    layer: Annotated[Layer, typer.Option(help="Which layer of the dbt project; `feedback` begins a night.")],
    config: Config = HERE,
    as_of: Day = None,
    state: State = None,
) -> None:
    """Build one layer of tables with dbt.

    Example: voc build --layer feedback --as-of 2026-03-01
    """
    app.build(app.open_project(config, state), layer.value, _day(as_of), terminal.Steps())


@cli.command()
def score(config: Config = HERE, as_of: Day = None, state: State = None) -> None:
    """Read the tone of texts that are new.

    Example: voc score --as-of 2026-03-01
    """
    app.score(app.open_project(config, state), _day(as_of), terminal.Steps())


@cli.command()
def detect(config: Config = HERE, as_of: Day = None, state: State = None, json_: Json = False) -> None:
    """Find where what customers say contradicts their metrics.

    Example: voc detect --as-of 2026-03-01 --json
    """
    detected = app.detect(app.open_project(config, state), _day(as_of), terminal.Steps())
    if json_:
        _print_json(vars(detected))


@cli.command()
def publish(config: Config = HERE, as_of: Day = None, state: State = None) -> None:
    """Publish the marts as a file that never changes again.

    Example: voc publish --as-of 2026-03-01
    """
    print(app.publish(app.open_project(config, state), _day(as_of), terminal.Steps()).path)


@cli.command()
def status(config: Config = HERE, state: State = None, json_: Json = False) -> None:
    """Show what is published, how fresh the sources are, and who is writing.

    Example: voc status --json
    """
    said = app.status(app.open_project(config, state))
    if json_:
        _print_json(said)
    else:
        terminal.status(said)


@cli.callback(invoke_without_command=True)
def version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Reconcile what customers say with what the metrics say."""
    if version:
        print(f"voc {__version__}")
        raise typer.Exit


def main() -> None:
    """Runs the command; our own errors are short and say the fix, bugs stay tracebacks."""
    try:
        cli()
    except VocError as error:
        terminal.fail(str(error))
        sys.exit(error.exit_code)


def _show(project: app.Project, outcome: app.Outcome, as_json: bool) -> None:
    night, found = app.night(outcome.path), app.surfaced(outcome.path)
    if as_json:
        _print_json({**vars(outcome), "night": night, "surfaced": found})
    else:
        terminal.night(outcome, night, found, project.marts / "current.duckdb")


def _day(as_of: datetime | None) -> date | None:
    return as_of.date() if as_of else None


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, default=str, ensure_ascii=False, indent=2))
