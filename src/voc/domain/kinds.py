"""The kinds of contradiction as a table: what each claims of feedback and of the metric, and the words for it."""

from dataclasses import dataclass
from enum import StrEnum


class Feedback(StrEnum):
    """What a kind claims that customers' feedback did."""

    FELL = "fell"
    FELL_AT_ONE_TOUCHPOINT = "fell_at_one_touchpoint"
    """The average over all touchpoints hides it."""
    HELD = "held"
    """It stayed warm or improved."""


class Metric(StrEnum):
    """What a kind claims that the metric did."""

    HELD = "held"
    """It meets its target, or is not below the customer's own past."""
    WORSENED = "worsened"
    JUMPED = "jumped"
    """Up, further than is plausible."""


class Side(StrEnum):
    """One of the two sides that contradict each other."""

    FEEDBACK = "feedback"
    METRIC = "metric"


@dataclass(frozen=True)
class Claim:
    """One row of the table.

    Attributes
    ----------
    feedback, metric
        What each side did. Every rule of detection reads these; none asks for a kind by its name.
    presumed_wrong
        The side that is to be examined first, never assumed wrong; None where neither is.
    size_of
        The side in which the size of a case is read, and so whether it has become worse.
    meaning
        The kind in a few words, for mails and reports.
    look_first
        What its owner should look at first. `{since}` is the first day on which it may have begun, `{around}` when it
        did (between two days), `{metric}` the metric's label in quotes,
        `{touchpoint_first}` ", those about <touchpoint> first" or nothing, `{touchpoint}` where it happens.
    look_first_without_metric
        The same where no single metric is meant; None where ``look_first`` serves both.
    without_metric
        How the sentence of its reason begins where no metric can be named.
    """

    feedback: Feedback
    metric: Metric
    presumed_wrong: Side | None
    size_of: Side
    meaning: str
    look_first: str
    look_first_without_metric: str | None = None
    without_metric: str = "No metric can be named"

    @property
    def feedback_side(self) -> int:
        """−1 where feedback is below what the metrics lead to expect, else +1; metrics that agree moved that way."""
        return 1 if self.feedback is Feedback.HELD else -1

    @property
    def sentiment_sign(self) -> int:
        """−1 where sentiment is claimed to have fallen, 0 where to have held."""
        return min(self.feedback_side, 0)

    @property
    def metric_sign(self) -> int:
        """−1 where the metric is claimed to have worsened, +1 where to have jumped up, 0 where to have held."""
        return {Metric.WORSENED: -1, Metric.HELD: 0, Metric.JUMPED: 1}[self.metric]

    @property
    def is_at_one_touchpoint(self) -> bool:
        """Whether it speaks of one touchpoint, and so needs no metric."""
        return self.feedback is Feedback.FELL_AT_ONE_TOUCHPOINT


class Kind(StrEnum):
    """How feedback and metrics can disagree; the values are published."""

    WATERMELON = "watermelon"
    SILENT_RISK = "silent_risk"
    GAMED_METRIC = "gamed_metric"
    SPLIT_BY_TOUCHPOINT = "split_by_touchpoint"

    @property
    def claim(self) -> Claim:
        """Its row of the table."""
        if self not in CLAIMS:
            raise LookupError(f"{self!r} has no row in CLAIMS of voc.domain.kinds")
        return CLAIMS[self]


CLAIMS: dict[Kind, Claim] = {
    Kind.WATERMELON: Claim(
        feedback=Feedback.FELL,
        metric=Metric.HELD,
        presumed_wrong=Side.METRIC,
        size_of=Side.FEEDBACK,
        meaning="the metric looks fine, the customer does not",
        look_first=(
            "Read the messages since {since}{touchpoint_first}. Then look at how {metric} is counted: "
            "would it see what they tell?"
        ),
        look_first_without_metric=("Read the messages since {since}. No metric shows what they say: which one should?"),
        without_metric="No metric is at fault",
    ),
    Kind.SILENT_RISK: Claim(
        feedback=Feedback.HELD,
        metric=Metric.WORSENED,
        presumed_wrong=None,
        size_of=Side.METRIC,
        meaning="the metric gets worse, the customer does not say so",
        look_first=(
            "See what happened to {metric} {around}: less use, worse service, or another way of measuring? "
            "If it is real, speak to the customer before they bring it up."
        ),
    ),
    Kind.GAMED_METRIC: Claim(
        feedback=Feedback.FELL,
        metric=Metric.JUMPED,
        presumed_wrong=Side.METRIC,
        size_of=Side.FEEDBACK,
        meaning="the metric jumps up, the customer gets worse",
        look_first=(
            "See how {metric} came to jump {around}: a new definition, a backlog closed at once, a bonus? "
            "Then read the messages since{touchpoint_first}."
        ),
    ),
    Kind.SPLIT_BY_TOUCHPOINT: Claim(
        feedback=Feedback.FELL_AT_ONE_TOUCHPOINT,
        metric=Metric.HELD,
        presumed_wrong=None,
        size_of=Side.FEEDBACK,
        meaning="one touchpoint gets worse, the average hides it",
        look_first="Read the messages about {touchpoint} since {since} by themselves: the average over all hides them.",
    ),
}
"""To add a kind: its name above, its row here, what is likely under it in `detection.hypotheses`, and the places that
`tests/architecture/test_kinds.py` then names: the doors, dbt's accepted values and the pages."""
