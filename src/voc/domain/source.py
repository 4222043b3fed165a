"""A source: where files of one table come from and how their bytes are to be read."""

import codecs
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from voc.domain.contract import CONTRACT, Table
from voc.errors import InputError

CURRENCY_TABLES = (Table.CUSTOMERS, Table.KPIS)
"""Tables with money in them: a `currency` column there must hold the company's one currency."""

_READING = 1  # raised when the same bytes and options give other rows, so that every archived file is read again


@dataclass(frozen=True)
class Source:
    """One configured feed. Raises InputError when an option cannot mean anything."""

    name: str
    table: Table
    path: str
    """Absolute; may hold glob characters."""
    _: KW_ONLY
    timezone: str
    """The zone of times without an offset."""
    preset: str = "canonical"
    columns: Mapping[str, str] = field(default_factory=dict)
    """Their column name -> ours."""
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    """With a comma, dots may only group thousands."""
    scale: tuple[float, float] | None = None
    """Lowest and highest answer where the row has none of its own; high before low means reversed."""
    null_values: tuple[str, ...] = ()
    time_format: str | None = None
    """strptime format of times that are not ISO 8601."""
    fresh_within_hours: float | None = None

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            raise InputError(
                f"source {self.name}: no time zone is called {self.timezone!r}",
                "use an IANA name, e.g. Europe/Amsterdam",
            ) from None
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise InputError(
                f"source {self.name}: no encoding is called {self.encoding!r}",
                "use e.g. utf-8, utf-16, cp1252 or mac-roman",
            ) from None
        if self.scale is not None and self.scale[0] == self.scale[1]:
            raise InputError(
                f"source {self.name}: both ends of `scale` are equal", "give the lowest and the highest answer"
            )
        column_names = {column.name for column in CONTRACT[self.table]} | {"currency"}
        for theirs, ours in self.columns.items():
            if ours.strip().casefold() not in column_names:
                raise InputError(
                    f"source {self.name}: `columns` maps {theirs!r} to {ours!r}, which no {self.table} row has",
                    f"use one of {', '.join(sorted(column_names))}",
                )

    def fingerprint(self, currency: str) -> str:
        """16 hex digits that change with whatever changes how bytes become rows; neither with the path nor freshness.

        currency: the company's, which counts only for tables that hold money.
        """
        options = {
            "reading": _READING,
            "table": self.table,
            "preset": self.preset,
            "columns": dict(self.columns),
            "timezone": self.timezone,
            "encoding": codecs.lookup(self.encoding).name,
            "decimal": self.decimal,
            "scale": self.scale,
            "null_values": sorted(self.null_values),
            "time_format": self.time_format,
            "currency": currency if self.table in CURRENCY_TABLES else None,
        }
        return sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()[:16]
