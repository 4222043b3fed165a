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

    Reads   int.int_panel_customer, int.int_panel_reading, int.int_panel_item, int.int_panel_name and
            raw.config_company.
    """
    weeks = _weeks(connection, cut)
    customers = connection.execute(
        """
        select customer_id, first_position as first_week, last_position as last_week, region, segment, plan
        from int.int_panel_customer where cut = ? order by customer
        """,
        [cut],
    ).df()
    items = _items(connection, cut)
    ((company,),) = connection.execute("select company from raw.config_company").fetchall()
    return PanelColumns(
        company=company,
        customers={name: _plain(customers[name], str) for name in customers.columns},
        weeks=weeks,
        kpi_values=_kpi_values(connection, cut, kpis, (len(customers), len(kpis), len(weeks))),
        items=items,
        channels=_names(connection, cut, "channel"),
        touchpoints=_names(connection, cut, "touchpoint"),
    )


def _weeks(connection: Connection, cut: Cut) -> NDArray[np.datetime64]:
    start, end = connection.execute(
        "select min(begins_week), max(ends_week) from int.int_panel_customer where cut = ?", [cut]
    ).fetchone() or (None, None)
    if start is None:
        return np.array([], "datetime64[D]")
    return np.arange(start, end + timedelta(days=1), 7, dtype="datetime64[D]")


def _kpi_values(
    connection: Connection, cut: Cut, kpis: Sequence[str], shape: tuple[int, int, int]
) -> NDArray[np.float64]:
    values = np.full(shape, np.nan)
    query = f"""
        select customer, cast(list_position($kpis, kpi) - 1 as smallint) as kpi, week, value
        from int.int_panel_reading where cut = '{cut}'
    """
    for part in _parts(connection, query, kpis=list(kpis)):
        values[part["customer"], part["kpi"], part["week"]] = part["value"]
    return values


def _items(connection: Connection, cut: Cut) -> Columns:
    query = f"""
        select
            customer, week, feedback_id as item_id, sentiment, sentiment_se, channel, touchpoint, respondent,
            words as text
        from int.int_panel_item where cut = '{cut}' order by customer, said_at, feedback_id
    """
    parts = list(_parts(connection, query))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _names(connection: Connection, cut: Cut, column: str) -> tuple[str, ...]:
    """What the codes of a column stand for."""
    rows = connection.execute(
        "select name from int.int_panel_name where cut = ? and names_a = ? order by code", [cut, column]
    ).fetchall()
    return tuple(name for (name,) in rows)


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
