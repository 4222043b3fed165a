"""How far a metric can be trusted, from what people found who looked into its cases."""

from collections.abc import Iterable
from dataclasses import dataclass

from voc.domain.cases.case import Verdict

WRONG = frozenset({Verdict.METRIC_WRONG, Verdict.DEFINITION_GAP})
"""Verdicts by which the metric would have misled whoever believed it."""
RIGHT = frozenset({Verdict.BOTH_TRUE, Verdict.FEEDBACK_UNREPRESENTATIVE, Verdict.TIMING})
"""A data fault is in neither: it speaks of a feed."""
PRIOR = (1.0, 1.0)
"""Of right and wrong: uniform (Bayes 1763), no opinion before anybody has looked."""


@dataclass(frozen=True)
class Trust:
    """The posterior of "the metric was right when customers contradicted it": its mean and 95 % interval."""

    n_verdicts: int
    n_wrong: int
    n_right: int
    mean: float
    low: float
    high: float


def trust(verdicts: Iterable[Verdict]) -> Trust:
    """The Beta posterior after these verdicts, one a closing.

    >>> trust([Verdict.METRIC_WRONG, Verdict.METRIC_WRONG, Verdict.DATA_FAULT]).mean
    0.25
    """
    from scipy.stats import beta  # half a second to import, which showing a trust does not need

    verdict_list = list(verdicts)
    n_wrong, n_right = sum(v in WRONG for v in verdict_list), sum(v in RIGHT for v in verdict_list)
    a, b = PRIOR[0] + n_right, PRIOR[1] + n_wrong
    low, high = beta.ppf([0.025, 0.975], a, b)
    return Trust(len(verdict_list), n_wrong, n_right, a / (a + b), float(low), float(high))
