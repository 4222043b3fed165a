"""Which themes grew, in made-up counts, and which items are shown for one."""

import numpy as np
import pytest

from voc.language.themes.growth import ALPHA, grown
from voc.language.themes.representative_texts import representative

TOTALS = np.array([[60, 60]])
QUIET = np.array([[[10, 10], [20, 20]]])
GREW = np.array([[[10, 35], [20, 20]]])


def test_a_planted_growth_is_found_and_only_that():
    found = grown(GREW, TOTALS, QUIET * 50, TOTALS * 50)
    assert found.has_grown.tolist() == [[True, False]]
    assert found.share_after[0, 0] == pytest.approx(35 / 60)
    assert 0 < found.low[0, 0] < found.change[0, 0] < found.high[0, 0]


def test_what_grew_as_much_among_peers_did_not_grow_here():
    found = grown(GREW, TOTALS, GREW * 50, TOTALS * 50)
    assert not found.has_grown.any()
    assert found.change[0, 0] == pytest.approx(0, abs=0.05)


def test_what_only_shrank_among_peers_did_not_grow_here():
    assert not grown(QUIET, TOTALS, GREW[..., ::-1] * 50, TOTALS * 50).has_grown.any()


def test_a_company_is_compared_with_its_own_past():
    assert grown(GREW, TOTALS).has_grown.tolist() == [[True, False]]
    assert not grown(QUIET, TOTALS).has_grown.any()


@pytest.mark.parametrize("totals", [[3, 60], [60, 3], [0, 60]])
def test_few_items_are_too_little_evidence(totals):
    counts = np.array([[[0, min(totals[1], 40)]]])
    found = grown(counts, np.array([totals]))
    assert not found.is_enough[0]
    assert not found.has_grown.any()
    assert found.p_value.tolist() == [[1.0]]


def test_each_subject_is_judged_by_itself():
    both = grown(np.vstack([GREW, QUIET]), np.vstack([TOTALS, TOTALS]))
    assert both.has_grown.tolist() == [[True, False], [False, False]]
    assert both.p_value[0] == pytest.approx(grown(GREW, TOTALS).p_value[0])


@pytest.mark.parametrize(("n", "others"), [(4, 4), (6, 12), (20, 20), (15, 60), (200, 50)])
def test_subjects_whose_themes_did_not_grow_are_seldom_said_to_have_grown(n, others):
    rng = np.random.default_rng(n)
    share = rng.dirichlet(np.full(10, 0.6), 20_000)
    counts = np.stack([rng.multinomial(n, share), rng.multinomial(others, share)], axis=-1)
    found = grown(counts, np.tile([n, others], (20_000, 1)))
    # three standard errors of a share of 5 % among 20,000
    assert found.has_grown.any(axis=1).mean() <= ALPHA + 3 * np.sqrt(ALPHA * (1 - ALPHA) / 20_000)


def test_a_theme_cannot_have_more_items_than_there_are():
    with pytest.raises(ValueError, match="totals"):
        grown(np.array([[[5, 5]]]), np.array([[4, 9]]))


def test_the_nearest_items_of_the_usual_tone_are_shown():
    texts = [
        "worst courier in the whole world",
        "the parcel came a week late",
        "the courier came two days late",
        "late",
    ]
    weight, sentiment = np.array([0.9, 0.6, 0.7, 1.0]), np.array([-1.0, -0.4, -0.4, -0.4])
    assert representative(texts, weight, sentiment).tolist() == [2, 1, 0]
    assert representative([*texts, "late"], np.append(weight, 1), np.append(sentiment, -0.4), 9).tolist() == [
        2,
        1,
        0,
        3,
    ]


def test_what_says_the_same_is_shown_once():
    texts = ["The parcel came LATE again!", "the parcel came late again", "my parcel never came at all"]
    shown = representative(texts, np.array([0.8, 0.9, 0.5]), np.full(3, np.nan))
    assert shown.tolist() == [1, 2]


def test_no_items_show_nothing():
    assert representative([], np.zeros(0), np.zeros(0)).tolist() == []
