"""The learned scorer: what it learns from labels, that it does not repeat what it was told, and that it is honest."""

from dataclasses import replace

import numpy as np
import pytest

from voc.language.scoring import scorer_state
from voc.language.scoring.label_counts import can_learn
from voc.language.scoring.learned_scorer import LearnedScorer
from voc.language.scoring.lexicon import load
from voc.language.scoring.lexicon_scorer import score_texts
from voc.language.scoring.tiers import TrainingSet, from_audits, from_ratings, has_audits
from voc.language.tokens import tokenise_texts

# Words of a made-up language, so that no list knows them.
WARM = ("zonnig", "vlotjes", "keurig", "prettig", "raak")
COLD = ("somber", "traagjes", "slordig", "naar", "mis")
PLAIN = ("de", "bus", "kaart", "balie", "straat", "vandaag", "weer", "onze", "kamer", "brief")


def training_set(n: int, *, labels: int, seed: int = 0, question: str = "nps") -> tuple[TrainingSet, np.ndarray]:
    """n texts of four plain words and one that is warm or cold nine times in ten as the truth; and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.6
    texts = []
    for is_warm in truth:
        tells = WARM if is_warm == (rng.random() < 0.9) else COLD
        texts.append(" ".join([*rng.choice(PLAIN, 4), str(rng.choice(tells))]))
    tokenised = tokenise_texts(texts, load().grammar)
    label = np.full(n, np.nan)
    label[:labels] = truth[:labels]
    made = TrainingSet(
        question=question,
        tokenised=tokenised,
        tones=score_texts(texts, ["nl"] * n),
        rating=label,
        audit=np.full(n, np.nan),
        customer=np.arange(n),
        respondent=np.arange(n),
    )
    return made, truth.astype(float)


def fit(of: TrainingSet) -> LearnedScorer:
    return LearnedScorer().fit(
        of.tokenised, of.tones, of.rating, customer=of.customer, respondent=of.respondent, key=b"k"
    )


def test_two_hundred_ratings_teach_a_language_that_no_list_knows():
    of, truth = training_set(900, labels=200)
    scorer = fit(of)
    tone = scorer.predict(of.tokenised, of.tones).tone[200:]
    assert np.mean((tone > 0) == (truth[200:] > 0.5)) > 0.85, "of at most 0.90 that the words tell"
    assert scorer.is_better


def test_the_mean_score_is_the_mean_answer_and_the_stated_error_the_real_one():
    of, truth = training_set(4000, labels=2000)
    reading = fit(of).predict(of.tokenised, of.tones)
    fresh = slice(2000, None)
    assert np.mean(reading.tone[fresh]) == pytest.approx(np.mean(2 * truth[fresh] - 1), abs=0.04)
    error = (2 * truth[fresh] - 1 - reading.tone[fresh]) / reading.tone_se[fresh]
    assert np.sqrt(np.mean(error**2)) == pytest.approx(1.0, abs=0.1)


def test_labels_given_by_lot_are_no_better_than_the_lexicon():
    better = 0
    for seed in range(8):
        of, _ = training_set(400, labels=200, seed=seed)
        by_lot = np.where(np.isfinite(of.rating), np.random.default_rng(100 + seed).random(400) < 0.5, np.nan)
        better += fit(replace(of, rating=by_lot)).is_better
    assert better <= 3, "one standard error is passed by chance one time in six"


def test_a_text_that_taught_is_scored_by_what_it_did_not_teach():
    of, truth = training_set(600, labels=300)
    rating = of.rating.copy()
    rating[:40] = 1 - rating[:40]  # forty answers that contradict their words
    scorer = fit(replace(of, rating=rating))
    tone = scorer.predict(of.tokenised, of.tones).tone[:40]
    assert np.mean((tone > 0) == (truth[:40] > 0.5)) > 0.75, "their words are heard, not their own answers"


def test_what_a_model_file_holds_predicts_the_same():
    of, _ = training_set(300, labels=150)
    scorer = fit(of)
    back = scorer_state.deserialise(*scorer_state.serialise(scorer))
    np.testing.assert_array_equal(
        scorer.predict(of.tokenised, of.tones).tone, back.predict(of.tokenised, of.tones).tone
    )


def test_the_same_lesson_teaches_the_same():
    of, _ = training_set(300, labels=150)
    np.testing.assert_array_equal(fit(of).coef_, fit(of).coef_)


def test_fewer_than_fifty_labels_or_ten_of_a_kind_teach_nothing():
    few, one_sided = np.full(100, np.nan), np.full(100, np.nan)
    few[:49] = np.arange(49) % 2
    one_sided[:60] = np.arange(60) >= 9
    assert not can_learn(few)
    assert not can_learn(one_sided)
    assert can_learn(np.where(np.arange(100) < 50, np.arange(100) % 2, np.nan))


def test_ratings_beside_a_question_for_faults_are_not_learned_from():
    of, _ = training_set(400, labels=200, question="What could we improve?")
    tier = from_ratings(of, b"k")
    assert (tier.basis, tier.scorer) == ("lexicon", None)


def test_audit_labels_borrow_what_another_channel_learned():
    elsewhere, _ = training_set(2000, labels=1500, seed=1)
    base_scorer = from_ratings(elsewhere, b"a").scorer
    here, truth = training_set(900, labels=0, seed=2)
    audit = np.where(np.arange(900) < 60, truth, np.nan)
    here = replace(here, audit=audit)
    assert has_audits(here)

    def hits(with_base: LearnedScorer | None) -> float:
        scorer = LearnedScorer()
        base_logit = None if with_base is None else with_base.decide(here.tokenised, here.tones)
        scorer.fit(
            here.tokenised, here.tones, audit, customer=here.customer, respondent=here.respondent, base_logit=base_logit
        )
        tone = scorer.predict(here.tokenised, here.tones, base_logit).tone
        return float(np.mean((tone[60:] > 0) == (truth[60:] > 0.5)))

    assert hits(base_scorer) > hits(None)
    assert from_audits(here, base_scorer, b"b").basis == "audit labels"
