"""Redaction of the names, e-mail addresses and ids that are held of the customer."""

import re
from collections.abc import Sequence

from voc.language.redaction.known_names import FOLDED, KnownNames, fold, known_names

_STARTS_A_SENTENCE = re.compile(r"(?:^|[.!?…)\n])(?:[\s\"'“‘«(\[*¿¡>]|@\w+)*$")  # a handle opens, as "Dear" does
_TITLED = re.compile(
    r"\b(?:mrs?|ms|miss|dr|prof|sra?|herr|frau|mme|madame|monsieur|mevr|dhr|senhora?|señora?)\.? $", re.I
)
_LINE_OF_ITS_OWN = re.compile(r"[\n–—-][ \t]*$")


def redact_names(texts: Sequence[str], names: Sequence[Sequence[str]]) -> list[str]:
    """Each text without the names, e-mail addresses and ids held for its customer.

    names: those of each text's customer, in any number; a name with "@" is an address, one with a digit and no space an
    id. To be called on what `redact` gives, since a name taken out of an address hides the address. Raises ValueError
    when the lengths differ.

    >>> redact_names(["Hopper's bag from Blue Ocean", "by the grace of Data"], [["Grace Hopper", "Blue Ocean Ltd"]] * 2)
    ["[name]'s bag from [name]", 'by the grace of Data']
    """
    if len(texts) != len(names):
        raise ValueError(f"{len(texts)} texts but names for {len(names)}")
    safe = list(texts)
    for row, text in enumerate(texts):
        customer = known_names(tuple(names[row]))
        if any(map(fold(text).__contains__, customer.needles)):
            safe[row] = _redacted(text, customer)
    return safe


def _redacted(text: str, customer: KnownNames) -> str:
    """Repeats until nothing is found: each round leaves less text outside placeholders, so that it ends."""
    pieces = [FOLDED[ord(char)] for char in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece] + [len(text)]
    kept, done = [], 0
    for found in customer.pattern.finditer("".join(pieces)):
        start, end = origin[found.start()], max(origin[found.end()], origin[found.end() - 1] + 1)
        kind = found.lastgroup
        if kind == "placeholder" or (kind == "if_written_as_name" and not _is_written_as_name(text, start, end)):
            continue
        label = "name" if kind == "if_written_as_name" else str(kind).replace("_", " ")
        kept += [text[done:start], f"[{label}]"]
        done = end
    return _redacted("".join(kept) + text[done:], customer) if kept else text


def _is_written_as_name(text: str, start: int, end: int) -> bool:
    """Whether it has a capital where a common word has none: in a sentence, after a title, or alone as a signature."""
    word, before, after = text[start:end], text[max(0, start - 40) : start], text[end : end + 3]
    if word.lower() != word.upper() and (not word[0].isupper() or word.isupper()):
        return False
    is_signature = _LINE_OF_ITS_OWN.search(before) and not after.strip(".!, ")
    return bool(not _STARTS_A_SENTENCE.search(before) or _TITLED.search(before) or is_signature)
