"""The names, addresses and ids of one customer, as patterns that find them in folded text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from voc.language.redaction.common_words import BESIDE, GENERIC, LEGAL, ordinary
from voc.language.redaction.normalised_text import INVISIBLE, PLACEHOLDER

_VOWEL_SIGN = "ǀ"  # all spacing marks of Indic scripts are read as this letter, since `\w` is false for them
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class _Folded(dict[int, str]):
    """For `str.translate`: a character without case and accents, nothing for an invisible one."""

    def __missing__(self, code: int) -> str:
        kept = []
        for char in unicodedata.normalize("NFKD", chr(code).casefold()):
            category = unicodedata.category(char)
            if category not in INVISIBLE:
                kept.append(_VOWEL_SIGN if category == "Mc" else char)
        self[code] = "".join(kept).casefold().translate(_LETTERS)
        return self[code]


FOLDED = _Folded()


def fold(text: str) -> str:
    """The text as names are compared: without case, accents, invisible characters and letters with strokes."""
    return text.lower() if text.isascii() else text.translate(FOLDED)


_NAME_PART = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(\w)\. ?(?=\w\b)")
# Scripts written without spaces: a name in them may be touched by any letter. Particles follow a Korean one directly.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_KOREAN = re.compile("[\u1100-\u11ff]")

_SEPARATOR, _INNER_SEPARATOR = r"[\W_]{1,3}", r"[\W_]{0,3}"
_RUN_TOGETHER = 8  # letters: "janesmith" is a name, but "another" is seldom An Other
_SHORTEST_PART, _SHORTEST_ID = 3, 4  # letters; what is shorter is too often something else


@dataclass(frozen=True)
class KnownNames:
    """A customer's names, and ``needles``: folded words of which every text with one of the names holds some."""

    needles: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds, in folded text, a placeholder or a form; the group's name says which kind it is."""
        forms: dict[str, set[str]] = {"email": set(), "customer_id": set(), "name": set(), "if_written_as_name": set()}
        for name in self.names:
            if "@" in name or _is_id(name):
                forms["email" if "@" in name else "customer_id"].add(_bounded([fold(name).strip()], ""))
            else:
                for spelling in _spellings(name):
                    for is_sure, words, between in _forms(spelling):
                        forms["name" if is_sure else "if_written_as_name"].add(_bounded(words, between))
        groups = (
            f"(?P<{group}>{'|'.join(sorted(found, key=lambda form: (-len(form), form)))})"
            for group, found in forms.items()
            if found
        )
        return re.compile("|".join([f"(?P<placeholder>{PLACEHOLDER.pattern})", *groups]))


@lru_cache(maxsize=100_000)
def known_names(names: tuple[str, ...]) -> KnownNames:
    """What to look for in the texts of a customer of these names."""
    return KnownNames(tuple(dict.fromkeys(chain.from_iterable(map(_needles, names)))), names)


def _is_id(name: str) -> bool:
    return any(map(str.isdigit, name)) and not any(map(str.isspace, name.strip()))


def _needles(name: str) -> Iterator[str]:
    """For each spelling, words of which each of its forms holds at least one."""
    if "@" in name or _is_id(name):
        folded_name = fold(name).strip()
        yield from [folded_name] if len(_NAME_PART.findall(folded_name)) and len(folded_name) >= _SHORTEST_ID else []
        return
    for spelling in _spellings(name):
        words = _words(spelling)
        telling = [word for word in words if word not in GENERIC and word not in BESIDE and word not in LEGAL]
        yield from [word for word in telling if len(word) > 1] or words


def _spellings(name: str) -> set[str]:
    """The name, and with its umlauts spelled out or put back: Müller, Mueller."""
    composed = unicodedata.normalize("NFC", name)
    put_back = re.sub(r"\w{6,}", lambda word: re.sub("(?<=[aou])e", "", word[0]), composed)
    return {composed, composed.translate(_UMLAUTS), put_back}


def _words(name: str) -> list[str]:
    return _NAME_PART.findall(_INITIALS.sub(r"\1", fold(name)))


def _forms(name: str) -> Iterator[tuple[bool, list[str], str]]:
    """Forms of a name: whether it is one however it is written, its words, and what may stand between them."""
    words = _words(name)
    core = list(words)
    while len(core) > 1 and core[-1] in LEGAL:
        core.pop()
    is_company = core != words or not GENERIC.isdisjoint(core)
    while len(core) > 1 and core[0] in BESIDE:
        core.pop(0)
    if len(core) == 1 and core[0] in GENERIC:
        core = words  # "Bank GmbH": the legal form is all that makes it a name
    if len(core) < 2:
        yield from ((word not in ordinary(), [word], "") for word in core if len(word) > 1)
        return
    for order in [core] if is_company else [core, [core[-1], *core[:-1]], [*core[1:], core[0]]]:
        yield True, order, _SEPARATOR
        yield len("".join(order)) >= _RUN_TOGETHER, order, ""
    for piece in map(_words, name.split()):
        if len(piece) > 1:
            yield "".join(piece) not in ordinary(), piece, _INNER_SEPARATOR  # O'Brien, OBrien
    for part in core:
        shortest = 2 if _UNSPACED.search(part) else _SHORTEST_PART
        if len(part) >= shortest and part not in GENERIC and part not in BESIDE and part not in LEGAL:
            yield not (is_company or part in ordinary()), [part], ""


def _bounded(words: Iterable[str], between: str) -> str:
    """The words in order, touched by no letter (and an outer digit by no digit)."""
    words = list(words)
    first, last = words[0][0], words[-1][-1]
    before = "" if _UNSPACED.match(first) else r"(?<!\d)" if first.isdigit() else r"(?<![^\W\d_])"
    after = "" if _UNSPACED.match(last) or _KOREAN.match(last) else r"(?!\d)" if last.isdigit() else r"(?![^\W\d_])"
    return before + between.join(map(re.escape, words)) + after
