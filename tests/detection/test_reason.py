"""The sentence under a finding."""

from dataclasses import replace

import numpy as np
import pytest

from voc.detection.findings import Findings
from voc.detection.panel import Panel
from voc.detection.reason import reason
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi
from voc.domain.words import amount, tone

ON_TIME = Kpi("on_time", "On-time deliveries", "share", "higher", target=0.95)
REPLY = Kpi("reply", "Time to first reply", "hours", "lower")


def panel_of(kpi, touchpoints):
    n = len(touchpoints)
    weeks = np.datetime64("2026-01-05") + 7 * np.arange(10)
    return Panel(
        np.array(["c"]), weeks, np.array([0]), np.array([9]), (kpi,), np.zeros((1, 1, 10)), np.array([0, n]),
        np.array([f"i{j}" for j in range(n)]), np.full(n, 9), np.zeros(n), np.zeros(n), np.zeros(n, int),
        np.array(touchpoints), np.zeros(n, int), ("delivery", "support"),
    )  # fmt: skip


def finding(kind, before, after, kpi_before, kpi_after, n, start="2026-01-12"):
    one = {name: np.array([0.0]) for name in Findings.__dataclass_fields__} | {"kpi_se": np.array([0.2])}
    return Findings(**one | {
        "customer": np.array([0]), "kpi": np.array([0]), "kind": (kind,), "n_items": np.array([n]),
        "started_week": np.array([start], dtype="datetime64[D]"), "sentiment_before": np.array([before]),
        "sentiment_after": np.array([after]), "sentiment_change": np.array([after - before]),
        "kpi_before": np.array([kpi_before]), "kpi_after": np.array([kpi_after]),
    })  # fmt: skip


def test_a_watermelon_names_the_metric_its_target_and_the_fall():
    found = finding(Kind.WATERMELON, 0.4, -0.3, 0.98, 0.97, 14)
    assert reason(found, 0, panel_of(ON_TIME, [0] * 9 + [1] * 5)) == (
        "On-time deliveries held at 97\u00a0% (target 95\u00a0%) since 12 January, while what this customer says "
        "fell from +0.4 to \u22120.3 in 14 messages, most about delivery."
    )


def test_without_a_target_fine_means_not_below_its_own_past():
    found = finding(Kind.WATERMELON, 0.4, -0.3, 4.2, 4.1, 5)
    assert "held at 4.1\u00a0h (not below its own past)" in reason(found, 0, panel_of(REPLY, [0, 1, -1, -1, -1]))


def test_a_metric_that_got_better_while_the_customer_fell_is_said_to_have_improved():
    found = finding(Kind.WATERMELON, 0.4, -0.3, 4.4, 1.1, 5)
    said = reason(found, 0, panel_of(REPLY, [0, 1, -1, -1, -1]))
    assert "improved from 4.4\u00a0h to 1.1\u00a0h since 12 January, while what this customer says fell" in said


def test_a_silent_risk_says_how_the_metric_worsened_and_what_stayed():
    found = finding(Kind.SILENT_RISK, 0.31, 0.28, 4.1, 9.8, 9, start="2025-12-29")
    assert reason(found, 0, panel_of(REPLY, [-1] * 9)) == (
        "Time to first reply worsened from 4.1\u00a0h to 9.8\u00a0h since 29 December 2025, while what this customer "
        "says stayed at +0.3 in 9 messages."
    )


def test_one_message_is_singular_and_an_unsaid_touchpoint_is_not_guessed():
    found = finding(Kind.SILENT_RISK, 0.1, 0.3, 4.1, 9.8, 1)
    assert reason(found, 0, panel_of(REPLY, [-1])).endswith("went from +0.1 to +0.3 in 1 message.")


def test_two_values_are_shown_with_the_digits_that_tell_them_apart():
    found = finding(Kind.SILENT_RISK, 0.1, 0.3, 0.983, 0.978, 8)
    assert "worsened from 98.3\u00a0% to 97.8\u00a0%" in reason(found, 0, panel_of(ON_TIME, [-1] * 8))


def test_a_finding_without_a_metric_still_has_a_sentence():
    found = replace(finding(Kind.WATERMELON, 0.4, -0.3, np.nan, np.nan, 8), kpi=np.array([-1]))
    assert reason(found, 0, panel_of(ON_TIME, [-1] * 8)).startswith("No metric")


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
