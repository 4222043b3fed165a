"""The names, addresses and ids held of a customer: in which forms they go, and which words stay."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voc.language.redaction import redact, redact_names
from voc.language.redaction.normalised_text import PLACEHOLDER_KINDS

LETTERS = st.text(st.characters(categories=["L"]), min_size=3, max_size=8)
AROUND = st.text(st.sampled_from(" .,;:!?()[]{}<>\"'«»-–/\\|&*+=~^%$#@_\n\t\u200b…"), min_size=1, max_size=3)


def without(text: str, *names: str) -> str:
    return redact_names([text], [names])[0]


@pytest.mark.parametrize(
    ("name", "text", "safe"),
    [
        ("Ada Lovelace", "ADA LOVELACE, ada  lovelace, Lovelace, Ada", "[name], [name], [name]"),
        ("Lovelace, Ada", "Ada Lovelace's parcel; Ada’s; lovelace", "[name]'s parcel; [name]’s; [name]"),
        ("Ada Lovelace", "@adalovelace #AdaLovelace ada_lovelace ada85", "@[name] #[name] [name] [name]85"),
        ("Ada Lovelace", "Adam and Canada", "Adam and Canada"),
        ("José da Silva", "jose, JOSE\u0301, José da silva e da casa", "[name], [name], [name] e da casa"),
        ("Jose\u0301 Pérez", "jos\u00e9 perez", "[name]"),
        ("Łukasz Işık", "lukasz and IŞIK or isik", "[name] and [name] or [name]"),
        ("Jürgen Müller", "Mueller, MÜLLER, muller, juergen", "[name], [name], [name], [name]"),
        ("Anna Mueller", "müller", "[name]"),
        ("Strauß", "STRAUSS strauss strauß", "[name] [name] [name]"),
        ("Sean O'Brien", "o’brien OBrien O Brien", "[name] [name] [name]"),
        ("Jean-Luc Picard", "jeanluc, jean luc", "[name], [name]"),
        ("Vincent van Gogh", "van Gogh came from the van", "van [name] came from the van"),
        ("Li Wu", "wu, li: I like it", "[name]: I like it"),
        ("Dr. Ada Lovelace", "the dr saw ada", "the dr saw [name]"),
        ("Ada", "a\u200bda", "[name]"),
        ("王小明", "王小明先生", "[name]先生"),
        ("山田 太郎", "山田さんと太郎", "[name]さんと[name]"),
        ("김민수", "김민수는", "[name]는"),
        ("राम", "राम है", "[name] है"),
        ("Ἀλέξανδρος", "ΑΛΕΞΑΝΔΡΟΣ", "[name]"),
        ("Наталья Иванова", "НАТАЛЬЯ иванова", "[name]"),
    ],
)
def test_a_person_goes_in_every_spelling(name, text, safe):
    assert without(text, name) == safe


@pytest.mark.parametrize(
    ("name", "text", "safe"),
    [
        ("Grace Hopper", "grace period, by the GRACE of; we met Grace", "grace period, by the GRACE of; we met [name]"),
        ("Will Smith", "Will you? I will. Will Smith will", "Will you? I will. [name] will"),
        ("Will Smith", "Thank you,\nWill", "Thank you,\n[name]"),
        ("Mark May", "Mark my words, it may rain. Mr. Mark did", "Mark my words, it may rain. Mr. [name] did"),
        ("Rose", "prices rose; I am Rose", "prices rose; I am [name]"),
        ("Rosa Flores", "flores cor de rosa", "flores cor de rosa"),
    ],
)
def test_a_name_that_is_also_a_word_goes_only_where_it_is_written_as_a_name(name, text, safe):
    assert without(text, name) == safe


@pytest.mark.parametrize(
    ("name", "text", "safe"),
    [
        ("Blue Ocean GmbH", "BLUE OCEAN, BlueOcean gmbh; an ocean of blue", "[name], [name] gmbh; an ocean of blue"),
        ("Blue Ocean GmbH", "we use Ocean daily", "we use [name] daily"),
        ("Acme S.p.A.", "acme and ACME", "[name] and [name]"),
        ("Hotel Lisboa, Lda.", "the Hotel in lisboa; hotel lisboa", "the Hotel in lisboa; [name]"),
        ("Data Bank Ltd", "a bank, data; the Data Bank", "a bank, data; the [name]"),
        ("Bank GmbH", "my Bank; Bank GmbH", "my Bank; [name]"),
        ("The Green Shop", "the shop is green; the green shop", "the shop is green; the [name]"),
    ],
)
def test_a_company_goes_whole_and_its_words_of_trade_stay(name, text, safe):
    assert without(text, name) == safe


def test_addresses_and_ids_that_are_held_go():
    assert without("Mail A@B.example, id c-1042, not C-10421", "a@b.example", "C-1042") == (
        "Mail [email], id [customer id], not C-10421"
    )
    assert without("12 of 12", "12") == "12 of 12", "too short to be told from any number"


@pytest.mark.parametrize("kind", [*PLACEHOLDER_KINDS, "email phone", "national id"])
def test_a_name_like_a_placeholder_leaves_placeholders_alone(kind):
    text = "".join(f"[{each}]" for each in PLACEHOLDER_KINDS)
    assert without(text, kind) == text


def test_names_are_those_of_each_text():
    assert redact_names(["Ada and Bea"] * 3, [["Ada"], ["Bea"], []]) == [
        "[name] and Bea",
        "Ada and [name]",
        "Ada and Bea",
    ]
    many = redact_names(["Ada", "\0Bea"] * 10_001, [["Ada"], ["Bea"]] * 10_001)
    assert many == ["[name]", "\0[name]"] * 10_001


@pytest.mark.parametrize("name", ["", "  ", "&&", "X", "GmbH", ".", "\0", "the", "-"])
def test_an_empty_name_takes_nothing(name):
    assert without("X & y. - GmbH at", name) in ("X & y. - GmbH at", "X & y. - [name] at")


def test_texts_and_names_of_different_length_are_refused():
    with pytest.raises(ValueError, match="1 texts but names for 0"):
        redact_names(["a"], [])


@given(st.text(), AROUND, LETTERS, LETTERS, AROUND, st.text(), st.sampled_from(["NFC", "NFD"]), st.booleans())
@example("", " ", "ﬁﬂ\u01c5", "ªªª", " ", "", "NFD", True)
@settings(deadline=None)
def test_a_name_of_any_letters_is_gone(before, left, first, last, right, after, form, swapped):
    written = unicodedata.normalize(form, f"{last}, {first}" if swapped else f"{first} {last}")
    safe = without(before + left + written + right + after, f"{first} {last}")
    assert written not in safe
    assert "[name]" in safe


@given(
    st.text(),
    st.lists(st.one_of(st.text(max_size=12), LETTERS, st.sampled_from(["Will May", "name", "Ada Bo"])), max_size=3),
)
@settings(deadline=None)
def test_a_second_call_changes_nothing(text, names):
    words = " ".join([text, *names, "Will. May", "Ada"])
    once = redact_names([words], [names])
    assert redact_names(once, [names]) == once
    both = redact(once, [None])
    assert redact_names(redact_names(both, [names]), [names]) == redact_names(both, [names])
