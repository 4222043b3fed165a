"""Reads of a published night whom nobody heard: customers whose metric worsened, and whether they could be judged."""

from pathlib import Path
from typing import Any, Literal

from voc.adapters.published import reading
from voc.adapters.published.evidence_views import catalogue
from voc.domain.display_text import display_text
from voc.domain.evidence.evidence import Coverage, Unheard

_VALUES = (
    "customer_id", "started_week", "kpi_before", "kpi_after", "n_items_before", "last_feedback_at", "last_invited_at",
    "monthly_revenue", "owner_email",
)  # fmt: skip


def unheard(
    marts_file: Path,
    table: Literal["mart_fell_silent", "mart_nobody_asked"],
    *,
    most: int,
    customer_id: str | None = None,
) -> tuple[list[Unheard], int]:
    """The customers of a list, most revenue first, at most ``most``, and how many there are; or only one of them.

    Raises  OutsideError when another version of voc has published the file.
    """
    query = f"""
        select unheard.*, coalesce(customer.name, customer_id) as name, count(*) over () as n
        from marts.{table} as unheard
        left join marts.dim_customer as customer using (customer_id)
        where $customer_id is null or customer_id = $customer_id
        order by unheard.monthly_revenue desc nulls last, unheard.moved, customer_id
        limit $most
    """
    with reading.opened(marts_file) as connection:
        kpis = catalogue(connection)
        rows = reading.rows(connection, query, {"customer_id": customer_id, "most": most})
    found = []
    for row in rows:
        values: dict[str, Any] = {name: row[name] for name in _VALUES}
        # whether it was asked is a column only of those who fell silent: of the others nobody was
        found.append(
            Unheard(
                **values, name=display_text(row["name"]), kpi=kpis[row["kpi"]], was_asked=row.get("was_asked", False)
            )
        )
    return found, rows[0]["n"] if rows else 0


def coverage(marts_file: Path, customer_id: str) -> tuple[str | None, Coverage | None]:
    """What a customer is called, and whether it could be judged; None for what the night does not know."""
    with reading.opened(marts_file) as connection:
        rows = reading.rows(
            connection,
            "select customer.name, heard.state, heard.why, heard.n_items_recent, heard.n_items_before, "
            "heard.last_feedback_at from marts.dim_customer as customer "
            "inner join marts.fct_coverage as heard using (customer_id) where customer_id = ?",
            [customer_id],
        )
    if not rows:
        return None, None
    (row,) = rows
    name = row.pop("name")
    return name and display_text(name), Coverage(**{**row, "why": display_text(row["why"] or row["state"])})
