"""Options that many commands share."""

import json
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

Config = Annotated[Path, typer.Option("--config", "-c", help="The project's voc.yml.")]
StateFolder = Annotated[
    Path | None, typer.Option("--state", help="The state folder, instead of the one voc.yml names.")
]
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


class HeldMail(StrEnum):
    """What becomes of news that was held."""

    SEND = "send"
    DROP = "drop"


class Layer(StrEnum):
    """What dbt builds at once."""

    FEEDBACK = "feedback"
    PANEL = "panel"
    MARTS = "marts"


def day_of(as_of: datetime | None) -> date | None:
    """The day that was typed."""
    return as_of.date() if as_of else None


def print_json(value: dict[str, Any]) -> None:
    """A result for programs, on stdout."""
    print(json.dumps(value, default=str, ensure_ascii=False, indent=2))
