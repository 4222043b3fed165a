"""Reads a published file, as an analyst would."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from voc.domain.cases.owner_gaps import Alike
from voc.errors import OutsideError


def surfaced(path: Path, most: int) -> list[dict[str, Any]]:
    """The surfaced contradictions, most at stake first, at most ``most``: name, kind, kpi, since, value, reason."""
    return _rows(
        path,
        """
        select
            coalesce(customer.name, found.subject) as name, found.subject, found.level, found.kind, kpi.label as kpi,
            found.started_week, found.n_items, found.q_value, found.value_at_stake, found.reason, cases.case_id
        from marts.fct_contradictions as found
        left join marts.dim_customer as customer using (customer_id)
        left join marts.dim_kpi as kpi on found.kpi = kpi.kpi
        left join marts.fct_cases as cases on found.level = cases.level and found.subject = cases.subject
        where found.is_surfaced
        order by found.value_at_stake desc nulls last, found.score desc, found.subject
        limit ?
        """,
        most,
    )


def run_of(path: Path) -> dict[str, Any]:
    """The one row of mart_run."""
    return _rows(path, "select * from marts.mart_run")[0]


def scorers(path: Path) -> list[dict[str, Any]]:
    """The rows of mart_scorer: by what each channel is scored, and how well that agrees with its labels."""
    return _rows(path, "select * from marts.mart_scorer order by source, question, language")


def states(path: Path) -> dict[str, int]:
    """State of fct_coverage -> how many customers are in it."""
    found = _rows(path, "select state, count(*) as n from marts.fct_coverage group by state")
    return {row["state"]: row["n"] for row in found}


def kpis(path: Path) -> list[dict[str, Any]]:
    """The rows of mart_kpi_trust with the metric's label, most contradicted first."""
    return _rows(
        path,
        "select kpis.label, trust.* from marts.dim_kpi as kpis inner join marts.mart_kpi_trust as trust "
        "on kpis.kpi = trust.kpi order by trust.n_contradicted desc, kpis.kpi",
    )


def rejects(path: Path) -> list[dict[str, Any]]:
    """How many records were rejected (n) by source, column_name and reason, most first."""
    return _rows(
        path,
        "select source, column_name, reason, count(*) as n from marts.mart_rejects "
        "group by all order by n desc, source, column_name, reason",
    )


def names(path: Path, customer_ids: list[str]) -> dict[str, str]:
    """The names of customers, as far as they have one, by id."""
    found = _rows(
        path,
        "select customer_id, name from marts.dim_customer where name is not null and list_contains(?, customer_id)",
        customer_ids,
    )
    return {row["customer_id"]: row["name"] for row in found}


def customers(path: Path) -> list[Alike]:
    """Customers who have not left, by what routing asks of them."""
    alike = _rows(
        path,
        "select segment, region, plan, owner_email, count(*) as n from marts.dim_customer "
        "where not is_churned group by all order by all",
    )
    return [Alike(**row) for row in alike]


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file, to be read.

    Raises  OutsideError when it lacks a table or a column: another version of voc has published it.
    """
    # the name behind the symlink: a second connection in this process must not get the file it pointed to before
    with duckdb.connect(str(path.resolve()), read_only=True) as connection:
        try:
            yield connection
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise OutsideError(
                f"{path.resolve().name} was published by another version of voc and lacks what this one reads",
                "run the night again: voc run",
            ) from error


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, bound: Sequence[object] | Mapping[str, object] = ()
) -> list[dict[str, Any]]:
    """What a query finds, a dictionary a row."""
    found = connection.execute(query, bound)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _rows(path: Path, query: str, *bound: object) -> list[dict[str, Any]]:
    with opened(path) as connection:
        return rows(connection, query, bound)
