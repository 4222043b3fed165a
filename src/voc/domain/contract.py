"""The canonical contract: which columns a landed table has, of which type, and what may be empty."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Table(StrEnum):
    """The four kinds of input; each is one raw table."""

    CUSTOMERS = "customers"
    SURVEYS = "surveys"
    TICKETS = "tickets"
    KPIS = "kpis"


Type = Literal["id", "text", "number", "time", "date"]


@dataclass(frozen=True)
class Column:
    """One column of the contract. ``required``: it must be in the file. ``filled``: it may not be empty in a row."""

    name: str
    type: Type
    required: bool = False
    filled: bool = False
    past: bool = False
    """A time more than a day after landing is rejected: nobody answers tomorrow."""


def _filled(name: str, type_: Type, *, past: bool = False) -> Column:
    return Column(name, type_, required=True, filled=True, past=past)


def _required(name: str, type_: Type) -> Column:
    return Column(name, type_, required=True)


def _optional(names: str, type_: Type) -> tuple[Column, ...]:
    return tuple(Column(name, type_) for name in names.split())


CONTRACT: dict[Table, tuple[Column, ...]] = {
    Table.CUSTOMERS: (
        _filled("customer_id", "id"),
        _required("name", "text"),
        *_optional("segment region plan", "text"),
        *_optional("signed_up_on churned_on", "date"),
        *_optional("acquisition_cost monthly_revenue gross_margin_pct", "number"),
        *_optional("owner_email partner email_domain locale", "text"),
        *_optional("updated_at", "time"),
    ),
    Table.SURVEYS: (
        _filled("response_id", "id"),
        _filled("customer_id", "id"),
        _filled("responded_at", "time", past=True),
        _required("survey", "text"),
        _required("score", "number"),
        *_optional("scale_min scale_max", "number"),
        *_optional("comment touchpoint actor_type respondent language", "text"),
        *_optional("invited_at updated_at", "time"),
    ),
    Table.TICKETS: (
        _filled("ticket_id", "id"),
        _filled("customer_id", "id"),
        _filled("opened_at", "time", past=True),
        *_optional("solved_at", "time"),
        *_optional("status priority channel subject body touchpoint actor_type requester language", "text"),
        *_optional("satisfaction reopens replies", "number"),
        *_optional("updated_at", "time"),
    ),
    Table.KPIS: (
        _filled("customer_id", "id"),
        _filled("kpi", "id"),
        _filled("measured_on", "date", past=True),
        _required("value", "number"),
        *_optional("known_at", "time"),
        *_optional("touchpoint", "text"),
    ),
}

WORDS: dict[Table, tuple[str, ...]] = {
    Table.CUSTOMERS: (),
    Table.SURVEYS: ("comment",),
    Table.TICKETS: ("subject", "body"),
    Table.KPIS: (),
}
"""What customers said in their own words: kept for `privacy.keep_text_days`."""

SAID_AT: dict[Table, str] = {Table.SURVEYS: "responded_at", Table.TICKETS: "opened_at"}
"""The column that says when a row's words were written."""

KEY: dict[Table, tuple[str, ...]] = {
    Table.CUSTOMERS: ("customer_id",),
    Table.SURVEYS: ("response_id",),
    Table.TICKETS: ("ticket_id",),
    Table.KPIS: ("customer_id", "kpi", "measured_on"),
}
"""The columns that identify a row; a later row with the same key is a newer version of it."""
