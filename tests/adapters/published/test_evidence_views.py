"""The evidence of a night, read from a published file."""

import pytest
from support.evidenced_night import SHOWN, add_evidence, add_group, add_unheard, explain_by
from support.reported_night import START, small_night

from voc.adapters.published import evidence_views, unheard_views
from voc.domain.evidence.plausibility import Plausibility
from voc.errors import OutsideError


@pytest.fixture
def night(tmp_path):
    return small_night(tmp_path / "night.duckdb")


def of_c1(night):
    return evidence_views.of_subject(night.path, "customer", "C1")


def test_a_case_has_the_evidence_of_its_own_metric_and_kind_else_of_its_subject(night):
    add_evidence(night, "a")
    add_evidence(night, "b", kpi="spend")
    night.add_case("one")
    night.add_case("of another kind", kind="silent_risk")
    night.add_case("two", kpi="spend")
    found = evidence_views.of_cases(night.path, ["one", "of another kind", "two", "no such"])
    assert {case_id: evidence.contradiction_id for case_id, evidence in found.items()} == {
        "one": "a", "of another kind": "a", "two": "b"
    }  # fmt: skip


def test_what_was_tested_and_is_neither_surfaced_nor_explained_is_no_evidence(night):
    night.do("update marts.fct_contradictions set is_surfaced = false")
    night.add_case("one")
    assert evidence_views.of_cases(night.path, ["one"]) == {}
    assert [one.is_found for one in of_c1(night)] == [False, False]


def test_a_series_has_the_weeks_that_have_a_value(night):
    add_evidence(night)
    evidence = of_c1(night)[0]
    assert evidence.expected.weeks == tuple(SHOWN)
    assert len(evidence.said.weeks) == len(SHOWN) - len(SHOWN[3::7])
    at = evidence.said.weeks.index(START)
    assert [s[at] for s in (evidence.said.value, evidence.said.low, evidence.said.high)] == [-0.3, -0.6, 0.0]
    assert set(evidence.metric.low) == {None}
    assert evidence.weeks == tuple(SHOWN)


def test_a_week_without_a_number_is_no_value(night):
    add_evidence(night)
    night.do("update marts.fct_case_evidence set value = 'nan' where part = 'kpi' and position < 10")
    night.do("update marts.fct_case_evidence set low = 'nan' where part = 'expected'")
    evidence = of_c1(night)[0]
    assert evidence.metric.weeks == tuple(SHOWN[10:])
    assert set(evidence.expected.low) == {None}


def test_another_metrics_weeks_are_not_drawn(night):
    add_evidence(night)
    night.do("update marts.fct_case_evidence set name = 'spend' where part = 'kpi' and position >= 30")
    assert of_c1(night)[0].metric.weeks == tuple(SHOWN[:30])


def test_the_likeliest_story_and_the_strongest_rival_come_first(night):
    add_evidence(night)
    evidence = of_c1(night)[0]
    assert [hypothesis.name for hypothesis in evidence.stories] == [
        "only the customer fell",
        "both fell",
        "nothing happened",
    ]
    assert [rival.verdict for rival in evidence.rivals] == [
        Plausibility.MAY_EXPLAIN,
        Plausibility.RULED_OUT,
        Plausibility.RULED_OUT,
    ]
    assert [rival.name for rival in evidence.rivals][1:] == ["mix_of_respondents", "few_items"]
    assert (evidence.left_out.score, evidence.left_out.low, evidence.left_out.high) == (3.9, 3.1, 4.0)
    assert [(item.feedback_id, item.moved) for item in evidence.items] == [("nps:1", 0.42), ("desk:7", -0.1)]


def test_the_members_of_a_group_are_called_by_their_names(night):
    add_group(night)
    (evidence,) = evidence_views.of_subject(night.path, "segment", "home")
    assert [(m.customer_id, m.name, m.share) for m in evidence.members] == [
        ("C1", "Jansen Bakery", 0.7),
        ("C2", "Quiet Quarry", 0.3),
    ]


def test_of_a_subject_what_is_surfaced_comes_first_then_what_is_explained(night):
    explain_by(night, "a", "mix_of_channels")
    night.do("update marts.fct_contradictions set is_surfaced = false, score = 99 where contradiction_id = 'b'")
    assert [one.contradiction_id for one in of_c1(night)] == ["a", "b"]
    night.do("update marts.fct_contradictions set is_surfaced = true where contradiction_id = 'b'")
    assert [one.contradiction_id for one in of_c1(night)] == ["b", "a"]


def test_a_name_means_a_customer_or_a_group_before_the_beginning_of_an_id(night):
    add_group(night)
    assert evidence_views.named(night.path, "C1") == [("customer", "C1", None)]
    assert evidence_views.named(night.path, "home") == [("segment", "home", None)]
    assert evidence_views.named(night.path, "segment:home") == [("segment", "home", None)]
    assert evidence_views.named(night.path, "9") == [("segment", "home", "9a")]
    assert evidence_views.named(night.path, "A") == [("customer", "C1", "a")]
    assert evidence_views.named(night.path, "no such") == []


def test_what_is_explained_is_listed_with_its_sentence_and_counted(night):
    add_evidence(night)
    for contradiction_id in "ab":
        explain_by(night, contradiction_id, "mix_of_channels")
    night.do("update marts.fct_contradictions set score = if(contradiction_id = 'a', 5, 4)")
    found, n = evidence_views.explained(night.path, 1)
    assert n == 2
    assert [(row["name"], row["kpi"], row["explained_by"], row["sentence"]) for row in found] == [
        ("Jansen Bakery", "Visits on time", "mix_of_channels", "Part of it could come from more tickets.")
    ]
    night.do("update marts.fct_contradictions set explained_by = null")
    assert evidence_views.explained(night.path, 1) == ([], 0)


@pytest.mark.parametrize("table", ["mart_fell_silent", "mart_nobody_asked"])
def test_the_unheard_are_listed_by_revenue_and_counted(night, table):
    add_unheard(night, table, "C1", monthly_revenue=None)
    add_unheard(night, table, "C2", monthly_revenue=12.0)
    found, n = unheard_views.unheard(night.path, table, most=1)
    assert ([one.name for one in found], n) == (["Quiet Quarry"], 2)
    assert found[0].was_asked == (table == "mart_fell_silent")
    found, n = unheard_views.unheard(night.path, table, most=1, customer_id="C1")
    assert ([one.name for one in found], n) == (["Jansen Bakery"], 1)
    assert unheard_views.unheard(night.path, table, most=1, customer_id="C9") == ([], 0)


def test_a_customer_is_called_by_its_name_and_says_why_it_was_not_judged(night):
    night.do("update marts.fct_coverage set why = 'nothing said or asked' where customer_id = 'C2'")
    name, coverage = unheard_views.coverage(night.path, "C2")
    assert (name, coverage.state, coverage.why) == ("Quiet Quarry", "not_asked", "nothing said or asked")
    assert unheard_views.coverage(night.path, "C9") == (None, None)


def test_names_are_read_without_what_would_turn_or_break_a_line(night):
    add_group(night)
    night.do("update marts.dim_customer set name = 'Jan\u202esen\r\n\x07Bakery' where customer_id = 'C1'")
    night.do("update marts.fct_case_evidence set sentence = 'Same\u2066 people\x00.' where part = 'rival'")
    (evidence,) = evidence_views.of_subject(night.path, "segment", "home")
    assert evidence.members[0].name == "Jansen Bakery"
    assert {rival.sentence for rival in evidence.rivals} == {"Same people."}


def test_a_file_without_evidence_was_published_by_another_version(night):
    night.do("drop table marts.fct_case_evidence")
    with pytest.raises(OutsideError, match="published by another version"):
        of_c1(night)
