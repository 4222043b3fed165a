"""Which questions ask for faults, and which answers to them say that there are none."""

import re
from operator import methodcaller

import numpy as np
from numpy.typing import NDArray

from voc.language.null_answers import AROUND
from voc.language.tokens import fold

# Folded stems and phrases in the languages of `FUNCTION_WORDS`; own selection.
_FAULTS = (
    r"improv|enhanc|worse|worst|dislik|dissatisf|unsatisf|unhappy|frustrat|disappoint|annoy|complain"
    r"|(?:go|goes|went|gone) wrong|bad about|least|not like|missing"
    r"|(?:could|can|should|might|would|to|be) (?:\w+ ){0,4}?(?:better|differently)"
    r"|melhora|melhori|(?:fazer|ser) melhor|deu errado|nao (?:gosto|agrad)|insatisf|desagrad|faltou|reclama"
    r"|verbesser|besser (?:machen|werden|sein)|schief|nicht gefallen|gestort|unzufried"
    r"|verbeter|beter (?:doen|kunnen|maken)|(?:kan|kon) (?:er )?beter|(?:ging|gaat|liep) (?:er )?(?:mis|fout)|ontevred"
    r"|amelior|faire mieux|mecontent|deplu|mejor[ae]|hacer mejor|salio mal|no (?:le|te) gusto"
    r"|miglior|fare meglio|andato storto|non (?:le|ti) e piaciut"
)
_MERITS = (
    r"(?:was|is|were|went|go|do|did|doing) (?:\w+ ){0,3}?(?:good|well|great|right)\b"
    r"|(?:like|liked|enjoy|enjoyed) (?:best|most|about)|best\b|satisfied|happy with|praise|strength"
    r"|de bom\b|foi bom\b|(?<!nao )gost(?:ou|a)\b|elogi|(?:war|lief) gut\b|(?<!nicht )gefallen|(?:was|ging) goed\b"
    r"|(?<!niet )bevallen|bien\b|gusto mas|bene\b|piaciuto di piu"
)
_ASKS_FAULTS, _ASKS_MERITS = re.compile(rf"\b(?:{_FAULTS})"), re.compile(rf"\b(?:{_MERITS})")

_BEFORE = "absolutely|honestly|really|literally|currently|at the moment|there's|there is|there was|i have|well|as above"
_NOTHING = (
    "nothing|none|no|nope|not a thing|no (?:complaints?|improvements?|suggestions?|issues|problems?)"
    "|(?:i )?(?:can'?t|cannot|can not|couldn'?t|could not) (?:think of (?:anything|a thing)|fault (?:anything|it|them))"
    "|nada|nada mesmo|nao|nenhuma?|sem (?:reclamacoes|sugestoes|queixas)"
    "|(?:gar |uberhaupt )?nichts|nein|nix|keine(?: verbesserungsvorschlage| vorschlage| beschwerden)?"
    "|(?:helemaal )?niets|niks|nee|geen(?: klachten| opmerkingen| verbeterpunten)?"
    "|rien(?: du tout)?|non|aucune?|nada de nada|ningun[oa]|niente|nulla|nessun[oa]"
)
_AFTER = (
    "at all|really|else|more|better|to be honest|for me|for now|at the moment|that|i can think of|comes to mind"
    "|to improve|to complain about|needs? improving|(?:could|can) (?:be|have been) (?:better|improved|done better)"
    "|a melhorar|a reclamar|zu verbessern|auszusetzen|te verbeteren|aan te merken|a ameliorer|que mejorar|da migliorare"
)
_FINE = "good|fine|great|excellent|perfect|ok|okay|brilliant|fantastic|amazing|very good|very well"
_ALL_WELL = (
    f"(?:all|everything|it|service|you|they|all is|all's|it's)(?: was| is| were| are)? (?:all |very |just )?(?:{_FINE})"
    f"|{_FINE}|(?:many )?thanks|thank you|keep it up"
    "|(?:esta )?tudo (?:bem|bom|otimo|certo|perfeito)|obrigad[oa]"
    "|alles (?:war |ist )?(?:gut|super|prima|bestens|perfekt|in ordnung)|danke"
    "|alles (?:was |is )?(?:goed|prima|perfect|ok|naar wens)|bedankt"
    "|tout (?:est|etait) (?:bien|parfait)|merci|todo (?:bien|perfecto)|gracias|tutto (?:bene|ok|perfetto)|grazie"
)
_SAYS_NOTHING = re.compile(
    rf"(?:(?:{_BEFORE})\W+)*+(?:{_NOTHING})(?:\W+(?:{_AFTER}))*(?:\W+(?:{_ALL_WELL}))*|n/?a\W+(?:{_ALL_WELL})"
)


def asks_for_faults(question: str) -> bool:
    """Whether a question, or the name of a survey, asks what was bad or could be better, and not also what was good.

    >>> asks_for_faults("What could we do better?"), asks_for_faults("What did we do well?")
    (True, False)
    """
    plain = re.sub(r"[^\w']+|_+", " ", fold(question))
    return bool(_ASKS_FAULTS.search(plain)) and not _ASKS_MERITS.search(plain)


def nothing_answer(folded: list[str]) -> NDArray[np.bool_]:
    """True for each text that says "nothing" and no more, which praises where a question asks for faults.

    folded: texts as `voc.language.tokens.fold` leaves them. "No" counts, since that is how many answer such a question;
    "n/a", "no comment" and "don't know" do not: they are no answer to it.
    """
    bare = map(methodcaller("strip", AROUND), folded)
    return np.fromiter(map(bool, map(_SAYS_NOTHING.fullmatch, bare)), dtype=np.bool_, count=len(folded))
