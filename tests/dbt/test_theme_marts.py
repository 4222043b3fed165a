"""Themes and answers at odds with themselves in the marts of a planted night."""

import pytest

pytestmark = pytest.mark.slow


def test_an_item_is_about_at_most_two_themes_of_the_texts_it_holds(built):
    about = built.ask("""
        select theme, is_nearest, count(distinct customer_id), count(*) from marts.fct_feedback_theme
        inner join marts.fct_feedback using (feedback_id) group by all order by all
    """)
    texts = dict(
        built.ask("select customer_id, count(*) from marts.fct_feedback where item_kind = 'survey' group by all")
    )
    assert about == [
        ("delivery", True, 2, texts["C0"] + texts["C1"]),
        ("en: dog", False, 1, texts["C0"]),
    ]


def test_items_about_no_theme_are_counted_all_the_same(built):
    assert built.ask("select count(*) from int.int_feedback_theme where is_nearest") == [(156,)]


def test_what_agents_wrote_is_about_nothing_of_the_customers(copy):
    copy.change("update raw.surveys set actor_type = 'Agent' where customer_id = 'C0'")
    copy.rebuild()
    assert copy.ask("select count(*) from marts.fct_feedback_theme where theme = 'en: dog'") == [(0,)]


def test_a_case_leads_to_the_theme_that_grew_and_its_items(built):
    assert built.ask("""
        select part, evidence.name, themes.name, sentence from marts.fct_case_evidence as evidence
        inner join marts.dim_theme as themes using (theme) order by part
    """) == [
        ("theme", "delivery", "delivery", "Delivery: 9 of 9 texts."),
        ("theme_item", "nps:S13", "delivery", None),
    ]  # fmt: skip


def test_a_cold_score_beside_warm_words_is_at_odds_and_a_ticket_never_is(built):
    # every text has the tone +0.4 with an error of 0.5: further than 1 from scores of 0 and 1 of 10 alone
    assert built.ask("""
        select is_at_odds, round(10 * min(score_01)), round(10 * max(score_01)) from marts.fct_feedback
        where item_kind = 'survey' group by all order by all
    """) == [(False, 2.0, 10.0), (True, 0.0, 1.0)]
    assert built.ask("select count(is_at_odds) from marts.fct_feedback where item_kind = 'ticket'") == [(0,)]


def test_a_survey_is_counted_with_all_its_answers(built):
    ((source, survey, n, odd, low, share, high, is_misleading),) = built.ask("""
        select source, survey, n_answers, n_at_odds, share_low, share_at_odds, share_high, is_misleading
        from marts.mart_survey_agreement
    """)
    assert (source, survey, n) == ("nps", "nps", 156)
    assert low < share == odd / n < high
    assert is_misleading == (low > 0.1)
