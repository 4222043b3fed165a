"""Boilerplate: learned from a source alone, taken out wherever it stands, and never an answer that many give."""

import runpy
import sys
from collections import Counter

import numpy as np
import pytest
from support import ROOT

from voc.language.cleaning import boilerplate, boilerplate_counts, clean
from voc.language.scoring.lexicon_scorer import score_texts

BENCHMARKS = ROOT / "benchmarks"
FOOTERS = {
    "en": "Thank you for contacting us, we are happy to help with your request. Kind regards, The Customer Care Team",
    "pt": "Obrigado pelo contato, ficamos felizes em ajudar com o pedido 4711. Atenciosamente, Equipe de Atendimento",
    "de": "Vielen Dank für Ihre Nachricht, wir helfen Ihnen gerne weiter. Mit freundlichen Grüßen, Ihr Kundenservice",
}
WORDS = ("late", "broken", "cold", "slow", "dear", "lost", "rude", "torn", "dirty", "loud")
COMMENTS = [f"It was {a} and {b}" for a in WORDS for b in WORDS]


def learned(texts: list[str]) -> frozenset[str]:
    return boilerplate(boilerplate_counts(texts), len(texts))


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
@pytest.mark.parametrize("glue", ["\n\n", "\n", ". ", " ", "<br>"])
def test_a_footer_on_half_of_the_texts_is_found_and_taken_out(footer, glue):
    texts = [comment + glue + footer if i % 2 else comment for i, comment in enumerate(COMMENTS)]
    assert [own.rstrip(".") for own in clean(texts, learned(texts))] == COMMENTS


def test_numbers_blanks_and_case_do_not_hide_a_footer():
    texts = [f"{comment}\nYour  request {i} is dear to US." for i, comment in enumerate(COMMENTS)]
    texts.append("Late\nyour request 9999 IS DEAR to us")
    assert clean(texts, learned(texts)) == [*COMMENTS, "Late"]


def test_a_footer_of_short_lines_goes_as_a_whole():
    texts = [f"{comment}\nHave fun!\nYour friendly crew\nCall 0800 1" for comment in COMMENTS]
    assert clean(texts, learned(texts)) == COMMENTS


@pytest.mark.parametrize(("n_with", "is_found"), [(20, False), (21, True)])
def test_a_line_is_boilerplate_in_more_than_one_per_cent(n_with, is_found):
    texts = [f"{c} {i}{'a' * j}" for j in range(1, 21) for i, c in enumerate(COMMENTS)]
    texts[:n_with] = [f"{text}\nWe are here for you" for text in texts[:n_with]]
    assert len(texts) == 2000
    assert ("we are here for you" in learned(texts)) == is_found


def test_in_a_small_source_twenty_texts_are_needed():
    texts = [f"{comment}\nWe are here for you" for comment in COMMENTS[:19]]
    assert learned(texts) == frozenset()


def test_an_answer_that_many_give_is_no_boilerplate():
    answers = ["Everything was very good and friendly"] * 60 + COMMENTS
    beside = [f"{comment}\nEverything was very good and friendly" for comment in COMMENTS[:40]]
    assert learned(answers + beside) == frozenset()


def test_a_short_answer_above_a_footer_stays():
    texts = [f"{answer}\nWe are always here for you" for answer in ["Good", *COMMENTS] for _ in range(5)]
    assert clean(texts, learned(texts))[:5] == ["Good"] * 5


def test_sentences_from_a_small_stock_are_the_customers_own():
    stock = [f"the {thing} we have got was {how}" for thing in ("router", "modem", "line") for how in WORDS]
    texts = [f"{first}. {second}" for first in stock for second in stock]
    assert learned(texts) == frozenset()


def test_what_stands_in_every_text_and_beside_nothing_is_left_alone():
    texts = ["We have received your request and will answer soon"] * 100
    assert clean(texts, learned(texts)) == texts


def test_counts_of_nights_add_up():
    texts = [f"{comment}\n{FOOTERS['en']}" for comment in COMMENTS]
    nights = Counter(boilerplate_counts(texts[:50])) + Counter(boilerplate_counts(texts[50:]))
    line = next(piece for piece in nights if piece.startswith("thank you") and piece.endswith("team"))
    assert nights[line] == boilerplate_counts(texts)[line] == 100
    assert boilerplate(nights, 100) == learned(texts)


@pytest.mark.parametrize(("name", "language"), [("tweets", "en"), ("nhs", "en"), ("olist", "pt")])
def test_a_polite_footer_on_half_of_the_texts_costs_no_accuracy(name, language, real_data, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    sample = runpy.run_path(str(BENCHMARKS / "lexicon.py"))[name](real_data)

    def auc(texts):
        return sample.auc(score_texts(texts, [language] * len(texts), sample.blocked).tone)

    before, half = auc(sample.texts), np.random.default_rng(0).random(len(sample.texts)) < 0.5
    assert auc(clean(sample.texts, learned(sample.texts))) >= before
    for glue in ("\n", " "):
        planted = [text + glue * h + FOOTERS[language] * h for text, h in zip(sample.texts, half.tolist(), strict=True)]
        assert auc(planted) < before - 0.03, "without cleaning it costs much"
        assert auc(clean(planted, learned(planted))) >= before - 0.005
