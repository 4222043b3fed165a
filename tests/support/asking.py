"""Asking the detector: what is learned on a night, and what it says of customers alone."""

from dataclasses import replace

import numpy as np

from support.small_worlds import cut
from voc.detection.detector import ContradictionDetector
from voc.detection.findings import Findings
from voc.detection.panel import Panel

PER_ITEM = ("item_id", "item_week", "sentiment", "sentiment_se", "channel", "touchpoint", "respondent")


def learned(panel: Panel) -> ContradictionDetector:
    """Two weeks before the end, as on a night."""
    return ContradictionDetector().fit(cut(panel, len(panel.weeks) - 2))


def of_customers(findings: Findings) -> np.ndarray:
    """Which entries are of a customer."""
    return findings.level == "customer"


def surfaced(findings: Findings) -> set[int]:
    """Rows of the surfaced customers."""
    return set(findings.customer[findings.is_surfaced & of_customers(findings)].tolist())


def without_items(panel: Panel) -> Panel:
    """The same company, in which nobody says anything."""
    none = {name: getattr(panel, name)[:0] for name in PER_ITEM}
    return replace(panel, offsets=np.zeros_like(panel.offsets), **none)
