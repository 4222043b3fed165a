"""Reads the panel layer of the work file as plain columns, ready to become the arrays that the detector judges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.adapters.warehouse import Connection

Cut = Literal["night", "block"]
"""What was known as of the night, or when the night's four-week block began (for whatever is learned)."""

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class PanelColumns:
    """Four tables as columns of equal length, customers and weeks already numbered.

    customers: customer_id (sorted), first_week, last_week. weeks: Mondays, consecutive.
    readings:  customer, kpi, week, value: measured and complete weeks only, nothing imputed.
    items:     customer, week, item_id, sentiment, sentiment_se, channel, touchpoint, respondent; scored ones only,
               ordered by customer and time.
    """

    customers: Columns
    weeks: NDArray[np.datetime64]
    readings: Columns
    items: Columns


def read(connection: Connection, cut: Cut, kpis: Sequence[str]) -> PanelColumns:
    """The panel as known at ``cut``; weeks are complete ISO weeks in the company's time zone.

    kpis: the metrics' names; ``readings["kpi"]`` is a position in them.

    Reads   int.int_spine, int.int_kpi_week, int.int_feedback_scored, raw.config_run.
    Writes  temporary tables of this connection.
    """
    # the block began on a Monday, so every week before it was complete; a night's newest week may still run
    at, is_known, last = {
        "night": ("", "is_known_now", "date_trunc('week', as_of - 6)"),
        "block": ("_at_block", "is_known_at_block", "learn_day - 7"),
    }[cut]
    connection.execute(f"""
        create or replace temp table panel_end as
        with run as (
            select as_of, cast(timezone(company.timezone, timezone('UTC', learn_before)) as date) as learn_day
            from raw.config_run, raw.config_company as company
        )
        select cast({last} as date) as last_week from run;
        create or replace temp table panel_customer as
        select
            customer_id, min(week) as first_week, max(week) as last_week,
            row_number() over (order by customer_id) - 1 as customer
        from int.int_spine where week <= (select last_week from panel_end)
        group by customer_id;
    """)
    start, end = connection.execute(
        "select min(first_week), (select last_week from panel_end) from panel_customer"
    ).fetchone() or (None, None)
    weeks = (
        np.arange(start, end + timedelta(days=1), 7, dtype="datetime64[D]") if start else np.array([], "datetime64[D]")
    )

    def position(week: str) -> str:
        return f"date_diff('day', date '{start}', {week}) // 7" if start else "0"

    return PanelColumns(
        customers=_columns(
            connection,
            f"""
            select customer_id, {position("first_week")} as first_week, {position("last_week")} as last_week
            from panel_customer order by customer
            """,
        ),
        weeks=weeks,
        readings=_columns(
            connection,
            f"""
            select customer, list_position($kpis, kpi) - 1 as kpi, {position("week")} as week, value{at} as value
            from int.int_kpi_week inner join panel_customer using (customer_id)
            where is_complete and not is_imputed and week between first_week and last_week and value{at} is not null
            """,
            kpis=list(kpis),
        ),
        items=_columns(
            connection,
            f"""
            select
                customer, {position("week")} as week, feedback_id as item_id,
                sentiment{at} as sentiment, sentiment_se{at} as sentiment_se,
                source || '/' || coalesce(channel, '') as channel, touchpoint, respondent
            from int.int_feedback_scored inner join panel_customer using (customer_id)
            where {is_known} and week between first_week and last_week and sentiment{at} is not null
            order by customer, said_at, feedback_id
            """,
        ),
    )


def _columns(connection: Connection, query: str, **bound: object) -> Columns:
    """A query's columns by name; NULL text becomes ''."""
    frame = connection.execute(query, bound or None).df()
    return {name: _plain(frame[name]) for name in frame.columns}


def _plain(column: pd.Series) -> NDArray[Any]:
    return column.to_numpy() if column.dtype.kind in "iuf" else column.fillna("").to_numpy(dtype=str)
