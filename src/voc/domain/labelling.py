"""Audit labels: texts that people are asked to label, and counts of their labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

WARM, NEITHER, COLD = 1.0, 0.5, 0.0


@dataclass(frozen=True)
class TextToLabel:
    """A redacted text to be labelled, and the day (UTC) it was written."""

    text_id: str
    text: str
    said_on: date


@dataclass(frozen=True)
class Sheet:
    """Texts of one channel to be labelled, in the order in which they are asked, and its labels so far, by text_id.

    ``question`` is '' for tickets, ``language`` '' where none is known.
    """

    source: str
    question: str
    language: str
    asked: tuple[TextToLabel, ...]
    labels: Mapping[str, float]


@dataclass(frozen=True)
class LabelCounts:
    """Labels of a channel, and how many more it takes until a scorer can be learned from them."""

    n_warm: int
    n_neither: int
    n_cold: int
    n_wanted: int
    """Of these at least ``warm_wanted`` warm and ``cold_wanted`` cold ones."""
    warm_wanted: int
    cold_wanted: int

    @property
    def n_labels(self) -> int:
        """All of them."""
        return self.n_warm + self.n_neither + self.n_cold
