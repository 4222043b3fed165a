"""Rivals about feedback: who speaks, where, how often, and what everybody else says."""

from dataclasses import replace

import numpy as np
import pytest
from support.quiet_company import PEOPLE, START, WEEKS, QuietCompany, rivals_of

from voc.detection.rivals import learn_baseline
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.kinds import Kind

RISK = Kind.SILENT_RISK
SINCE = np.arange(START, WEEKS)


@pytest.fixture
def company():
    return QuietCompany()


def test_repetitions_of_one_angry_text_explain_a_fall(company):
    company.say(0, np.repeat(START + np.arange(5), 3), -0.9, text=1)
    rival = company.explanations()["duplicates"]
    assert rival.plausibility is Plausibility.EXPLAINS
    assert "(14 repetitions left out)" in rival.sentence


def test_as_many_angry_texts_of_their_own_are_not_repetitions(company):
    company.say(0, np.repeat(START + np.arange(5), 3), -0.9, text=1_000_000 + np.arange(15))
    assert company.explanations()["duplicates"].plausibility is Plausibility.RULED_OUT


def test_a_phrase_that_others_use_too_is_no_repetition_in_another_week(company):
    company.say(0, SINCE, -0.9, text=1)
    assert company.explanations()["duplicates"].plausibility is Plausibility.EXPLAINS
    company.say(1, [3], -0.9, text=1)
    assert company.explanations()["duplicates"].plausibility is Plausibility.RULED_OUT


def test_one_person_about_one_matter_in_one_week_is_one_voice(company):
    company.say(0, np.full(15, START + 1), -0.9, respondent=0, text=1_000_000 + np.arange(15))
    assert company.explanations()["duplicates"].plausibility is Plausibility.EXPLAINS


def test_a_loud_newcomer_explains_a_fall(company):
    company.say(0, SINCE, -0.9, respondent=999)
    rival = company.explanations()["mix_of_respondents"]
    assert rival.plausibility is Plausibility.EXPLAINS
    assert abs(rival.statistic) < 0.15
    assert rival.sentence.startswith("Among the same people as before sentiment moved by")


def test_the_same_people_being_unhappier_is_no_change_of_who_speaks(company):
    company.say(0, SINCE[::3], -0.3, respondent=999)
    company.items["sentiment"][company.of(0)] -= 0.5
    assert company.explanations()["mix_of_respondents"].plausibility is Plausibility.RULED_OUT


def test_where_nobody_spoke_both_before_and_since_it_cannot_be_ruled_out(company):
    company.items["respondent"][company.of(0)] += 10_000
    company.items["sentiment"][company.of(0)] -= 0.5
    rival = company.explanations()["mix_of_respondents"]
    assert rival.plausibility is Plausibility.MAY_EXPLAIN
    assert np.isnan(rival.statistic)


def test_where_nobody_is_named_it_cannot_be_ruled_out(company):
    company.items["respondent"][:] = -1
    company.items["sentiment"][company.of(0)] -= 0.5
    assert company.explanations()["mix_of_respondents"].plausibility is Plausibility.MAY_EXPLAIN


def test_a_praising_newcomer_hides_a_fall(company):
    company.items["sentiment"][company.of(0)] -= 0.4
    company.say(0, SINCE, 0.8, respondent=999)
    rivals = company.explanations(kind=RISK)
    assert rivals["mix_of_respondents"].plausibility is Plausibility.EXPLAINS
    assert rivals["mix_of_respondents"].sentence.endswith("a change of who speaks hides a fall.")
    assert QuietCompany().explanations(kind=RISK)["mix_of_respondents"].plausibility is Plausibility.RULED_OUT


def test_a_group_is_compared_over_the_same_customers(company):
    company.items["respondent"][:] = -1
    members = np.arange(20)
    unhappy = members[:10]
    company.items["sentiment"][np.isin(company.items["customer"], unhappy)] -= 0.6
    late = np.isin(company.items["customer"], unhappy) & (company.items["week"] < START)
    company.keep(~late | (company.rng.random(late.size) < 0.1))  # who is unhappy speaks up only now
    assert company.explanations(members=members)["mix_of_respondents"].plausibility is Plausibility.EXPLAINS

    really = QuietCompany()
    really.items["sentiment"][(really.items["customer"] < 20) & (really.items["week"] >= START)] -= 0.3
    assert really.explanations(members=members)["mix_of_respondents"].plausibility is Plausibility.RULED_OUT


def shifted(company, column):
    """Customer 0, whose second code is 0.8 below its first, moves from one to the other."""
    of = company.items["customer"] == 0
    code = np.where(company.rng.random(of.size) < np.where(company.items["week"] < START, 0.15, 0.85), 1, 0)
    company.items[column][of] = code[of]
    company.items["sentiment"][of & (code == 1)] -= 0.8
    return company


@pytest.mark.parametrize("part", ["channel", "touchpoint"])
def test_a_move_to_a_harsher_part_explains_a_fall(company, part):
    rival = shifted(company, part).explanations()[f"mix_of_{part}s"]
    assert rival.plausibility is Plausibility.EXPLAINS
    assert rival.sentence.startswith(f"{part.capitalize()} by {part} sentiment moved by")


@pytest.mark.parametrize("part", ["channel", "touchpoint"])
def test_a_fall_within_every_part_is_no_change_of_mix(company, part):
    company.items["sentiment"][company.of(0)] -= 0.5
    rival = company.explanations()[f"mix_of_{part}s"]
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.statistic == pytest.approx(-0.5, abs=0.1)


def test_touchpoints_without_overlap_are_measured_against_everybodys(company):
    company.items["sentiment"][company.items["touchpoint"] == 2] -= 0.6
    since = company.of(0)
    before = (company.items["customer"] == 0) & ~since
    company.items["sentiment"][since & (company.items["touchpoint"] != 2)] -= 0.6
    company.items["touchpoint"][since] = 2
    company.items["sentiment"][before & (company.items["touchpoint"] == 2)] += 0.6
    company.items["touchpoint"][before] = 0
    rival = company.explanations()["mix_of_touchpoints"]
    assert rival.plausibility is Plausibility.EXPLAINS
    assert rival.sentence.startswith("Against the usual level of each touchpoint")


def test_a_fall_that_everybody_shows_is_the_general_mood(company):
    company.items["sentiment"][company.items["week"] >= START] -= 0.5
    rival = company.explanations()["company_wide_mood"]
    assert rival.plausibility is Plausibility.EXPLAINS
    assert "Everybody else's sentiment moved by −0.5" in rival.sentence


def test_a_fall_of_one_customer_is_not_the_general_mood(company):
    company.items["sentiment"][company.items["week"] >= START] -= 0.1
    company.items["sentiment"][company.of(0)] -= 0.5
    rival = company.explanations()["company_wide_mood"]
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.statistic == pytest.approx(-0.5, abs=0.1)


def test_a_group_of_most_customers_is_compared_with_the_others(company):
    members = np.arange(100)
    ours = (company.items["customer"] < 100) & (company.items["week"] >= START)
    company.items["sentiment"][ours] -= 0.5
    rival = company.explanations(members=members)["company_wide_mood"]
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.statistic == pytest.approx(-0.5, abs=0.1)


def test_a_rise_of_everybody_hides_that_one_fell_behind(company):
    company.items["sentiment"][company.items["week"] >= START] += 0.4
    company.items["sentiment"][company.of(0)] -= 0.4
    assert company.explanations(kind=RISK)["company_wide_mood"].plausibility is Plausibility.EXPLAINS
    assert company.explanations(members=1, kind=RISK)["company_wide_mood"].plausibility is Plausibility.RULED_OUT


def test_for_the_company_itself_there_is_no_wider_mood(company):
    company.items["sentiment"][company.items["week"] >= START] -= 0.5
    rival = company.explanations(members=np.arange(company.n))["company_wide_mood"]
    assert rival.plausibility is Plausibility.RULED_OUT
    assert rival.sentence == "This is about everybody: there is no wider mood behind it."


def few(company):
    """Customer 0 with four items since the start and some before."""
    company.keep(~company.of(0))
    company.say(0, START + np.arange(4), [0.2, 0.1, 0.3, 0.2], respondent=np.arange(4) % PEOPLE)
    return company


def test_one_shrill_item_explains_a_fall(company):
    few(company).say(0, [START + 5], -1.0, respondent=0)
    rival = company.explanations(sentiment_change=-0.25, sentiment_se=0.1)["few_items"]
    assert rival.plausibility is Plausibility.EXPLAINS
    assert "Without the strongest of 5 items since" in rival.sentence


def test_a_fall_that_every_item_shows_rests_on_no_single_one(company):
    few(company).items["sentiment"][company.of(0)] -= 0.5
    assert company.explanations()["few_items"].plausibility is Plausibility.RULED_OUT


def test_one_praise_hides_a_fall_only_as_an_outlier(company):
    few(company).items["sentiment"][company.of(0)] -= 0.4
    company.say(0, [START + 5], 1.0, respondent=0)
    assert (
        company.explanations(kind=RISK, sentiment_change=-0.16, sentiment_se=0.1)["few_items"].plausibility
        is Plausibility.EXPLAINS
    )
    assert few(QuietCompany()).explanations(kind=RISK)["few_items"].plausibility is Plausibility.RULED_OUT


def test_a_split_is_weighed_on_the_items_of_its_touchpoint(company):
    hit = company.of(0) & (company.items["touchpoint"] == 1)
    company.items["sentiment"][hit] -= 0.6
    rivals = company.explanations(kind=Kind.SPLIT_BY_TOUCHPOINT, touchpoint=1, sentiment_change=-0.6, sentiment_se=0.1)
    assert rivals["company_wide_mood"].statistic == pytest.approx(-0.6, abs=0.15)
    assert rivals["few_items"].statistic == pytest.approx(-0.6, abs=0.1)


def test_what_was_never_said_rules_nothing_out(company):
    company.keep(~company.of(0, since=0))
    verdicts = {name: rival.plausibility for name, rival in company.explanations().items()}
    assert verdicts["company_wide_mood"] is verdicts["mix_of_channels"] is Plausibility.MAY_EXPLAIN
    assert verdicts["feed_stale_or_shrunken"] is Plausibility.RULED_OUT


def test_real_falls_of_all_people_are_seldom_explained_away():
    company = QuietCompany(n=200, seed=1)
    fell = (company.items["customer"] < 60) & (company.items["week"] >= START)
    company.items["sentiment"][fell] -= 0.3
    panel = company.panel()
    baseline = learn_baseline(panel)
    rivals = [rivals_of(panel, baseline, members=row).values() for row in range(60)]
    assert sum(any(rival.plausibility is Plausibility.EXPLAINS for rival in each) for each in rivals) <= 3


@pytest.mark.parametrize("without", ["item_text", "levels", "kpis"])
def test_a_panel_that_lacks_something_is_weighed_all_the_same(company, without):
    company.items["sentiment"][company.of(0)] -= 0.5
    panel = company.panel()
    bare = {
        "item_text": {"item_text": np.zeros(0, np.int64)},
        "levels": {"levels": (), "groups": (), "group": np.zeros((0, 0), np.int64)},
        "kpis": {"kpis": (), "kpi_values": np.zeros((company.n, 0, WEEKS))},
    }[without]
    panel = replace(panel, **bare)
    rivals = rivals_of(panel, learn_baseline(panel), kpi=-1)
    assert rivals["mix_of_channels"].statistic == pytest.approx(-0.5, abs=0.1)
    assert rivals["unit_or_definition_change"].plausibility is Plausibility.RULED_OUT
