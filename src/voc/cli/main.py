"""The `voc` command. Each command parses, calls voc.app, prints; nothing else."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from voc import __version__, app
from voc.cli.case import case
from voc.cli.explain import explain
from voc.cli.forget import forget
from voc.cli.label import label
from voc.cli.options import HERE, Config, Day, Door, HeldMail, Json, Layer, State, day_of, print_json
from voc.cli.score import score
from voc.cli.show import case as show_case
from voc.cli.show import night as show_night
from voc.errors import VocError

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Reconcile what customers say with what the metrics say.\n\n"
    "Example: voc demo, then voc status --config demo/voc.yml",
)

cli.add_typer(case, name="case")
cli.command()(explain)
cli.command()(forget)
cli.command()(label)


@cli.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to begin.")] = Path()) -> None:
    """Write a commented voc.yml and an empty inbox.

    Example: voc init my-company
    """
    written = app.init(folder)
    print(f"{written} is yours to edit; put files into {folder / 'inbox'}, then: voc run --config {written}")


@cli.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the made-up company goes.")] = Path("demo"),
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed is another company.")] = 7,
    run: Annotated[bool, typer.Option("--run/--no-run", help="Run its night, or only write its files.")] = True,
    json_: Json = False,
) -> None:
    """Write a made-up company with planted contradictions, run its night, show what was found.

    Example: voc demo --seed 3 --folder demo-3
    """
    as_of = app.make_demo(folder, seed, show_night.Steps())
    project = app.open_project(folder / "voc.yml")
    if run:
        _show(project, app.run(project, as_of, show_night.Steps()), json_)


@cli.command()
def run(config: Config = HERE, as_of: Day = None, state: State = None, json_: Json = False) -> None:
    """Run the whole night for one day: raw files in, published marts out.

    Example: voc run --as-of 2026-03-01
    """
    project = app.open_project(config, state)
    _show(project, app.run(project, day_of(as_of), show_night.Steps()), json_)


@cli.command()
def land(config: Config = HERE, state: State = None, json_: Json = False) -> None:
    """Land what is new in the inbox.

    Example: voc land --json
    """
    landed = app.land(app.open_project(config, state), show_night.Steps())
    if json_:
        print_json({"files": [vars(file) for file in landed.files]})


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
    warnings = app.check(app.open_project(config, state), door.value, show_night.Steps())
    if json_:
        print_json({"warnings": warnings})


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
    app.build(app.open_project(config, state), layer.value, day_of(as_of), show_night.Steps())


cli.command()(score)


@cli.command()
def detect(config: Config = HERE, as_of: Day = None, state: State = None, json_: Json = False) -> None:
    """Find where what customers say contradicts their metrics.

    Example: voc detect --as-of 2026-03-01 --json
    """
    detected = app.detect(app.open_project(config, state), day_of(as_of), show_night.Steps())
    if json_:
        print_json(vars(detected))


@cli.command()
def publish(config: Config = HERE, as_of: Day = None, state: State = None) -> None:
    """Publish the marts as a file that never changes again.

    Example: voc publish --as-of 2026-03-01
    """
    print(app.publish(app.open_project(config, state), day_of(as_of), show_night.Steps()).path)


@cli.command()
def report(config: Config = HERE, as_of: Day = None, state: State = None) -> None:
    """Write the report of the newest published night, or of the one of a day.

    Example: voc report --as-of 2026-03-01
    """
    print(app.report(app.open_project(config, state), day_of(as_of), show_night.Steps()))


@cli.command()
def alert(
    config: Config = HERE,
    as_of: Day = None,
    state: State = None,
    held: Annotated[HeldMail | None, typer.Option(help="What becomes of news held as unusually much.")] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Try refused mails again, once that is mended.")] = False,
    json_: Json = False,
) -> None:
    """Send owners what is new or worse in their cases; what was sent is not sent again.

    Example: voc alert
    """
    project = app.open_project(config, state)
    alerted = app.alert(project, day_of(as_of), show_night.Steps(), held.value if held else None, refused)
    if json_:
        print_json(vars(alerted))


@cli.command()
def docs(config: Config = HERE, state: State = None) -> None:
    """Build Great Expectations' Data Docs and dbt's docs of the work file, and link them from the report.

    Example: voc docs --config demo/voc.yml
    """
    project = app.open_project(config, state)
    print(app.docs(project, show_night.Steps()))
    app.report(project, progress=show_night.Steps())


@cli.command()
def doctor(config: Config = HERE, state: State = None, json_: Json = False) -> None:
    """Look for cases that would find no owner: gaps and overlaps in the routing, addresses that get no mail.

    Example: voc doctor
    """
    said = app.doctor(app.open_project(config, state))
    if json_:
        print_json(said)
    else:
        show_case.doctor(said)


@cli.command()
def airflow(
    config: Config = HERE,
    state: State = None,
    port: Annotated[int, typer.Option("--port", help="Where its page is served, on 127.0.0.1.")] = 8080,
) -> None:
    """Start Airflow on this machine with the DAGs of this project; Ctrl-C stops it and all its children.

    Example: voc airflow --config demo/voc.yml
    """
    app.airflow(app.open_project(config, state), port, show_night.Steps())


@cli.command()
def status(config: Config = HERE, state: State = None, json_: Json = False) -> None:
    """Show what is published, how fresh the sources are, and who is writing.

    Example: voc status --json
    """
    said = app.status(app.open_project(config, state))
    if json_:
        print_json(said)
    else:
        show_night.status(said)


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
        show_night.fail(str(error))
        sys.exit(error.exit_code)


def _show(project: app.Project, outcome: app.Outcome, as_json: bool) -> None:
    night, found = app.night(outcome.path), app.surfaced(outcome.path)
    if as_json:
        print_json({**vars(outcome), "night": night, "surfaced": found})
    else:
        show_night.night(outcome, night, found, project.current)
