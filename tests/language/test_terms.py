"""Terms: what a channel's texts are counted by, and that nobody's own words are among them."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from voc.language.scoring.lexicon import load
from voc.language.terms import Terms
from voc.language.tokens import tokenise_texts

TEXTS = ["late again late", "late parcel", "the parcel came late", "late parcel again", "anna 061234 late parcel"]


def learned(texts: list[str], customer: list[int] | None = None) -> Terms:
    return Terms.learn(tokenise_texts(texts, load().grammar), np.array(customer or range(len(texts))))


def test_only_what_three_customers_used_is_a_term():
    terms = learned(TEXTS)
    assert set(terms.words) == {"late", "parcel"}
    assert [tuple(terms.words[i] for i in pair) for pair in terms.pairs] == [("late", "parcel")]
    assert set(terms.stems) == {"late", "parc"}


def test_one_customer_who_writes_often_counts_once():
    terms = learned(["code zebra"] * 5 + ["late", "late", "late"], [1, 1, 1, 1, 1, 2, 3, 4])
    assert terms.words == ("late",)


def test_the_weights_of_words_and_pairs_are_those_of_scikit_learn():
    texts = ["good bus ride", "bad bus", "good ride good", "the bus ride", "good bus"] * 3
    terms = learned(texts)
    theirs = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True).fit(texts)
    ours = terms.weigh(tokenise_texts(texts, load().grammar)).toarray()[:, : len(terms.words) + len(terms.pairs)]
    names = [*terms.words, *(f"{terms.words[a]} {terms.words[b]}" for a, b in terms.pairs)]
    expected = theirs.transform(texts).toarray()[:, [theirs.vocabulary_[name] for name in names]]
    np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_a_text_is_weighed_the_same_alone_and_among_others():
    terms = learned(TEXTS)
    together = terms.weigh(tokenise_texts([*TEXTS, "", "unheard of"], load().grammar)).toarray()
    for row, text in zip(together, [*TEXTS, "", "unheard of"], strict=True):
        np.testing.assert_array_equal(terms.weigh(tokenise_texts([text], load().grammar)).toarray()[0], row)


@pytest.mark.parametrize("texts", [[], [""], ["..."], ["a"]])
def test_there_may_be_nothing_to_learn(texts):
    terms = learned(texts)
    assert terms.weigh(tokenise_texts(["late parcel"], load().grammar)).nnz == 0
