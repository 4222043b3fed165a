"""Which texts hold no answer: blank ones, and those that say in words that there is none."""

from operator import methodcaller, not_
from string import punctuation, whitespace

import numpy as np
from numpy.typing import NDArray

# What forms, exports and people write instead of an answer, folded, in the languages of `FUNCTION_WORDS`. "No" and
# "nothing" are here because they praise after "what could we improve?" and blame after "what was good?".
_WRITTEN = """
n/a | na | n.a | n a | nil | none | none given | no | nope | nothing | nothing to add | null | nan | unknown | blank
did not answer | not answered | no answer | no response | no comment | no comments | no feedback | not applicable
not provided | prefer not to say | nothing to say | don't know | dont know | i don't know | not sure
as above | see above | see previous
nao | nada | nada a declarar | nenhum | nenhuma | sem comentario | sem comentarios | sem resposta | nao respondeu
nao se aplica | nao sei
ninguno | ninguna | sin comentario | sin comentarios | sin respuesta | no contesta | no aplica | ns/nc
no se | no lo se
non | rien | rien a signaler | ras | aucun | aucune | aucun commentaire | sans commentaire | sans reponse
pas de reponse | sans objet | je ne sais pas
nein | nichts | keine | keiner | keine angabe | keine angaben | k.a | kein kommentar | keine antwort | entfallt
weiss nicht | weiss ich nicht | ich weiss nicht | siehe oben
nee | niets | geen | geen antwoord | geen commentaar | geen opmerkingen | nvt | n.v.t | niet van toepassing
weet niet | weet ik niet | geen idee | zie boven
niente | nulla | nessuno | nessuna | nessun commento | nessuna risposta | non applicabile | non so | non lo so
"""
NULL_ANSWERS = frozenset(answer.strip() for line in _WRITTEN.strip().splitlines() for answer in line.split("|"))

AROUND = punctuation + whitespace + "–—…¡¿«»“”„‘’•·"


def blank(folded: list[str]) -> NDArray[np.bool_]:
    """True for each text of nothing but white space."""
    return np.fromiter(map(not_, map(str.strip, folded)), dtype=np.bool_, count=len(folded))


def null_answer(folded: list[str], n_hits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for each text that is, but for the punctuation around it, one of `NULL_ANSWERS`, or nothing.

    n_hits: words that carry tone; punctuation with a hit is an emoticon, and that is an answer.
    """
    bare = list(map(methodcaller("strip", AROUND), folded))
    listed = np.fromiter(map(NULL_ANSWERS.__contains__, bare), dtype=np.bool_, count=len(bare))
    empty = np.fromiter(map(not_, bare), dtype=np.bool_, count=len(bare))
    return np.where(n_hits == 0, listed | empty, listed)
