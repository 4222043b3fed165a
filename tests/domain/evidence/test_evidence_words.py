"""Evidence in words."""

from dataclasses import fields
from datetime import date, datetime

import pytest

from voc.domain.evidence.evidence import Coverage, Evidence, LeftOut, Unheard, WeighedHypothesis
from voc.domain.evidence.evidence_words import (  # fmt: skip
    coverage_words,
    left_out_words,
    name_words,
    percent,
    signed,
    unheard_words,
    unsurfaced_words,
    weight_words,
    with_unlikely_joined,
)
from voc.domain.kpi import Kpi

AS_OF = date(2026, 3, 1)
OCTOBER = datetime(2025, 10, 3, 10)  # noqa: DTZ001  # the marts hold UTC without saying so
ON_TIME = Kpi("on_time", "Visits on time", "share", "higher")


@pytest.mark.parametrize(
    ("weight", "said"),
    [(1.0, "virtually certain"), (0.9, "very likely"), (0.89, "likely"), (0.5, "about as likely as not"),
     (0.329, "unlikely"), (0.05, "very unlikely"), (0.009, "exceptionally unlikely"), (0.0, "exceptionally unlikely")],
)  # fmt: skip
def test_a_weight_is_said_in_calibrated_words(weight, said):
    assert weight_words(WeighedHypothesis("s", weight)).split(" (")[0] == said


def test_what_is_exceptionally_unlikely_is_told_together():
    hypotheses = [
        WeighedHypothesis("fell", 0.98),
        WeighedHypothesis("rose", 0.012),
        WeighedHypothesis("a", 0.005),
        WeighedHypothesis("b", 0.003),
    ]
    assert with_unlikely_joined(hypotheses) == [*hypotheses[:2], WeighedHypothesis("one of 2 others", 0.008)]
    assert with_unlikely_joined(hypotheses[:3]) == hypotheses[:3]  # one alone keeps its name


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0 %"), (0.004, "under 1 %"), (0.7, "70 %"), (0.996, "over 99 %"), (1.0, "100 %")]
)
def test_a_small_share_is_not_called_none_nor_a_large_one_all(share, said):
    assert percent(share).replace("\u00a0", " ") == said


def test_the_score_without_any_one_message_is_said_with_its_range():
    assert left_out_words(LeftOut(3.94, 3.1, 4.02)) == (
        "Leaving out any one message, the score stays between 3.1 and 4.0; with all of them it is 3.9."
    )
    assert "stays at 2.0" in left_out_words(LeftOut(2.0, 1.96, 2.04))
    assert "any one customer, " in left_out_words(LeftOut(2.0, 1.0, 2.0), "customer")


def test_a_code_is_said_as_a_name_and_a_move_with_its_sign():
    assert name_words("mix_of_channels") == "Mix of channels"
    assert [signed(moved) for moved in (0.421, -0.1, 0.0)] == ["+0.42", "−0.10", "+0.00"]


def test_a_customer_that_could_not_be_judged_hears_why_and_how_much_it_said():
    said = coverage_words(Coverage("too_little_feedback", "2 messages since 5 January", 2, 9, None), AS_OF)
    assert said == (
        "Too little feedback: 2 messages since 5 January. 2 messages in the last 13 complete weeks, 9 before."
    )
    judged = coverage_words(Coverage("judged", "judged", 1, 0, OCTOBER), AS_OF)
    assert judged == "Judged. 1 message in the last 13 complete weeks, 0 before, the last on 3 October 2025."


def test_an_unheard_customer_is_told_with_its_metric_and_who_asked_when():
    one = Unheard(
        customer_id="C1", name="Jansen", kpi=ON_TIME, started_week=date(2025, 12, 22), kpi_before=0.964,
        kpi_after=0.8123, n_items_before=12, last_feedback_at=OCTOBER, last_invited_at=None, was_asked=False,
        monthly_revenue=None, owner_email=None,
    )  # fmt: skip
    assert unheard_words(one, AS_OF).replace("\u00a0", " ") == (
        "Visits on time went from 96 % to 81 % since 22 December 2025; last heard on 3 October 2025, never asked."
    )


@pytest.mark.parametrize(
    ("change", "low", "high", "said"),
    [
        (-0.2, -0.6, 0.2, "A fall by more than 0.6 is ruled out; one by 0.2 would be told from chance by about 40"),
        (0.1, -0.3, 0.5, "Nothing points to a fall, and one by more than 0.3 is ruled out."),
        (0.4, 0.1, 0.7, "It did not fall."),
        (-0.4, -0.7, -0.1, "It fell; of so many customers such a fall is too likely"),
        (None, None, None, "What was said can't be compared."),
    ],
)
def test_what_is_not_surfaced_says_how_far_it_could_have_been_told(change, low, high, said):
    nothing = {field.name: None for field in fields(Evidence)}
    evidence = Evidence(**nothing | {
        "started_week": date(2025, 12, 1), "as_of": AS_OF, "n_items": 10, "n_items_before": 31,
        "sentiment_change": change, "sentiment_change_low": low, "sentiment_change_high": high,
    })  # fmt: skip
    words = unsurfaced_words(evidence).replace("\u00a0", " ")
    assert said in words
    if change is not None:
        assert "since the week of 1 December 2025, 95 % interval" in words
        assert "in 10 messages after 31." in words
