"""Step: find where what customers say contradicts their metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.adapters import panels, warehouse
from voc.detection.detector import ContradictionDetector
from voc.detection.findings import NORMAL_95
from voc.detection.panel import Panel
from voc.detection.reason import reasons
from voc.domain.kinds import PRESUMED_WRONG
from voc.domain.kpi import Kpi
from voc.domain.words import counted

_WHY = {
    "judged": "enough was said and measured to compare",
    "churned": "not a customer in the newest complete week",
    "no_metric_history": "no metric was measured for long enough before any possible start",
    "too_little_feedback": "too few items before or after every possible start",
}


@dataclass(frozen=True)
class Detected:
    """How many customers were judged, comparisons tested and contradictions surfaced, and the calibration's word."""

    n_judged: int
    n_tested: int
    n_surfaced: int
    verdict: str

    @property
    def sentence(self) -> str:
        surfaced, judged = counted(self.n_surfaced, "contradiction"), counted(self.n_judged, "customer")
        return f"{surfaced} among {judged} compared; {self.verdict}"


def run(
    path: Path, as_of: date, *, kpis: Sequence[Kpi], false_discovery_rate: float, min_feedback_items: int
) -> Detected:
    """Learns from what was known when the four-week block began, judges what is known as of the night.

    Reads   the int schema of the work file at ``path``.
    Writes  ml.contradictions, ml.judgements, ml.calibration, replacing the last night's.
    Raises  InputError when the night in hand is another one.
    """
    with warehouse.opened(path) as connection:
        warehouse.require_night(connection, as_of)
        names = [kpi.name for kpi in kpis]
        past = to_panel(panels.read(connection, "block", names), kpis)
        now = to_panel(panels.read(connection, "night", names), kpis)
        detector = ContradictionDetector(
            false_discovery_rate=false_discovery_rate, min_feedback_items=min_feedback_items
        ).fit(past)
        found = detector.find(now)
        kpi_change = found.kpi_after - found.kpi_before
        contradictions = pd.DataFrame(
            {
                "level": "customer",
                "subject": now.customers[found.customer],
                "customer_id": now.customers[found.customer],
                "kpi": _named(names, found.kpi),
                "kind": [str(kind) for kind in found.kind],
                "started_week": found.started_week,
                "sentiment_before": found.sentiment_before,
                "sentiment_after": found.sentiment_after,
                "sentiment_change": found.sentiment_change,
                "sentiment_change_low": found.sentiment_change_low,
                "sentiment_change_high": found.sentiment_change_high,
                "kpi_before": found.kpi_before,
                "kpi_after": found.kpi_after,
                "kpi_change": kpi_change,
                "kpi_change_low": kpi_change - NORMAL_95 * found.kpi_se,
                "kpi_change_high": kpi_change + NORMAL_95 * found.kpi_se,
                "n_items": found.n_items,
                "n_items_before": found.n_items_before,
                "p_value": found.p_value,
                "q_value": found.q_value,
                "score": found.score,
                "is_surfaced": found.is_surfaced,
                "agreeing_kpis": [[now.kpis[k].name for k in agreeing] for agreeing in found.agreeing_kpis],
                "reason": reasons(found, now),
                "presumed_wrong": [PRESUMED_WRONG[kind] for kind in found.kind],
            }
        )
        # who could not be told from chance was not judged, however much it said
        judged = found.judged & found.is_calibrated
        why = {**_WHY, "judged": _WHY["judged"] if found.is_calibrated else found.verdict}
        judgements = pd.DataFrame(
            {"customer_id": now.customers, "is_judged": judged, "why": [why[code] for code in found.why]}
        )
        calibration = pd.DataFrame(
            {
                "n_customers": [len(now.customers)],
                "n_null": [found.n_null],
                "is_calibrated": [found.is_calibrated],
                "verdict": [found.verdict],
            }
        )
        warehouse.replace_findings(connection, contradictions, judgements, calibration)
    return Detected(int(judged.sum()), len(contradictions), int(found.is_surfaced.sum()), found.verdict)


def to_panel(columns: panels.PanelColumns, kpis: Sequence[Kpi]) -> Panel:
    """Numbered columns as the frozen arrays of a `Panel`."""
    n, w = len(columns.customers["customer_id"]), len(columns.weeks)
    values = np.full((n, len(kpis), w), np.nan)
    readings, items = columns.readings, columns.items
    at = tuple(readings[axis].astype(np.int64) for axis in ("customer", "kpi", "week"))
    values[at] = readings["value"]
    touchpoints, touchpoint = _codes(items["touchpoint"])
    return Panel(
        customers=columns.customers["customer_id"],
        weeks=columns.weeks,
        first_week=columns.customers["first_week"].astype(np.int64),
        last_week=columns.customers["last_week"].astype(np.int64),
        kpis=tuple(kpis),
        kpi_values=values,
        offsets=np.searchsorted(items["customer"], np.arange(n + 1)).astype(np.int64),
        item_id=items["item_id"],
        item_week=items["week"].astype(np.int64),
        sentiment=items["sentiment"].astype(float),
        sentiment_se=items["sentiment_se"].astype(float),
        channel=_codes(items["channel"])[1],
        touchpoint=touchpoint,
        respondent=_codes(items["respondent"])[1],
        touchpoints=touchpoints,
    )


def _codes(names: NDArray[Any]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The distinct names and each item's code; '' is −1, "not said"."""
    known, code = np.unique(names, return_inverse=True)
    empty = int(known.size > 0 and known[0] == "")
    return tuple(str(name) for name in known[empty:]), code.astype(np.int64) - empty


def _named(names: Sequence[str], codes: NDArray[np.int64]) -> list[str | None]:
    return [names[code] if code >= 0 else None for code in codes]
