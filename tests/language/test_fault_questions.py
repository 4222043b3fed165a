"""Questions that ask for faults, and "nothing" as an answer to them."""

import pandas as pd
import pytest

from voc.language.fault_questions import asks_for_faults, nothing_answer
from voc.language.tokens import fold


@pytest.mark.parametrize(
    "question",
    [
        *("What could we do better?", "How could we improve?", "What went wrong?", "nps_improvement-2026"),
        *("What did you like least?", "What would you like us to improve?"),
        *("O que poderíamos melhorar?", "O que deu errado?", "Do que você não gostou?"),
        *("Was können wir verbessern?", "Was könnten wir besser machen?", "Was hat Ihnen nicht gefallen?"),
        *("Wat kunnen wij verbeteren?", "Wat kan er beter?", "Wat ging er mis?"),
        *("Que pouvons-nous améliorer ?", "¿Qué podemos mejorar?", "Cosa possiamo migliorare?"),
    ],
)
def test_it_asks_for_faults(question):
    assert asks_for_faults(question)


@pytest.mark.parametrize(
    "question",
    [
        *("What was good?", "What did we do well?", "What do we do better than others?", "FFT Why?", "nps", ""),
        *("What was good and what could be improved?", "Which things were you satisfied and/or dissatisfied with?"),
        *("O que foi bom?", "Do que você gostou?", "Was hat Ihnen gefallen?", "Wat ging goed?", "¿Qué hicimos bien?"),
    ],
)
def test_it_does_not_ask_for_faults_alone(question):
    assert not asks_for_faults(question)


NOTHING = [
    *("Nothing.", "No", "none!", "Nothing at all", "Absolutely nothing", "nothing I can think of.", "There’s nothing"),
    *("Nothing, all good", "N/A - all good", "Can't think of anything", "No complaints. Thank you!"),
    *("Nada", "Nada a melhorar.", "Não", "Nada, está tudo ótimo", "Nenhuma"),
    *("Nichts", "Gar nichts!", "Nein", "Nichts, alles gut", "Nichts zu verbessern"),
    *("Niets", "Helemaal niets", "Niets, alles prima", "Nee", "Geen klachten"),
    *("Rien", "Nada, todo bien", "Niente"),
]
SOMETHING = [
    *("Nothing works", "No staff", "nothing but lies", "None of it was good", "n/a", "-", "", "Did not answer"),
    *("Don't know", "No comment", "Everything", "Nada funciona", "Nichts geht", "Niets dan ellende", "All good"),
]


def test_nothing_is_told_from_something():
    said = nothing_answer([fold(text) for text in [*NOTHING, *SOMETHING]]).tolist()
    assert said == [True] * len(NOTHING) + [False] * len(SOMETHING)


def test_people_who_read_them_call_them_praise(real_data):
    answers = pd.read_csv(real_data / "nhs_fft/v6framework.csv").dropna(subset=["FFT answer"])
    asked = answers[answers["FFT question"].map(asks_for_faults)]
    assert sorted(asked["FFT question"].unique()) == ["How could we improve?", "What could we do better?"]
    human = asked["Comment sentiment"][nothing_answer([fold(text) for text in asked["FFT answer"]])]
    assert len(human) > 350
    assert human.mean() < 1.25, "1 is very positive, 5 very negative"
    assert human.max() <= 3
