"""What the work file holds of one customer: how many rows, its names and addresses, and its texts."""

from dataclasses import dataclass

from voc.adapters.sql import count, quoted
from voc.adapters.work_file.warehouse import Connection

_EMAIL_ADDRESS = r"[^\s@<>,;:\"'()\[\]\\]+@[^\s@<>,;:\"'()\[\]\\]+\.[\w-]+"
"""An address in a field or in JSON. A false match does no harm: it is only looked for."""


@dataclass(frozen=True)
class Identity:
    """``names`` and ``addresses`` are this customer's alone; ``shared`` names occur in another customer's row too."""

    n_rows: int
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    shared: tuple[str, ...]
    text_ids: tuple[str, ...]


def identify(connection: Connection, customer_id: str) -> Identity:
    """The identity of a customer in the work file; ``n_rows`` is 0 for one that it does not hold."""
    # tables only: views show the same rows
    tables = connection.execute(
        "select schema_name, table_name from duckdb_columns() where column_name = 'customer_id' "
        "and table_oid in (select table_oid from duckdb_tables()) order by all"
    ).fetchall()
    n_rows = sum(
        count(connection, f"select count(*) from {quoted(schema)}.{quoted(table)} where customer_id = ?", [customer_id])
        for schema, table in tables
    )
    names, shared = _names(connection, customer_id)
    text_ids: list[tuple[str]] = []
    if ("int", "int_feedback") in tables:
        query = "select distinct text_id from int.int_feedback where customer_id = ? and text_id is not null order by 1"
        text_ids = connection.execute(query, [customer_id]).fetchall()
    return Identity(
        n_rows, tuple(names), _addresses(connection, customer_id), tuple(shared), tuple(id_ for (id_,) in text_ids)
    )


def _names(connection: Connection, customer_id: str) -> tuple[list[str], list[str]]:
    """The customer's names: those of its own, and those that occur in another customer's name, segment or the like."""
    found = connection.execute(
        """
        with theirs as (select distinct trim(name) as name from raw.customers where customer_id = $id),
        others as (
            select distinct unnest([name, segment, region, plan, partner]) as said
            from raw.customers where customer_id <> $id
        )
        select name, exists (select 1 from others where contains(lower(said), lower(name))) as is_shared
        from theirs where name <> '' order by name
        """,
        {"id": customer_id},
    ).fetchall()
    return [name for name, is_shared in found if not is_shared], [name for name, is_shared in found if is_shared]


def _addresses(connection: Connection, customer_id: str) -> tuple[str, ...]:
    """E-mail addresses in the customer's rows, texts aside, and in no other customer's."""
    found = connection.execute(
        """
        with said as (
            select customer_id, unnest([name, _extra]) as said from raw.customers
            union all select customer_id, unnest([respondent, _extra]) from raw.surveys
            union all select customer_id, unnest([requester, _extra]) from raw.tickets
            union all select customer_id, _extra from raw.kpis
        )
        select distinct unnest(regexp_extract_all(lower(said), $email)) as address, customer_id = $id as is_theirs
        from said where contains(said, '@')
        """,
        {"id": customer_id, "email": _EMAIL_ADDRESS},
    ).fetchall()
    others = {address for address, is_theirs in found if not is_theirs}
    return tuple(sorted({address for address, is_theirs in found if is_theirs} - others))
