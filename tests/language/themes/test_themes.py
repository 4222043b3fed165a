"""Themes of made-up feedback: what is found, what it is called, and that nothing unseen or rare is kept."""

import io

import numpy as np
import pytest

from voc.language.themes.themes import LEAST_CUSTOMERS, NONE, Themes, assign, learn
from voc.language.themes.touchpoint_words import LANGUAGES, NAMES, seeds

SAID = {
    "en": {
        "delivery": "the courier lost my {} again | delivered two weeks late to the {} | parcel left at the {}",
        "price": "the invoice for my {} is wrong | charged twice for one {} | far too expensive for a {}",
        "staff": "a rude agent about the {} | your staff knew the {} well | polite advisor at the {}",
        "free": "the elevator to the {} smelled of smoke | smoke in the elevator by the {} | elevator full of smoke {}",
    },
    "pt": {
        "delivery": "a entrega da {} atrasou | correios perderam a {} | frete e prazo da {} ruins",
        "price": "a fatura da {} veio errada | cobrado duas vezes pela {} | boleto da {} muito caro",
        "staff": "atendimento sobre a {} foi grosseiro | o vendedor da {} sabia tudo | equipe da {} educada",
        "free": "o elevador da {} cheirava fumaça | fumaça no elevador da {} | elevador cheio de fumaça {}",
    },
    "de": {
        "delivery": "die Lieferung der {} kam spät | Paket mit {} verloren | der Versand der {} dauerte",
        "price": "die Rechnung für {} war falsch | zu teuer für eine {} | doppelt bezahlt für {}",
        "staff": "der Mitarbeiter wusste nichts von {} | unfreundliche Beratung zur {} | Personal der {} war höflich",
        "free": "der Aufzug zur {} roch nach Rauch | Rauch im Aufzug bei {} | Aufzug voller Rauch {}",
    },
}
THINGS = {
    "en": ("lamp", "table", "garden", "kitchen", "bottle"),
    "pt": ("mesa", "cozinha", "garrafa", "cadeira", "cama"),
    "de": ("Lampe", "Garten", "Küche", "Flasche", "Tasse"),
}


def feedback(language: str, n: int = 40, leave_out: str = "") -> tuple[list[str], list[str]]:
    """Texts and the theme each was made for, by turns, so that any stretch of them has all."""
    texts, made_for = [], []
    for i in range(n):
        for theme, phrases in SAID[language].items():
            if theme != leave_out:
                phrase = phrases.split(" | ")[i % 3]
                texts.append(phrase.format(THINGS[language][i % 5]))
                made_for.append(theme)
    return texts, made_for


def learned(texts: list[str], language: str = "en", **options) -> Themes:
    return learn(texts, np.arange(len(texts)), language, seeds(language), **options)


def keys_of(themes: Themes, texts: list[str]) -> list[str]:
    return np.append(themes.keys, "")[assign(themes, texts).theme[:, 0]].tolist()


def same(one: Themes, other: Themes) -> bool:
    return all(np.array_equal(getattr(one, field), getattr(other, field)) for field in vars(one))


@pytest.mark.parametrize("language", SAID)
def test_themes_are_found_and_named_in_three_languages(language):
    texts, made_for = feedback(language)
    themes = learned(texts, language)

    assert themes.keys[: themes.n_seeded].tolist() == ["delivery", "price", "staff"]
    assert themes.names[:3].tolist() == [NAMES[key] for key in ("delivery", "price", "staff")]
    (new,) = themes.keys[themes.n_seeded :]
    smoke = {"en": {"elevator", "smoke"}, "pt": {"elevador", "fumaca"}, "de": {"aufzug", "rauch"}}[language]
    assert smoke <= set(new.removeprefix(f"{language}: ").split(", "))
    expected = [new if theme == "free" else theme for theme in made_for]
    assert np.mean([found == theme for found, theme in zip(keys_of(themes, texts), expected, strict=True)]) > 0.95


def test_the_same_texts_give_the_same_themes():
    texts, _ = feedback("en")
    assert same(learned(texts), learned(list(texts)))


def test_a_free_theme_keeps_its_name_when_new_items_bring_other_words():
    texts, made_for = feedback("en")
    before = learned(texts)
    new = [f"{text}, alarm rang" if theme == "free" else text for text, theme in zip(texts, made_for, strict=True)]
    more = texts + new * 3
    alone, after = learned(more), learned(more, previous=before)

    assert alone.names[-1] != before.names[-1], "by itself it would be called by its new words"
    assert after.keys.tolist() == before.keys.tolist()
    assert after.names.tolist() == before.names.tolist()
    assert np.array_equal(after.components, alone.components), "only what it is called rests on the block before"


def test_a_theme_of_other_words_does_not_inherit_a_name():
    before = learned(feedback("en")[0])
    texts, _ = feedback("en", leave_out="free")
    music = [f"loud music and noise by the {THINGS['en'][i % 5]}" for i in range(40)]
    after = learned(texts + music, previous=before)
    assert {"music", "noise"} <= set(after.names[-1].split(", "))
    assert after.keys[-1] not in before.keys


def test_a_word_of_fewer_than_three_customers_is_in_no_vocabulary():
    texts, _ = feedback("en")
    rare = ["delivered to Wolfeschlegel", "Wolfeschlegel was charged", "staff told Wolfeschlegel"] * 10
    customers = np.append(np.arange(len(texts)), np.tile([900, 901], 15))
    assert LEAST_CUSTOMERS == 3
    assert "wolfeschlegel" not in learn(texts + rare, customers, "en", seeds("en")).terms
    customers[-1] = 902
    assert "wolfeschlegel" in learn(texts + rare, customers, "en", seeds("en")).terms


def test_no_placeholder_number_or_link_is_a_term():
    texts = [f"{text} [email] 4711 https://shop.example/lamp" for text in feedback("en")[0]]
    assert not {"email", "4711", "https", "shop", "example"} & set(learned(texts).terms)


def test_a_text_is_laid_by_itself_alone():
    texts, _ = feedback("en")
    themes = learned(texts)
    together = assign(themes, texts)
    for row in range(0, len(texts), 7):
        alone = assign(themes, [texts[row]])
        assert np.array_equal(alone.theme[0], together.theme[row])
        assert alone.weight[0] == pytest.approx(together.weight[row])


def test_texts_of_mere_judgement_or_nothing_have_no_theme():
    themes = learned(feedback("en")[0])
    for text in ("very good, thank you", "", "nothing", "[email]", "\0"):
        found = assign(themes, [text])
        assert found.theme.tolist() == [[NONE, NONE]]
        assert found.weight.tolist() == [[0.0, 0.0]]


def test_a_text_about_two_things_has_two_themes():
    themes = learned(feedback("en")[0])
    found = assign(themes, ["the courier lost it and the invoice is wrong", "the courier lost it"])
    assert set(themes.keys[found.theme[0]]) == {"delivery", "price"}
    assert found.theme[1, 1] == NONE
    assert (found.weight <= 1).all()
    assert (found.weight[:, 0] >= found.weight[:, 1]).all()


def test_a_word_that_came_up_of_late_makes_a_theme():
    old, _ = feedback("en", 300, leave_out="free")
    new, _ = feedback("en", 20, leave_out="free")
    fire = [f"elevator smoke at the {THINGS['en'][i % 5]}, said the courier" for i in range(12)]
    is_latest = np.arange(len(old) + len(new) + len(fire)) >= len(old)

    before, after = learned(old), learned([*old, *new, *fire], is_latest=is_latest)
    (come_up,) = set(after.keys) - set(before.keys)
    assert {"elevator", "smoke"} <= set(come_up.removeprefix("en: ").split(", "))
    assert not set(learned([*old, *new, *fire]).keys) - set(before.keys), "too few among all texts to be found there"


def test_the_companys_own_touchpoint_is_a_theme_of_its_name():
    texts, _ = feedback("en")
    themes = learn(texts, np.arange(len(texts)), "en", seeds("en", ["Elevators", "Elevator", "Billing", "staff"]))
    assert themes.keys[: themes.n_seeded].tolist() == ["delivery", "price", "staff", "elevator"]


def test_a_language_without_words_of_ours_has_free_themes():
    texts, _ = feedback("en")
    themes = learn(texts, np.arange(len(texts)), "xx", seeds("xx"))
    assert themes.n_seeded == 0
    assert len(themes.keys) > 1
    assert len(set(themes.keys)) == len(themes.keys)


@pytest.mark.parametrize("texts", [[], ["n/a"], ["late delivery"] * 5])
def test_too_few_texts_have_no_themes(texts):
    themes = learned(texts)
    assert len(themes.keys) == 0
    assert assign(themes, ["late delivery"]).theme.tolist() == [[NONE, NONE]]
    assert assign(themes, []).theme.shape == (0, 2)


def test_themes_are_stored_without_pickle():
    themes = learned(feedback("en")[0])
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **vars(themes))
    file.seek(0)
    stored = np.load(file, allow_pickle=False)
    again = Themes(str(stored["language"]), *(stored[f] for f in list(vars(themes))[1:-1]), int(stored["n_seeded"]))
    assert same(themes, again)


def test_a_missing_customer_is_an_error():
    with pytest.raises(ValueError, match="2 texts, 1 customers"):
        learn(["a", "b"], np.array([1]), "en", {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_touchpoint(language):
    listed = seeds(language)
    assert list(listed) == list(NAMES)
    assert all(len(words) >= 5 for words in listed.values())
    words = [word for said in listed.values() for word in said]
    assert sorted(set(words)) == sorted(words), "a word of two touchpoints stands in neither"
