"""The zero-label scorer: what it says of a text, why it says nothing, and that no text influences another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voc.language.scoring.lexicon_scorer import Tones, score_texts

# What meets every branch of the tokeniser; st.text() adds any other character.
PIECES = (
    "good|bad|not|no|n't|não|bom|muito|united|the|el|servicio|der|n/a|-|.|!|\n|\0| |:)|:d|<3|😠|👍🏽|https://x.y/bad|é"
    "|\u0301|ß|\ud800|\u200b|'|’"
)
WORDS = st.sampled_from(PIECES.split("|"))
TEXT = st.one_of(
    st.text(max_size=20), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=6).map("".join)
)
ROWS = st.lists(st.tuples(TEXT, st.sampled_from([None, "", "en", "pt", "de"])), max_size=12)


def score(*texts: str, language: str | None = "en", blocked: frozenset[str] = frozenset()) -> Tones:
    return score_texts(texts, [language] * len(texts), blocked)


def tone_of(text: str, language: str | None = "en", **options: frozenset[str]) -> float:
    return float(score(text, language=language, **options).tone[0])


def reason_of(text: str, language: str | None = None) -> str | None:
    return score(text, language=language).unscored_reason[0]


def rows_of(tones: Tones) -> list[tuple]:
    """One tuple per text; NaN as None, so that equal rows are equal."""
    columns = (tones.tone, tones.tone_se, tones.n_words, tones.n_hits, tones.lexicon, tones.unscored_reason)
    return [tuple(None if v != v else v for v in row) for row in zip(*columns, strict=True)]


def test_praise_is_warm_and_blame_is_cold():
    assert tone_of("a good and friendly visit") > 0.3
    assert tone_of("a terrible, rude visit") < -0.3


def test_the_tone_is_the_damped_sum_over_the_root_of_the_length():
    # VADER: good 1.9; a negator leaves -0.74 of it
    assert tone_of("good") == pytest.approx(np.tanh(1.9 / np.sqrt(4 + 1)))
    assert tone_of("not so good") == pytest.approx(np.tanh(1.9 * -0.74 / np.sqrt(4 + 3)))


@pytest.mark.parametrize(
    "text", ["not good", "never was so good", "it isn't good", "it isn’t good", "NOT good", "not, good"]
)
def test_a_negator_within_three_words_turns_praise_into_blame(text):
    assert tone_of(text) < 0


@pytest.mark.parametrize(
    "text", ["not at all a good", "no. Good", "not!good", "why not? good", "not\ngood", "good, not"]
)
def test_a_negator_further_off_in_another_sentence_or_behind_leaves_praise_alone(text):
    assert tone_of(text.replace("no.", "Not here.")) > 0


def test_a_negator_does_not_reach_into_the_next_text():
    alone, beside = score("good"), score("not", "good")
    assert alone.tone[0] == beside.tone[1] > 0


def test_portuguese_negators_work_with_and_without_accents():
    assert tone_of("não recomendo", "pt") < 0
    assert tone_of("não recomendo", "pt") == tone_of("NAO RECOMENDO", "pt")
    assert tone_of("ótimo produto", "pt") == tone_of("otimo produto", "pt") > 0


@pytest.mark.parametrize("blocked", ["united", "United", "UNITED", "United Airlines"])
def test_a_blocked_name_carries_no_tone_but_remains_a_word(blocked):
    tones = score("United lost my bag", "united", blocked=frozenset({blocked}))
    assert tones.n_words.tolist() == [4, 1]
    assert tones.unscored_reason[1] == "no_known_words"
    assert tones.tone[0] == pytest.approx(tone_of("Xxxxxx lost my bag"))
    assert tone_of("united") > 0, "only the blocked call is blocked"


@pytest.mark.parametrize("word", ["care", "support", "help", "share", "please", "free", "like"])
def test_words_of_service_are_no_praise(word):
    assert reason_of(word, "en") == "no_known_words"


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("", "en", "no_text"),
        (" \t\n", None, "no_text"),
        ("\0", "en", "no_text"),
        ("\u200b\ufeff", "en", "no_text"),
        ("", "de", "no_text"),
        ("N/A.", "en", "null_answer"),
        ("-", "en", "null_answer"),
        ("...", "en", "null_answer"),
        ("Did not answer", "en", "null_answer"),
        ("  NONE! ", None, "null_answer"),
        ("No.", "en", "null_answer"),
        ("Não", "pt", "null_answer"),
        ("keine Angabe", "de", "null_answer"),
        ("Alles war sehr gut", "de", "language_not_covered"),
        (":)", "de", "language_not_covered"),
        ("zwölf", "xx", "language_not_covered"),
        ("the parcel came at ten", "en", "no_known_words"),
        ("https://good.example/bad?not=1", "en", "no_known_words"),
        ("Всё хорошо", None, "no_known_words"),
        ("None of it was good", "en", None),
        ("no problem", "en", None),
        (":)", "en", None),
    ],
)
def test_what_is_not_scored_says_why(text, language, reason):
    assert reason_of(text, language) == reason


def test_what_is_not_scored_is_nan_and_never_zero():
    tones = score("", "n/a", "the parcel", "good", "good bad")
    assert np.isnan(tones.tone).tolist() == np.isnan(tones.tone_se).tolist() == [True, True, True, False, False]
    assert tones.lexicon.tolist() == [None, None, "en", "en", "en"], "a list that was searched in vain is still named"
    assert tones.n_hits.tolist() == [0, 0, 0, 1, 2]


@pytest.mark.parametrize(
    ("text", "lexicon", "reason"),
    [
        ("The staff were very kind and it was clean", "en", None),
        ("O produto chegou antes do prazo, muito bom", "pt", None),
        ("El servicio es muy malo y nadie me ayuda", None, "language_not_covered"),
        ("Le service est très mauvais et personne ne répond", None, "language_not_covered"),
        ("Der Service war sehr schlecht und niemand hilft", None, "language_not_covered"),
        ("Il servizio è pessimo e nessuno risponde al telefono", None, "language_not_covered"),
        ("De service was erg slecht en niemand helpt mij", None, "language_not_covered"),
        ("recomendo", "pt", None),
        ("excellent", "en", None),
        ("xyzzy", "en", "no_known_words"),
        ("sehr excellent", "en", None),  # one foreign word is no foreign text
        ("😠", "en", None),
    ],
)
@pytest.mark.parametrize("undeclared", [None, ""])
def test_an_undeclared_language_is_guessed(text, lexicon, reason, undeclared):
    tones = score(text, language=undeclared)
    assert (tones.lexicon[0], tones.unscored_reason[0]) == (lexicon, reason)


def test_a_declared_language_is_believed():
    tones = score("The staff were very kind", language="pt")
    assert (tones.lexicon[0], tones.unscored_reason[0], tones.n_hits[0]) == ("pt", "no_known_words", 0)


def test_emoji_and_emoticons_speak_in_both_languages():
    assert tone_of("😠") < 0 < tone_of("😀") == tone_of("😀", "pt")
    assert tone_of("see you :(") < 0 < tone_of("see you :-)")
    assert tone_of("😀😀") > tone_of("😀")
    assert tone_of("☹") == tone_of("☹\ufe0f") < 0, "the variation selector is invisible"


@pytest.mark.parametrize("text", ["status:delayed", "at 2:3", "<30 minutes", "see http://a.b/:)"])
def test_what_only_looks_like_an_emoticon_is_none(text):
    assert reason_of(text.replace("delayed", "dispatch"), "en") == "no_known_words"


def test_no_texts_give_no_tones():
    assert [len(column) for column in vars(score()).values()] == [0] * 7


def test_texts_and_languages_of_different_length_are_refused():
    with pytest.raises(ValueError, match="2 texts but 1 languages"):
        score_texts(["a", "b"], ["en"])


def test_a_very_long_text_stays_within_bounds_and_leaves_its_neighbours_alone():
    tones = score("good", "awful " * 200_000, "good")
    assert tones.n_words.tolist() == [1, 200_000, 1]
    assert tones.tone[1] == pytest.approx(-1.0)
    assert tones.tone[1] >= -1.0
    assert tones.tone[0] == tones.tone[2] == tone_of("good")


def test_more_texts_than_one_batch_keep_their_order():
    texts = ["good", "bad", ""] * 6_000
    assert rows_of(score(*texts)) == rows_of(score("good", "bad", "")) * 6_000


@pytest.mark.parametrize(
    "text", ["go\0od good", "\ud800 good", "good \u202e", "ｇｏｏｄ", "go\u00adod", "good\u0301\u0301", "GOOD"]
)
def test_odd_unicode_neither_breaks_nor_hides_a_word(text):
    assert tone_of(text) > 0


@given(ROWS)
@settings(deadline=None)
def test_a_text_scores_the_same_alone_and_among_others(rows):
    texts, languages = [text for text, _ in rows], [language for _, language in rows]
    together = rows_of(score_texts(texts, languages, frozenset({"united"})))
    one_by_one = [rows_of(score_texts([t], [code], frozenset({"united"})))[0] for t, code in rows]
    assert together == one_by_one


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(range(len(rows))))))
@settings(deadline=None)
def test_the_order_of_texts_orders_the_results_and_nothing_else(case):
    rows, order = case
    texts, languages = [text for text, _ in rows], [language for _, language in rows]
    straight = rows_of(score_texts(texts, languages))
    shuffled = rows_of(score_texts([texts[i] for i in order], [languages[i] for i in order]))
    assert shuffled == [straight[i] for i in order]


@given(ROWS)
@settings(deadline=None)
def test_every_text_has_either_a_tone_in_bounds_or_a_reason(rows):
    tones = score_texts([text for text, _ in rows], [language for _, language in rows])
    scored = np.array([reason is None for reason in tones.unscored_reason], dtype=bool)
    assert (scored == ~np.isnan(tones.tone)).all()
    assert (scored == ~np.isnan(tones.tone_se)).all()
    assert (np.abs(tones.tone[scored]) <= 1).all()
    assert (tones.n_hits <= tones.n_words).all()
    assert (tones.n_hits[scored] > 0).all()
