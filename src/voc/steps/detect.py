"""Step: find where what customers say contradicts their metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.adapters.work_file import answer_changes, panels, warehouse
from voc.adapters.work_file.panels import Cut, PanelColumns
from voc.detection.decisions.reason_text import reasons
from voc.detection.detector import ContradictionDetector
from voc.detection.evidence_rows import Z_95
from voc.detection.findings import Findings
from voc.detection.panel import Panel
from voc.domain.answers import Answers
from voc.domain.formatting import counted
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi
from voc.steps import detect_themes

_LEVELS = ("region", "segment", "plan")
_PARTS = ("segment", "region", "plan", "touchpoint")
_WHY = {
    "judged": "enough was said and measured to compare",
    "churned": "not a customer in the newest complete week",
    "no_metric_history": "no metric was measured for {weeks} weeks before any possible start, 4 to 26 weeks ago",
    "too_little_feedback": "fewer than {items} messages before or after every possible start, 4 to 26 weeks ago",
}


@dataclass(frozen=True)
class Detected:
    """Counts of what was compared, surfaced and explained, the verdict of the calibration, and for how many customers
    each metric changed its unit, or jumped as if it had."""

    n_judged: int
    n_groups: int
    n_surfaced: int
    n_explained: int
    verdict: str
    unit_changed: dict[str, int]
    launched: dict[str, int]

    @property
    def sentence(self) -> str:
        """One line for people."""
        compared = counted(self.n_judged, "customer")
        if self.n_groups:
            compared += f" and {counted(self.n_groups, 'group')}"
        found = f"{counted(self.n_surfaced, 'contradiction')} among {compared} compared"
        explained = f"{self.n_explained:,} more explained by something else" if self.n_explained else ""
        units = [
            f"the unit of {kpi} changed for {counted(n, 'customer')} and was undone"
            for kpi, n in self.unit_changed.items()
        ]
        launches = [
            f"{kpi} jumped for {counted(n, 'customer')} as a new unit would, and was left as it is: it was young, or "
            "other metrics moved too"
            for kpi, n in self.launched.items()
        ]
        return "; ".join(filter(None, [found, explained, self.verdict, *units, *launches]))


def run(
    path: Path, as_of: date, *, kpis: Sequence[Kpi], false_discovery_rate: float, min_feedback_items: int
) -> Detected:
    """Learns from what was known when the four-week block began, judges what is known as of the night.

    Reads   the int schema of the work file at ``path``, which is closed while anything is computed, and ml.themes.
    Writes  ml.contradictions, ml.judgements, ml.calibration, ml.evidence, ml.kpi_moves, ml.theme_growth, ml.cells,
            ml.compared_subjects, ml.grown_themes, replacing the last night's.
    Raises  InputError when the night in hand is another one.
    """
    with warehouse.opened(path) as connection:
        warehouse.require_night(connection, as_of)
    detector = ContradictionDetector(false_discovery_rate=false_discovery_rate, min_feedback_items=min_feedback_items)
    detector.fit(to_panel(_read(path, "block", kpis), kpis))  # no name: this panel is freed before the next is read
    columns = _read(path, "night", kpis)
    panel = to_panel(columns, kpis)
    found = detector.find(panel)
    contradictions = _contradictions(found, panel, columns.company)
    with warehouse.opened(path) as connection:
        with warehouse.transaction(connection):  # before the others: who asks about a cell asks who is in it
            warehouse.replace_rows(connection, "cells", _cells(found))
        answers = answer_changes.of_subjects(connection, detect_themes.subjects_of(contradictions, as_of))
        contradictions = _with_answers(contradictions, reasons(found, panel, found.observations, answers), answers)
        themes, theme_growth = detect_themes.growth(connection, contradictions, as_of)
        warehouse.replace_findings(
            connection,
            contradictions=contradictions,
            evidence=pd.concat([_evidence(found, contradictions), themes], ignore_index=True),
            theme_growth=theme_growth,
            kpi_moves=_kpi_moves(found, panel),
            judgements=_judgements(found, panel, detector),
            calibration=pd.DataFrame(
                {
                    "n_customers": [len(panel.customers)],
                    "n_null": [found.n_null],
                    "is_calibrated": [found.is_calibrated],
                    "verdict": [found.verdict],
                }
            ),
        )
    names = [kpi.name for kpi in kpis]
    units, launches = (zip(names, of.sum(0).tolist(), strict=True) for of in (found.unit_changed, found.launched))
    return Detected(
        n_judged=int((found.why == "judged").sum()),
        n_groups=int((found.customer < 0).sum()),
        n_surfaced=int(found.is_surfaced.sum()),
        n_explained=int((found.explained_by != "").sum()),
        verdict=found.verdict,
        unit_changed={name: n for name, n in units if n},
        launched={name: n for name, n in launches if n},
    )


def to_panel(columns: PanelColumns, kpis: Sequence[Kpi]) -> Panel:
    """Numbered columns as the frozen arrays of a `Panel`; levels without groups are left out."""
    customers, items = columns.customers, columns.items
    coded = {level: _codes(customers[level], "") for level in _LEVELS}
    named_levels = [level for level, (names, _) in coded.items() if names.size]
    n = len(customers["customer_id"])
    return Panel(
        customers=customers["customer_id"],
        weeks=columns.weeks,
        first_week=customers["first_week"].astype(np.int64),
        last_week=customers["last_week"].astype(np.int64),
        kpis=tuple(kpis),
        kpi_values=columns.kpi_values,
        offsets=np.searchsorted(items["customer"], np.arange(n + 1)).astype(np.int64),
        item_id=items["item_id"],
        item_week=items["week"].astype(np.int64),
        sentiment=items["sentiment"],
        sentiment_se=items["sentiment_se"],
        channel=items["channel"].astype(np.int64),
        touchpoint=items["touchpoint"].astype(np.int64),
        respondent=_codes(items["respondent"], -1)[1],
        channels=columns.channels,
        touchpoints=columns.touchpoints,
        item_text=_codes(items["text"], -1)[1],
        levels=tuple(named_levels),
        groups=tuple(tuple(coded[level][0].tolist()) for level in named_levels),
        group=np.array([coded[level][1] for level in named_levels], dtype=np.int64).reshape(len(named_levels), n),
    )


def _read(path: Path, cut: Cut, kpis: Sequence[Kpi]) -> PanelColumns:
    with warehouse.opened(path) as connection:
        return panels.read(connection, cut, [kpi.name for kpi in kpis])


def _codes(values: NDArray[Any], nothing: str | int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The distinct values and each one's code; ``nothing``, which sorts first, is −1."""
    distinct, code = np.unique(values, return_inverse=True)
    empty = int(distinct.size > 0 and distinct[0] == nothing)
    return distinct[empty:], code.astype(np.int64, copy=False) - empty


def _contradictions(found: Findings, panel: Panel, company: str) -> pd.DataFrame:
    """The columns of ml.contradictions, a row an entry."""
    half, kpi_change = Z_95 * found.sentiment_se, found.kpi_after - found.kpi_before
    names = [kpi.name for kpi in panel.kpis]
    return pd.DataFrame(
        {
            "level": found.level,
            "subject": np.where(found.level == "company", company, found.subject),
            "customer_id": [panel.customers[row] if row >= 0 else None for row in found.customer],
            "kpi": [names[k] if k >= 0 else None for k in found.kpi],
            "kind": [str(kind) for kind in found.kind],
            "started_week": found.started_week,
            "started_low": found.started_low,
            "started_high": found.started_high,
            "is_drift": found.is_drift,
            "sentiment_before": found.sentiment_before,
            "sentiment_after": found.sentiment_after,
            "sentiment_change": found.sentiment_change,
            "sentiment_change_low": found.sentiment_change - half,
            "sentiment_change_high": found.sentiment_change + half,
            "kpi_before": found.kpi_before,
            "kpi_after": found.kpi_after,
            "kpi_change": kpi_change,
            "kpi_change_low": kpi_change - Z_95 * found.kpi_se,
            "kpi_change_high": kpi_change + Z_95 * found.kpi_se,
            "n_items": found.n_items,
            "n_items_before": found.n_items_before,
            "p_value": found.p_value,
            "q_value": found.q_value,
            "score": found.score,
            "is_surfaced": found.is_surfaced,
            "agreeing_kpis": [[names[k] for k in agreeing] for agreeing in found.agreeing_kpis],
            "presumed_wrong": [_presumed_wrong(kind) for kind in found.kind],
            "explained_by": [name or None for name in found.explained_by.tolist()],
            "cell": [dict.fromkeys(_PARTS) | dict(parts) if parts else None for parts in found.parts],
            "n_members_at_least": pd.array([n if n >= 0 else None for n in found.n_fell.tolist()], dtype="Int64"),
            "plausible": [
                [{"kind": str(kind), "kpi": names[k] if k >= 0 else None} for kind, k in plausible]
                for plausible in found.plausible
            ],
        }
    )


def _cells(found: Findings) -> pd.DataFrame:
    """The columns of ml.cells."""
    named = {subject: dict(parts) for subject, parts in zip(found.subject.tolist(), found.parts, strict=True) if parts}
    return pd.DataFrame([{"subject": subject, **dict.fromkeys(_PARTS), **parts} for subject, parts in named.items()])


def _with_answers(contradictions: pd.DataFrame, why: list[str], answers: Mapping[int, Answers]) -> pd.DataFrame:
    """With the sentence of each, and what was answered on the scale on which it was asked."""
    told = [answers.get(i) for i in range(len(contradictions))]
    return contradictions.assign(
        reason=why,
        sentence_scale=np.array([None if one is None else one.scale for one in told], dtype=object),
        sentence_scale_before=[np.nan if one is None else one.before for one in told],
        sentence_scale_after=[np.nan if one is None else one.after for one in told],
    )


def _presumed_wrong(kind: Kind) -> str | None:
    side = kind.claim.presumed_wrong
    return None if side is None else side.value


def _evidence(found: Findings, contradictions: pd.DataFrame) -> pd.DataFrame:
    """The columns of ml.evidence, each piece with the key of its entry."""
    pieces = {name: column for name, column in vars(found.evidence).items() if name != "entry"}
    entry_keys = contradictions[["level", "subject", "kpi", "kind"]].iloc[found.evidence.entry].reset_index(drop=True)
    return pd.concat([entry_keys, pd.DataFrame(pieces)], axis=1)


def _kpi_moves(found: Findings, panel: Panel) -> pd.DataFrame:
    moves = found.kpi_moves
    return pd.DataFrame(
        {
            "customer_id": panel.customers[moves.customer],
            "kpi": [panel.kpis[k].name for k in moves.kpi],
            "started_week": panel.weeks[len(panel.weeks) - moves.onset],
            "kpi_before": moves.before,
            "kpi_after": moves.after,
            "moved": moves.moved,
        }
    )


def _judgements(found: Findings, panel: Panel, detector: ContradictionDetector) -> pd.DataFrame:
    needs = {"items": detector.min_feedback_items, "weeks": detector.min_metric_weeks}
    in_words = {state: words.format(**needs) for state, words in _WHY.items()} | {"not_calibrated_yet": found.verdict}
    why = [in_words[state] for state in found.why]
    return pd.DataFrame({"customer_id": panel.customers, "state": found.why, "why": why})
