"""The picture of why a contradiction is believed: what was said against what was to be expected, and the metric."""

from typing import TYPE_CHECKING

from voc.adapters.report import svg_png
from voc.domain.evidence.evidence import Evidence
from voc.domain.evidence.evidence_words import path_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def svg(evidence: Evidence) -> str:
    """The picture as an `svg` element for a page, with its alternative text; the same evidence gives the same text."""
    return svg_png.svg(
        lambda: _drawn(evidence),
        key=f"evidence {evidence.contradiction_id}",
        title="What was said, what was to be expected, and the metric",
        alt=path_words(evidence),
    )


def _drawn(evidence: Evidence) -> "Figure":
    from voc.adapters.report.evidence_drawing import drawing

    return drawing(evidence)
