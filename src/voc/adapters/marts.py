"""Reads a published file, as an analyst would."""

from pathlib import Path
from typing import Any

import duckdb


def surfaced(path: Path, most: int) -> list[dict[str, Any]]:
    """The surfaced contradictions, most at stake first, at most ``most``: name, kind, kpi, since, value, reason."""
    return _rows(
        path,
        """
        select
            coalesce(customer.name, found.subject) as name, found.subject, found.level, found.kind, kpi.label as kpi,
            found.started_week, found.n_items, found.q_value, found.value_at_stake, found.reason
        from marts.fct_contradictions as found
        left join marts.dim_customer as customer using (customer_id)
        left join marts.dim_kpi as kpi on found.kpi = kpi.kpi
        where found.is_surfaced
        order by found.value_at_stake desc nulls last, found.score desc, found.subject
        limit ?
        """,
        most,
    )


def run_of(path: Path) -> dict[str, Any]:
    """The one row of mart_run."""
    return _rows(path, "select * from marts.mart_run")[0]


def _rows(path: Path, query: str, *bound: object) -> list[dict[str, Any]]:
    # the name behind the symlink: a second connection in this process must not get the file it pointed to before
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        found = connection.execute(query, list(bound))
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
