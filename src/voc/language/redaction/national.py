"""National identity numbers, by shape and check digits.

A kind whose check fewer than one in fifty arbitrary numbers pass is found anywhere; a Dutch BSN (one in eleven passes)
only for a Dutch customer or after its name, an SSN without hyphens (no check digits) only after its name.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voc.language.redaction.checks import (
    is_bsn,
    is_cnpj,
    is_codice_fiscale,
    is_cpf,
    is_dni,
    is_nir,
    is_pesel,
    is_rijksregister,
    is_ssn,
    is_steuer_id,
)
from voc.language.redaction.normalised_text import EDGE, END, Span


@dataclass(frozen=True)
class _Id:
    """A shape and its check; with ``cue``, only after that word or for a customer of ``country``."""

    shape: re.Pattern[str]
    passes: Callable[[str], bool]
    country: str | None = None
    cue: re.Pattern[str] | None = None


_NOT_DIALLED = r"(?<!\+\d[ -])(?<!\+\d\d[ -])(?<!\+\d\d\d[ -])(?<!\d\))(?<!\d\) )"


def _shape(body: str) -> re.Pattern[str]:
    """A pattern tried at every start, even inside a failed match; not in a longer number, a price or a phone number."""
    return re.compile(rf"{EDGE}(?<!\d[-./,]){_NOT_DIALLED}(?=({body}){END}(?![-./,]\d))", re.IGNORECASE)


def _digits(n: int) -> re.Pattern[str]:
    return _shape(rf"\d(?:[ .\-/]?\d){{{n - 1}}}")


_DNI = "[A-HJ-NP-TV-Z]"  # after a space a capital only: "12345678 a day" holds none
_IDS = (
    _Id(_shape(r"\d{3}([- ])\d{2}\2\d{4}"), is_ssn),
    _Id(_digits(9), is_ssn, None, re.compile(r"\b(?:ssn|social security)\b", re.I)),
    # National Insurance number: HMRC manual NIM39110 (prefixes never given out, suffix A to D)
    _Id(_shape(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d\d){3}[ -]?[A-D]"), bool),
    _Id(_digits(9), is_bsn, "NL", re.compile(r"\b(?:bsn|burgerservice\w*|sofi\w*)\b", re.I)),
    _Id(_digits(11), is_cpf),
    _Id(_shape(r"\w{2}\.\w{3}\.\w{3}/\w{4}-\d\d|\d(?:[ .\-/]?\d){13}"), is_cnpj),
    _Id(_shape(rf"(?:[XYZ][ -]?\d{{7}}|\d{{8}}|\d{{1,2}}\.\d{{3}}\.\d{{3}})(?:-?{_DNI}|(?-i: {_DNI}))"), is_dni),
    _Id(_shape(r"[12378](?:[ .]?\d){4}[ .]?\d[ .]?[\dAB](?:[ .-]?\d){8}"), is_nir),
    _Id(
        _shape(r"[A-Z]{3} ?[A-Z]{3} ?[\dL-NP-V]{2}[A-EHLMPR-T][\dL-NP-V]{2} ?[A-Z][\dL-NP-V]{3} ?[A-Z]"),
        is_codice_fiscale,
    ),
    _Id(_digits(11), is_steuer_id),
    _Id(_digits(11), is_pesel),
    _Id(_digits(11), is_rijksregister),
)
_CUE_REACH = 30  # characters, "my social security number is " among them


def national_ids(plain: str, region: str | None) -> Iterator[Span]:
    """SSN (US), NINO (UK), BSN (NL), CPF and CNPJ (BR), DNI and NIE (ES), NIR (FR), codice fiscale (IT), Steuer-ID
    (DE), PESEL (PL) and national register number (BE)."""
    for kind in _IDS:
        for found in kind.shape.finditer(plain):
            start, end = found.span(1)
            if not kind.passes(re.sub(r"[\W_]", "", found[1].upper())):
                continue
            is_cued = kind.cue and kind.cue.search(plain, max(0, start - _CUE_REACH), start)
            if not kind.cue or is_cued or (kind.country and kind.country == region):
                yield start, end
