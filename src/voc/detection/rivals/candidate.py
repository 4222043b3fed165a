"""A candidate contradiction and a rival explanation of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voc.domain.evidence.plausibility import Plausibility
from voc.domain.kinds import Kind


@dataclass(frozen=True)
class Candidate:
    """A contradiction that is claimed of one customer or of a group.

    Attributes
    ----------
    members : ndarray of int
        Rows of the panel's customers; all of them where it is claimed of the company.
    kpi : int
        Index into the panel's metrics, −1 without one.
    kind : Kind
    start : int
        Index of the week it began in; it runs to the panel's last week.
    sentiment_change, sentiment_se : float
        After minus before in sentiment's own unit, channels made comparable, and its standard error, which includes the
        wandering of satisfaction.
    n_after, n_before : int
        Items after and before the start.
    touchpoint : int
        Code of the one touchpoint it speaks of, −1 for all.
    """

    members: NDArray[np.int64]
    kpi: int
    kind: Kind
    start: int
    sentiment_change: float
    sentiment_se: float
    n_after: int
    n_before: int
    touchpoint: int = -1


@dataclass(frozen=True)
class RivalExplanation:
    """One other explanation: its statistic, which its function describes, its plausibility and a sentence."""

    name: str
    statistic: float
    plausibility: Plausibility
    sentence: str
