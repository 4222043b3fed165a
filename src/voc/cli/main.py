"""The `voc` command: all commands in the order in which people meet them, and how errors end."""

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from voc import __version__
from voc.cli.case import case
from voc.cli.explain import explain
from voc.cli.forget import forget
from voc.cli.label import label
from voc.cli.nightly import alert, build, check, detect, land, publish, report, run
from voc.cli.score import score
from voc.cli.show import night as show_night
from voc.cli.upkeep import airflow, demo, docs, doctor, init, status
from voc.errors import VocError

SECTIONS: dict[str, tuple[Callable[..., Any] | typer.Typer, ...]] = {
    "Begin": (init, demo),
    "A night and its steps": (run, land, check, build, score, detect, publish, report, alert),
    "People": (case, explain, label),
    "Upkeep": (status, doctor, docs, airflow, forget),
}
"""Every command, as `voc --help` lists them."""


class _InSections(TyperGroup):
    """Lists commands in order under the heading of their section; typer keeps its arguments' types private."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        width = formatter.width - 6 - max(map(len, self.commands))
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                named = [(name, self.commands[name]) for name in map(_name, commands)]
                formatter.write_dl([(name, command.get_short_help_str(width)) for name, command in named])


def _name(command: Callable[..., Any] | typer.Typer) -> str:
    return str(command.info.name) if isinstance(command, typer.Typer) else command.__name__


cli = typer.Typer(
    cls=_InSections,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Reconcile what customers say with what the metrics say.\n\n"
    "Example: voc demo, then voc status --config demo/voc.yml",
)

for _section in SECTIONS.values():
    for _command in _section:
        if isinstance(_command, typer.Typer):
            cli.add_typer(_command, name=_name(_command))
        else:
            cli.command()(_command)


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
