"""Panels from a world's arrays."""

import numpy as np

from voc.detection.panel import Panel
from worlds.company import GROUPS, LEVELS, Company
from worlds.feedback import TOUCHPOINTS, Items
from worlds.metrics import Meter
from worlds.world import Floats

START = np.datetime64("2024-01-01")  # a Monday


def assemble(company: Company, meters: tuple[Meter, ...], values: Floats, items: Items) -> Panel:
    """What the detector may see."""
    n, _, weeks = values.shape
    return Panel(
        customers=_ids("c", n),
        weeks=START + 7 * np.arange(weeks),
        first_week=company.first,
        last_week=company.last,
        kpis=tuple(meter.kpi for meter in meters),
        kpi_values=values,
        offsets=np.searchsorted(items.customer, np.arange(n + 1)),
        item_id=_ids("i", items.week.size),
        item_week=items.week,
        sentiment=items.sentiment,
        sentiment_se=items.se,
        channel=items.channel,
        touchpoint=items.touchpoint,
        respondent=items.respondent,
        touchpoints=TOUCHPOINTS,
        item_text=items.text,
        levels=LEVELS,
        groups=GROUPS,
        group=company.group,
    )


def _ids(letter: str, n: int) -> np.ndarray:
    return np.strings.add(letter, np.strings.zfill(np.arange(n).astype("U7"), 7))
