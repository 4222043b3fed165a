"""What a case says of itself, also when a night knows little of it."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from voc.domain.cases.case import News, State, Verdict
from voc.domain.cases.case_view import CaseView, Trends
from voc.domain.cases.case_words import facts, kind_words, look_first, news_words, q_words, stake_words, verdict_words
from voc.domain.cases.trust import Trust
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

ON_TIME = Kpi("on_time_rate", "Visits on time", "share", "higher", target=0.95, touchpoint="installation")
FULL = CaseView(
    case_id="c1", as_of=date(2026, 3, 1), level="customer", subject="LB-1", name="Brouwer Dental", segment="enterprise",
    region="north", plan="fibre", kind=Kind.WATERMELON, kpi=ON_TIME, state=State.OPEN, owner_email="ann@lumen.example",
    owner_why="fallback", opened_on=date(2026, 3, 1), due_on=date(2026, 3, 15), last_seen_on=date(2026, 3, 1),
    closed_on=None, verdict=None, held_because=None, started_week=date(2025, 12, 1),
    started_low=date(2025, 11, 17), started_high=date(2025, 12, 15), is_drift=False, reason="It held.",
    value_at_stake=1204.4, currency="EUR", presumed_wrong="metric", n_items=24, n_items_before=1031,
    sentiment_change=-0.84, sentiment_change_low=-1.12, sentiment_change_high=-0.5, kpi_change=-0.0213,
    kpi_change_low=-0.04, kpi_change_high=-0.003, q_value=0.0138,
    agreeing_kpis=("Invoice disputes",), trust=Trust(3, 2, 1, 0.4, 0.1, 0.8),
    trends=Trends((), (), (), (), (), (), ()),
)  # fmt: skip
BARE = replace(
    FULL, segment=None, region=None, plan=None, kpi=None, value_at_stake=None, presumed_wrong=None, n_items=None,
    n_items_before=None, sentiment_change=None, sentiment_change_low=None, sentiment_change_high=None, kpi_change=None,
    kpi_change_low=None, kpi_change_high=None,
    q_value=None, agreeing_kpis=(), trust=None,
)  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_three_facts_say_what_was_said_what_the_metric_did_and_how_sure_it_is():
    assert [plain(fact) for fact in facts(FULL)] == [
        "It began between 17 November 2025 and 21 December 2025. "
        "24 messages since, 1,031 before (one a person, week and touchpoint). "
        "Their sentiment changed by −0.8 (95 % interval −1.1 to −0.5).",
        "Visits on time fell by 2.1 percentage points (higher is better, target 95 %). "
        "In agreement with the customer: Invoice disputes.",
        "About 1 in 72 cases at least as clear is a false alarm. Of 3 verdicts on this metric, 2 found it misleading.",
    ]


def test_a_case_of_which_a_night_knows_nothing_still_says_three_things():
    assert facts(BARE) == (
        "It began between 17 November 2025 and 21 December 2025; last seen 1 March.",
        "No single metric is meant.",
        "Not tested tonight.",
    )
    assert stake_words(BARE) == "value at stake unknown"


def test_any_gap_in_what_is_known_leaves_whole_sentences():
    gaps = ["kpi", "n_items", "n_items_before", "sentiment_change", "sentiment_change_low", "kpi_change", "trust"]
    for missing in product([False, True], repeat=len(gaps)):
        view = replace(FULL, **{name: None for name, is_gone in zip(gaps, missing, strict=True) if is_gone})
        sentences = (*facts(view), *(look_first(replace(view, kind=kind)) for kind in Kind))
        assert all((said[0].isupper() or said[0].isdigit()) and said[-1] in ".?" for said in sentences)
        assert not any("None" in said for said in sentences)


def test_amounts_change_in_their_own_unit_and_shares_by_points():
    hours = Kpi("h", "Hours to first reply", "hours", "lower")
    assert plain(facts(replace(FULL, kpi=hours, kpi_change=30.91, agreeing_kpis=()))[1]) == (
        "Hours to first reply rose by 31 h (lower is better)."
    )
    pct = Kpi("up", "Uptime", "pct", "higher")
    assert "rose by 1.5 percentage points" in facts(replace(FULL, kpi=pct, kpi_change=1.5))[1]
    assert "did not change" in facts(replace(FULL, kpi_change=0.0))[1]


def test_a_metric_has_held_only_if_its_interval_says_so():
    assert plain(facts(replace(FULL, kpi_change_high=0.01, agreeing_kpis=()))[1]) == (
        "Visits on time held: it fell by 2.1 percentage points, within what is usual (higher is better, target 95 %)."
    )
    risk = replace(FULL, kpi_change_high=0.01, kind=Kind.SILENT_RISK)
    for view in (FULL, risk, replace(FULL, kpi_change_low=None)):
        assert "held" not in facts(view)[1]


@pytest.mark.parametrize(
    ("q", "said"),
    [
        (0.0001, "fewer than 1 in 1,000 cases"),
        (0.0138, "about 1 in 72 cases"),
        (0.0038, "about 1 in 260 cases"),
        (0.1, "about 1 in 10 cases"),
        (0.5, "about 1 in 2 cases"),
        (0.8, "most cases like this are false alarms"),
        (None, "not tested tonight"),
    ],
)
def test_a_q_value_is_told_as_false_alarms(q, said):
    assert q_words(q).startswith(said)


def test_what_to_look_at_first_names_the_metric_its_touchpoint_and_the_start():
    for kind in (Kind.WATERMELON, Kind.GAMED_METRIC):
        said = look_first(replace(FULL, kind=kind))
        assert "“Visits on time”" in said
        assert "those about installation first" in said
        assert "17 November 2025" in said
    assert "“Visits on time” between 17 November 2025 and 21" in look_first(replace(FULL, kind=Kind.SILENT_RISK))


def test_a_split_is_looked_at_by_its_touchpoint():
    billing = replace(BARE, kind=Kind.SPLIT_BY_TOUCHPOINT, level="touchpoint", subject="billing", name="billing")
    assert look_first(billing).startswith("Read the messages about billing since 17 November 2025")


def test_every_kind_news_and_verdict_has_its_own_words():
    for words, of in ((kind_words, Kind), (news_words, News), (verdict_words, Verdict)):
        said = {words(one) for one in of}
        assert len(said) == len(of)
        assert all(said)
