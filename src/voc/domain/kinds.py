"""The kinds of contradiction and which side each presumes to be wrong."""

from enum import StrEnum


class Kind(StrEnum):
    """How feedback and metrics can disagree."""

    WATERMELON = "watermelon"
    """The metric is fine or improving while what the customer says gets worse: green outside, red inside."""
    SILENT_RISK = "silent_risk"
    """The metric worsens while what the customer says stays warm or improves."""
    GAMED_METRIC = "gamed_metric"
    """The metric jumps up implausibly while what the customer says gets worse."""
    SPLIT_BY_TOUCHPOINT = "split_by_touchpoint"
    """Feedback worsens at one touchpoint that the average hides."""


PRESUMED_WRONG: dict[Kind, str | None] = {
    Kind.WATERMELON: "metric",
    Kind.SILENT_RISK: None,
    Kind.GAMED_METRIC: "metric",
    Kind.SPLIT_BY_TOUCHPOINT: None,
}
"""To be examined, never assumed: trust the feedback, then dig."""
