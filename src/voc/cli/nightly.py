"""The night and each of its steps by itself."""

from typing import Annotated

import typer

from voc import app
from voc.cli.options import HERE, Config, Day, Door, HeldMail, Json, Layer, StateFolder, day_of, print_json
from voc.cli.show import night as show_night


def run(config: Config = HERE, as_of: Day = None, state: StateFolder = None, json_: Json = False) -> None:
    """Run the whole night for one day: raw files in, published marts out.

    Example: voc run --as-of 2026-03-01
    """
    project = app.open_project(config, state)
    show_outcome(project, app.run(project, day_of(as_of), show_night.TerminalProgress()), json_)


def land(config: Config = HERE, state: StateFolder = None, json_: Json = False) -> None:
    """Land what is new in the inbox.

    Example: voc land --json
    """
    landed = app.land(app.open_project(config, state), show_night.TerminalProgress())
    if json_:
        print_json({"files": [vars(file) for file in landed.files]})


def check(
    door: Annotated[Door, typer.Option(help="What landed, or what is to be published.")],
    config: Config = HERE,
    state: StateFolder = None,
    json_: Json = False,
) -> None:
    """Let Great Expectations judge what landed, or the marts.

    Example: voc check --door landed
    """
    warnings = app.check(app.open_project(config, state), door.value, show_night.TerminalProgress())
    if json_:
        print_json({"warnings": warnings})


def build(
    layer: Annotated[Layer, typer.Option(help="Which layer of the dbt project; `feedback` begins a night.")],
    config: Config = HERE,
    as_of: Day = None,
    state: StateFolder = None,
) -> None:
    """Build one layer of tables with dbt.

    Example: voc build --layer feedback --as-of 2026-03-01
    """
    app.build(app.open_project(config, state), layer.value, day_of(as_of), show_night.TerminalProgress())


def detect(config: Config = HERE, as_of: Day = None, state: StateFolder = None, json_: Json = False) -> None:
    """Find where what customers say contradicts their metrics.

    Example: voc detect --as-of 2026-03-01 --json
    """
    detected = app.detect(app.open_project(config, state), day_of(as_of), show_night.TerminalProgress())
    if json_:
        print_json(vars(detected))


def publish(config: Config = HERE, as_of: Day = None, state: StateFolder = None) -> None:
    """Publish the marts as a file that never changes again.

    Example: voc publish --as-of 2026-03-01
    """
    print(app.publish(app.open_project(config, state), day_of(as_of), show_night.TerminalProgress()).path)


def report(config: Config = HERE, as_of: Day = None, state: StateFolder = None) -> None:
    """Write the report of the newest published night, or of the one of a day.

    Example: voc report --as-of 2026-03-01
    """
    print(app.report(app.open_project(config, state), day_of(as_of), show_night.TerminalProgress()))


def alert(
    config: Config = HERE,
    as_of: Day = None,
    state: StateFolder = None,
    held: Annotated[HeldMail | None, typer.Option(help="What becomes of news held as unusually much.")] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Try refused mails again, once that is mended.")] = False,
    json_: Json = False,
) -> None:
    """Send owners what is new or worse in their cases; what was sent is not sent again.

    Example: voc alert
    """
    project = app.open_project(config, state)
    alerted = app.alert(project, day_of(as_of), show_night.TerminalProgress(), held.value if held else None, refused)
    if json_:
        print_json(alerted.to_json())


def show_outcome(project: app.Project, outcome: app.NightResult, as_json: bool) -> None:
    """Prints what a night came to: its cases, how many could be judged, and where everything lies."""
    night, found = app.night(outcome.path), app.surfaced(outcome.path)
    if as_json:
        print_json({**vars(outcome), "night": night, "surfaced": found})
    else:
        show_night.night(outcome, night, found, project.current)
