"""Reads the panel layer of the work file as plain arrays, ready to become what the detector judges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.adapters.work_file.warehouse import Connection

Cut = Literal["night", "block"]
"""What was known as of the night, or when the night's four-week block began (for whatever is learned)."""

Columns = dict[str, NDArray[Any]]

_AT_ONCE = 100
"""Vectors of 2,048 rows in hand at a time. Fetched whole, what 100,000 customers said and four metrics of theirs over
two years took 6.5 GB on the way into less than 1 GB of arrays; in parts it takes 1.8 GB."""


@dataclass(frozen=True)
class PanelColumns:
    """What is known at a cut, customers and weeks numbered.

    company:     its name.
    customers:   customer_id (sorted), first_week, last_week, region, segment, plan; '' where not said.
    weeks:       Mondays, consecutive.
    kpi_values:  by customer, metric and week; NaN where nothing was measured, or the value is imputed.
    items:       customer, week, item_id, sentiment, sentiment_se, channel, touchpoint, respondent, text; scored ones
                 only, ordered by customer and time. channel and touchpoint are positions in ``channels`` and
                 ``touchpoints``; of respondent and text only equality means anything, and texts are equal where the
                 words are, but for case and spaces. −1 where not said.
    """

    company: str
    customers: Columns
    weeks: NDArray[np.datetime64]
    kpi_values: NDArray[np.float64]
    items: Columns
    channels: tuple[str, ...]
    touchpoints: tuple[str, ...]


def read(connection: Connection, cut: Cut, kpis: Sequence[str]) -> PanelColumns:
    """The panel as known at ``cut``; weeks are complete ISO weeks in the company's time zone.

    kpis: the metrics' names, in the order wanted.

    Reads   int.int_spine, int.int_customer, int.int_kpi_week, int.int_feedback_scored, raw.config_run and
            raw.config_company.
    Writes  temporary tables and a view of this connection.
    """
    weeks = _weeks(connection, cut)
    customers = connection.execute("""
        select
            customer_id, panel_week(first_week) as first_week, panel_week(last_week) as last_week,
            coalesce(region, '') as region, coalesce(segment, '') as segment, coalesce(plan, '') as plan
        from panel_customer inner join int.int_customer using (customer_id)
        order by customer
    """).df()
    items = _items(connection, cut)
    ((company,),) = connection.execute("select company from raw.config_company").fetchall()
    return PanelColumns(
        company=company,
        customers={name: _plain(customers[name], str) for name in customers.columns},
        weeks=weeks,
        kpi_values=_kpi_values(connection, cut, kpis, (len(customers), len(kpis), len(weeks))),
        items=items,
        channels=_names(connection, "channel"),
        touchpoints=_names(connection, "touchpoint"),
    )


def _weeks(connection: Connection, cut: Cut) -> NDArray[np.datetime64]:
    """The weeks; leaves behind who was a customer in which, and the macro that numbers them."""
    # the block began on a Monday, so every week before it was complete; a night's newest week may still run
    last = {"night": "date_trunc('week', as_of - 6)", "block": "learn_day - 7"}[cut]
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
            cast(row_number() over (order by customer_id) - 1 as integer) as customer
        from int.int_spine where week <= (select last_week from panel_end)
        group by customer_id;
        create or replace temp macro panel_week(day) as
            cast(date_diff('day', (select min(first_week) from panel_customer), day) // 7 as smallint);
    """)
    start, end = connection.execute(
        "select min(first_week), (select last_week from panel_end) from panel_customer"
    ).fetchone() or (None, None)
    if start is None:
        return np.array([], "datetime64[D]")
    return np.arange(start, end + timedelta(days=1), 7, dtype="datetime64[D]")


def _kpi_values(
    connection: Connection, cut: Cut, kpis: Sequence[str], shape: tuple[int, int, int]
) -> NDArray[np.float64]:
    values = np.full(shape, np.nan)
    value = {"night": "value", "block": "value_at_block"}[cut]
    query = f"""
        select
            customer, cast(list_position($kpis, kpi) - 1 as smallint) as kpi, panel_week(week) as week,
            {value} as value
        from int.int_kpi_week inner join panel_customer using (customer_id)
        where is_complete and not is_imputed and week between first_week and last_week and {value} is not null
    """
    for part in _parts(connection, query, kpis=list(kpis)):
        values[part["customer"], part["kpi"], part["week"]] = part["value"]
    return values


def _items(connection: Connection, cut: Cut) -> Columns:
    at, is_known = {"night": ("", "is_known_now"), "block": ("_at_block", "is_known_at_block")}[cut]
    connection.execute(f"""
        create or replace temp view panel_item as
        select
            customer, panel_week(week) as week, feedback_id as item_id, said_at,
            sentiment{at} as sentiment, sentiment_se{at} as sentiment_se,
            source || '/' || coalesce(channel, '') as channel, nullif(touchpoint, '') as touchpoint,
            nullif(respondent, '') as respondent, words_id
        from int.int_feedback_scored inner join panel_customer using (customer_id)
        where {is_known} and week between first_week and last_week and sentiment{at} is not null
    """)
    for column in ("channel", "touchpoint"):
        connection.execute(f"""
            create or replace temp table panel_{column} as
            select {column}, cast(row_number() over (order by {column}) - 1 as integer) as code
            from (select distinct {column} from panel_item where {column} is not null)
        """)
    parts = list(
        _parts(
            connection,
            f"""
            select
                customer, week, item_id, sentiment, sentiment_se,
                panel_channel.code as channel, coalesce(panel_touchpoint.code, -1) as touchpoint,
                {_identity("respondent")} as respondent, {_identity("words_id")} as text
            from panel_item
            inner join panel_channel using (channel)
            left join panel_touchpoint using (touchpoint)
            order by customer, said_at, item_id
            """,
        )
    )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _names(connection: Connection, column: str) -> tuple[str, ...]:
    """What the codes of a column stand for."""
    rows = connection.execute(f"select {column} from panel_{column} order by code").fetchall()
    return tuple(name for (name,) in rows)


def _identity(column: str) -> str:
    """63 bits of a text's hash: the chance that any two of four million are taken for one is one in a million."""
    return f"if({column} is null, -1, cast(hash({column}) >> 1 as bigint))"


def _parts(connection: Connection, query: str, **bound: object) -> Iterator[Columns]:
    """A query's columns by name, some rows at a time; the last part is empty, so that there always is one."""
    rows = connection.execute(query, bound or None)
    while True:
        frame = rows.fetch_df_chunk(_AT_ONCE)
        # each text in as many bytes as it has, not as many as the longest of all
        yield {name: _plain(frame[name], np.dtypes.StringDType()) for name in frame.columns}
        if frame.empty:
            return


def _plain(column: pd.Series, text: Any) -> NDArray[Any]:
    """Numbers as they are, anything else as ``text``."""
    return column.to_numpy() if column.dtype.kind in "iuf" else column.to_numpy(dtype=text)
