"""The sentence under an entry."""

import numpy as np
import pytest

from voc.detection.decisions import reason_text
from voc.detection.findings import Entries, objects
from voc.detection.inputs.observations import Observations
from voc.detection.panel import Panel
from voc.domain.answers import Answers
from voc.domain.formatting import amount, tone
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

ON_TIME = Kpi("on_time", "On-time deliveries", "share", "higher", target=0.95)
REPLY = Kpi("reply", "Time to first reply", "hours", "lower")
DELIVERY, SUPPORT = 0, 1


def panel_of(kpi, touchpoints, customers=1):
    """Everything was said in the newest week, by the first customer and by each of the others alike."""
    n, weeks = len(touchpoints), np.datetime64("2026-01-05") + 7 * np.arange(10)
    m, about = customers * n, np.tile(np.array(touchpoints, int), customers)
    return Panel(
        np.array([f"c{j}" for j in range(customers)]), weeks, np.zeros(customers, int), np.full(customers, 9), (kpi,),
        np.zeros((customers, 1, 10)), n * np.arange(customers + 1), np.array([f"i{j}" for j in range(m)]),
        np.full(m, 9), np.zeros(m), np.zeros(m), np.zeros(m, int), about, np.zeros(m, int),
        ("delivery", "support"),
    )  # fmt: skip


def observations_of(panel):
    """Every item an observation of its own."""
    m = panel.item_week.size
    return Observations(
        panel.item_customer, panel.item_week, panel.respondent, panel.touchpoint, np.zeros(m), np.ones(m),
        np.arange(m), np.zeros(m), np.zeros(m), np.zeros((m, 0)),
    )  # fmt: skip


def reason(found, i, panel):
    return reason_text.reason(found, i, panel, observations_of(panel))


def entry(kind, before, after, kpi_before, kpi_after, start="2026-01-12", **changed):
    one = {name: np.array([0.0]) for name in Entries.__dataclass_fields__}
    return Entries(**one | {
        "level": np.array(["customer"]), "subject": np.array(["c0"]), "customer": np.array([0]), "kpi": np.array([0]),
        "kind": objects([kind]), "touchpoint": np.array([-1]), "onset": np.array([9]),
        "started_week": np.array([start], dtype="datetime64[D]"), "sentiment_before": np.array([before]),
        "sentiment_after": np.array([after]), "sentiment_change": np.array([after - before]),
        "kpi_before": np.array([kpi_before]), "kpi_after": np.array([kpi_after]), "kpi_se": np.array([0.2]),
        "kpi_fell": np.array([-3.0]), "members": objects([np.zeros(0, int)]),
    } | {name: np.array([value]) for name, value in changed.items()})  # fmt: skip


def group(level, subject, n, kind=Kind.WATERMELON, **changed):
    found = entry(kind, 0.21, 0.04, 0.98, 0.97, **changed)
    return Entries(**vars(found) | {
        "level": np.array([level]), "subject": np.array([subject]), "customer": np.array([-1]),
        "members": objects([np.arange(n)]),
    })  # fmt: skip


def test_a_watermelon_names_the_metric_its_target_and_the_fall():
    found = entry(Kind.WATERMELON, 0.4, -0.3, 0.98, 0.97)
    assert reason(found, 0, panel_of(ON_TIME, [DELIVERY] * 9 + [SUPPORT] * 5)) == (
        "On-time deliveries held at 97\u00a0% (target 95\u00a0%), while what this customer says "
        "fell from +0.4 to \u22120.3 in 14 messages, most about delivery."
    )


def test_without_a_target_fine_means_not_worse_than_its_own_past():
    found = entry(Kind.WATERMELON, 0.4, -0.3, 4.2, 4.1)
    assert "held at 4.1\u00a0h (not worse than its own past)" in reason(found, 0, panel_of(REPLY, [0, 1, -1, -1, -1]))


def test_a_metric_of_which_the_readings_say_too_little_is_not_said_to_have_held():
    found = entry(Kind.WATERMELON, 0.4, -0.3, 4.2, 4.1, kpi_fell=-1.0)
    said = reason(found, 0, panel_of(REPLY, [0, 1, -1, -1, -1]))
    assert said.startswith("Time to first reply at 4.1\u00a0h is too coarse to tell whether it worsened, while ")


def test_a_metric_that_got_better_while_the_customer_fell_is_said_to_have_improved():
    found = entry(Kind.WATERMELON, 0.4, -0.3, 4.4, 1.1)
    said = reason(found, 0, panel_of(REPLY, [0, 1, -1, -1, -1]))
    assert "improved from 4.4\u00a0h to 1.1\u00a0h, while what this customer says fell" in said


def test_a_metric_that_clearly_fell_but_meets_its_target_is_not_said_to_have_held():
    found = entry(Kind.WATERMELON, 0.4, -0.3, 0.99, 0.96, kpi_se=0.01)
    assert "went from 99\u00a0% to 96\u00a0% (target 95\u00a0%), while" in reason(found, 0, panel_of(ON_TIME, [0]))


def test_a_silent_risk_says_how_the_metric_worsened_and_what_stayed():
    found = entry(Kind.SILENT_RISK, 0.31, 0.28, 4.1, 9.8, start="2025-12-29")
    assert reason(found, 0, panel_of(REPLY, [-1] * 9)) == (
        "Time to first reply worsened from 4.1\u00a0h to 9.8\u00a0h, while what this customer "
        "says stayed at +0.3 in 9 messages."
    )


def test_a_gamed_metric_says_how_it_jumped_and_what_fell():
    found = entry(Kind.GAMED_METRIC, 0.4, -0.3, 9.8, 0.5)
    assert reason(found, 0, panel_of(REPLY, [DELIVERY, SUPPORT, SUPPORT])) == (
        "Time to first reply jumped from 9.80\u00a0h to 0.50\u00a0h, while what this customer says "
        "fell from +0.4 to \u22120.3 in 3 messages, most about support."
    )


def test_a_split_names_the_touchpoint_and_what_the_average_says():
    found = entry(Kind.SPLIT_BY_TOUCHPOINT, 0.4, 0.36, np.nan, np.nan, kpi=-1, touchpoint=SUPPORT)
    assert reason(found, 0, panel_of(ON_TIME, [DELIVERY] * 9 + [SUPPORT] * 5)) == (
        "What this customer says about support has fallen, which the average hides: all of it stayed "
        "at +0.4 in 14 messages, 5 of them about support."
    )


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        (Kind.SILENT_RISK, 4.1, 4.0, "was worse than to be expected at 4\u00a0h, while"),
        (Kind.GAMED_METRIC, 4.1, 4.3, "was better than to be expected at 4.3\u00a0h, while"),
        (Kind.SILENT_RISK, 4.1, 4.1, "was worse than to be expected at 4.1\u00a0h, while"),
    ],
)
def test_a_metric_that_moved_only_beside_the_others_is_not_said_to_have_moved(kind, before, after, said):
    assert f"Time to first reply {said}" in reason(entry(kind, 0.4, -0.3, before, after), 0, panel_of(REPLY, [0]))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("level", ["customer", "company"])
def test_no_sentence_shows_what_is_not_a_number(kind, level):
    found = entry(kind, np.nan, np.nan, np.nan, np.nan, kpi=-1)
    found = Entries(**vars(found) | {"level": np.array([level])})
    said = reason(found, 0, panel_of(REPLY, []))
    assert "nan" not in said
    assert said.startswith("No metric")
    assert said.endswith(" cannot be compared.")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_sentence_about_its_metric(kind):
    said = reason(entry(kind, 0.4, -0.3, 4.1, 9.8), 0, panel_of(REPLY, [SUPPORT]))
    assert "Time to first reply" in said or kind.claim.is_at_one_touchpoint


def test_one_message_is_singular_and_an_unsaid_touchpoint_is_not_guessed():
    found = entry(Kind.SILENT_RISK, 0.1, 0.3, 4.1, 9.8)
    assert reason(found, 0, panel_of(REPLY, [-1])).endswith("went from +0.1 to +0.3 in 1 message.")


def test_two_values_are_shown_with_the_digits_that_tell_them_apart():
    found = entry(Kind.SILENT_RISK, 0.1, 0.3, 0.983, 0.978)
    assert "worsened from 98.3\u00a0% to 97.8\u00a0%" in reason(found, 0, panel_of(ON_TIME, [-1] * 8))


def test_only_messages_since_the_start_are_counted():
    found = entry(Kind.WATERMELON, 0.4, -0.3, 0.98, 0.97)
    panel = panel_of(ON_TIME, [DELIVERY] * 3)
    panel.item_week[:2] = 0, 1
    assert reason(found, 0, panel).endswith("in 2 messages, most about delivery.")


@pytest.mark.parametrize(
    ("level", "subject", "said"),
    [
        (
            "region",
            "north",
            "what the 12 customers of region north say fell from +0.2 to 0.0 in 36 messages, most abou",
        ),
        ("company", "", "what all 12 customers say fell from +0.2 to 0.0 in 36 messages, most about support."),
        ("touchpoint", "support", "what 12 customers say about support fell from +0.2 to 0.0 in 24 messages."),
    ],
)
def test_of_a_group_all_that_its_members_say_is_meant(level, subject, said):
    panel = panel_of(ON_TIME, [DELIVERY, SUPPORT, SUPPORT], customers=20)
    told = reason(group(level, subject, 12), 0, panel)
    assert told.startswith("On-time deliveries held at 97\u00a0% (target 95\u00a0%), while ")
    assert said in told


def test_a_groups_name_keeps_its_capitals():
    found = group("region", "North Holland", 12, Kind.SPLIT_BY_TOUCHPOINT, touchpoint=DELIVERY)
    told = reason(found, 0, panel_of(ON_TIME, [DELIVERY], customers=20))
    assert told.startswith("What the 12 customers of region North Holland say about delivery has fallen, which")


def test_every_entry_has_its_own_sentence():
    parts = [entry(Kind.WATERMELON, 0.4, -0.3, 0.98, 0.97), group("region", "north", 3)]
    panel = panel_of(ON_TIME, [0], customers=5)
    said = reason_text.reasons(Entries.joined(*parts), panel, observations_of(panel))
    assert "this customer" in said[0]
    assert "the 3 customers of region north" in said[1]


@pytest.mark.parametrize(("value", "said"), [(0.42, "+0.4"), (-0.31, "\u22120.3"), (0.04, "0.0"), (-0.04, "0.0")])
def test_a_tone_has_a_real_sign(value, said):
    assert tone(value) == said


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("share", 0.5, "50\u00a0%"), ("pct", 97.25, "97\u00a0%"), ("money", 12345.6, "12,346"), ("count", 3.0, "3"),
        ("minutes", 0.25, "0.25\u00a0min"), ("days", -2.5, "\u22122.5\u00a0days"), ("score", 7.0, "7"),
    ],
)  # fmt: skip
def test_an_amount_has_its_unit(unit, value, said):
    assert amount(Kpi("k", "K", unit, "higher"), value) == said


def told(found, answers):
    return reason_text.reasons(found, panel_of(REPLY, [0, 0]), observations_of(panel_of(REPLY, [0, 0])), {0: answers})[
        0
    ]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (Answers(2.84, 2.31, 1, 5), "fell from 2.8 to 2.3 of 5 in 2 messages"),
        (Answers(8.42, 8.39, 0, 10), "fell from 8.42 to 8.39 of 10 in 2 messages"),
        (Answers(0.92, 0.33, 0, 1), "fell from 92\u00a0% to 33\u00a0% in 2 messages"),
        (
            Answers(2.8, 2.9, 1, 5),
            "fell from +0.4 to \u22120.3 in 2 messages",
        ),  # the answers did not fall: the words did
    ],
)
def test_what_is_said_is_told_on_the_scale_on_which_it_was_asked(answers, words):
    assert words in told(entry(Kind.WATERMELON, 0.4, -0.3, 4.2, 4.1), answers)


def test_what_did_not_fall_is_told_on_that_scale_too():
    assert "went from 4.1 to 4.3 of 5 in 2 messages" in told(
        entry(Kind.SILENT_RISK, 0.4, 0.5, 4.1, 9.8), Answers(4.1, 4.3, 1, 5)
    )
