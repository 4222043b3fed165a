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
    """More than a day after the landing clock is a reject: nobody answers tomorrow."""


def _must(name: str, type_: Type, *, past: bool = False) -> Column:
    return Column(name, type_, required=True, filled=True, past=past)


def _there(name: str, type_: Type) -> Column:
    return Column(name, type_, required=True)


def _may(names: str, type_: Type) -> tuple[Column, ...]:
    return tuple(Column(name, type_) for name in names.split())


CONTRACT: dict[Table, tuple[Column, ...]] = {
    Table.CUSTOMERS: (
        _must("customer_id", "id"),
        _there("name", "text"),
        *_may("segment region plan", "text"),
        *_may("signed_up_on churned_on", "date"),
        *_may("acquisition_cost monthly_revenue gross_margin_pct", "number"),
        *_may("owner_email partner email_domain locale", "text"),
        *_may("updated_at", "time"),
    ),
    Table.SURVEYS: (
        _must("response_id", "id"),
        _must("customer_id", "id"),
        _must("responded_at", "time", past=True),
        _there("survey", "text"),
        _there("score", "number"),
        *_may("scale_min scale_max", "number"),
        *_may("comment touchpoint actor_type respondent language", "text"),
        *_may("invited_at updated_at", "time"),
    ),
    Table.TICKETS: (
        _must("ticket_id", "id"),
        _must("customer_id", "id"),
        _must("opened_at", "time", past=True),
        *_may("solved_at", "time"),
        *_may("status priority channel subject body touchpoint actor_type requester language", "text"),
        *_may("satisfaction reopens replies", "number"),
        *_may("updated_at", "time"),
    ),
    Table.KPIS: (
        _must("customer_id", "id"),
        _must("kpi", "id"),
        _must("measured_on", "date", past=True),
        _there("value", "number"),
        *_may("known_at", "time"),
        *_may("touchpoint", "text"),
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
"""When a row's words were said."""

KEY: dict[Table, tuple[str, ...]] = {
    Table.CUSTOMERS: ("customer_id",),
    Table.SURVEYS: ("response_id",),
    Table.TICKETS: ("ticket_id",),
    Table.KPIS: ("customer_id", "kpi", "measured_on"),
}
"""What names a row; a later row with the same key is a newer version of it."""
