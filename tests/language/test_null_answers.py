"""Null answers: what people and forms write instead of an answer, and what only looks like it."""

import numpy as np
import pytest

from voc.language.null_answers import blank, null_answer
from voc.language.tokens import fold


def is_null(text: str) -> bool:
    return bool(null_answer([fold(text)], np.zeros(1, dtype=np.int64))[0])


@pytest.mark.parametrize(
    "text",
    [
        *("n/a", "N/A.", "Did not answer", "-", "...", "", "No comment", "Not sure.", "Don’t know", "As above."),
        *("Não respondeu", "sem comentários", "Não sei", "-"),
        *("keine Angabe", "k.A.", "weiß nicht", "entfällt"),
        *("geen antwoord", "n.v.t.", "weet ik niet"),
    ],
)
def test_it_is_no_answer(text):
    assert is_null(text)


@pytest.mark.parametrize(
    "text",
    [
        *("No staff", "Not sure why it is so slow", "Nothing works", "Did not answer the phone"),
        *("Não respondeu meu e-mail", "weiß nicht weiter", "geen antwoord gekregen"),
    ],
)
def test_an_answer_that_begins_like_none_is_one(text):
    assert not is_null(text)


def test_blank_is_nothing_but_white_space():
    assert blank(["", " \n", "-"]).tolist() == [True, True, False]
