"""Phone numbers: those valid for the customer's country, and digits grouped as only phone numbers are."""

import re
from collections.abc import Iterator

import phonenumbers

from voc.language.redaction.normalised_text import EDGE, END, MASK, Span

_ENOUGH = re.compile(r"\d(?:[\s().\-/~\[\]x]{0,4}\d){6}")
"""A fast test: seven digits with nothing but phone punctuation between them."""

_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)\\d\\d"
_CURRENCY_SIGN = r"(?:R\$|[$€£¥₹]|\b(?:EUR|USD|GBP|BRL|CHF|PLN)\b)"
_AMOUNT = r"(?!0\d)(?:\d{1,3}(?:[ .,']\d{3})+|\d{1,9})(?:[.,]\d{1,2})?(?!\d)"
_ORDER_WORDS = (
    r"order|claim|ticket|case|booking|reservation|confirmation|invoice|tracking|ref|reference|pedido|nota|bestell\w*|"
    r"commande"
)
_OTHER = re.compile(
    "|".join(
        (
            rf"(?<!\d)(?<!\d[-/.]){_YEAR}([-/.]){_MONTH}\1{_DAY}(?!\d|[-/.]\d)",
            rf"(?<!\d)(?<!\d[-/.]){_DAY}([-/.]){_DAY}\2(?:{_YEAR}|\d\d)(?!\d|[-/.]\d)",
            rf"(?<![\d-]){_YEAR} ?- ?{_YEAR}(?![\d-])",
            rf"(?<!\d)(?<!\d ){_DAY} {_DAY} {_YEAR}(?!\d| \d)",
            r"(?<![\w+])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?(?!\w)",
            r"(?<!\d)[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?!\d)",
            rf"(?:#|\b(?:{_ORDER_WORDS})\W{{0,2}}(?:id|nr|no|num\w*|n[úu]mero)?\W{{0,3}})\d{{7,}}(?!\w)",
            rf"{_CURRENCY_SIGN} ?{_AMOUNT}",
            rf"(?<![\d.,+)-])(?<!\d ){_AMOUNT} ?(?:%|{_CURRENCY_SIGN})",
            r"(?<![\d.,])(?:\d{1,3}(?:[.,']\d{3})*|\d+)[.,]\d\d?(?![\d.,/-])(?! ?\d)",
        )
    ),
    re.IGNORECASE,
)
"""Dates, times, orders, money, shares and decimals, of which some would pass for short phone numbers."""

_EDGE, _END = rf"{EDGE}(?<!\d[-./,])", rf"{END}(?![-./,]\d)"
_CUE = (
    r"\b(?:tel|tele(?:ph|f)\w*|phone|mobile|cell|celular|fone|whats\w*|zap|gsm|handy|portable|call|ligar|ligue|bellen)"
)
_GROUPED_DIGITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_EDGE}(?P<number>\+?\(\+?\d{{1,4}}\)(?=(?:[ .-]?\d){{7,12}}{_END})"
        rf"[ -]?\d{{2,5}}(?:[ .-]?\d{{2,5}}){{1,3}}){_END}",
        rf"{_EDGE}(?P<number>(?:\+?1[ .-])?\d{{3}}([ .-])\d{{3}}\2\d{{4}}){_END}",
        rf"{_EDGE}(?P<number>0[1-9]\d{{0,3}}[ ./-](?!0\d\d)(?=(?:[ .-]?\d){{6,10}}{_END})"
        rf"\d{{2,8}}(?:[ .-]\d{{2,5}}){{0,4}}){_END}",
        rf"{EDGE}(?P<number>\+[1-9](?:[ .\-/]?(?:\d|\(\d{{1,4}}\))){{8,14}})(?!\d)",
        rf"{_CUE}\W{{0,4}}(?:[^\W\d]+\W{{1,3}}){{0,3}}?(?P<number>\+?\d(?:[ .\-/]?\d){{6,13}}){_END}",
    )
)
"""An area code in brackets, 3-3-4 digits, a leading zero before groups of at least eight digits in all, a plus before
nine digits or more (a valid number may be followed by another one: "+31 6 12345678 12 euro"), and any number after a
word for phone: for numbers of other countries than the customer's, and customers of no known country."""


_IN_BRACKETS = re.compile(r"\((\+?\d[\d .\-/]{6,18}\d)\)")
"""A whole number in brackets: digits after the closing one are none of it, "(+31 6 12345678) 12 euro"."""


def phones(plain: str, region: str | None) -> Iterator[Span]:
    """Numbers that phonenumbers holds valid, read in ``region``, and those that `_GROUPED_DIGITS` describes."""
    if not _ENOUGH.search(plain):
        return
    numbers = _OTHER.sub(lambda found: MASK * len(found[0]), plain)
    if not _ENOUGH.search(numbers):
        return
    numbers = _IN_BRACKETS.sub(rf"{MASK}\1{MASK}", numbers)
    # "00" is how most countries dial abroad; phonenumbers needs a region to know.
    dialled = re.sub(r"(?<![\w+)])(?<!\d[ ./-])00(?=[1-9]\d)", " +", numbers)
    for match in phonenumbers.PhoneNumberMatcher(dialled, region):
        start = match.start - 1 if numbers[match.start - 1 : match.start + 1] == "00" else match.start
        yield start, match.end
    for grouped in _GROUPED_DIGITS:
        yield from (found.span("number") for found in grouped.finditer(numbers))
