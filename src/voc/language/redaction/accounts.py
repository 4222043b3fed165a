"""Bank accounts and payment cards, told from other numbers by their check digits."""

import re
from collections.abc import Iterator
from functools import cache

from voc.language.redaction.normalised_text import EDGE, END, Span

# Total length by country: SWIFT, IBAN Registry (ISO 13616).
_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
IBAN_LENGTH = {country: length for length, countries in _LENGTHS.items() for country in countries.split()}
_IBAN_START = re.compile(rf"{EDGE}({'|'.join(IBAN_LENGTH)})[\s.\-]{{0,2}}(?=\d[\s.\-]{{0,2}}\d)", re.IGNORECASE)


@cache
def _rest(length: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[\s.\-]{{0,2}}[0-9A-Za-z]){{{length - 2}}}{END}")


def ibans(plain: str, region: str | None) -> Iterator[Span]:
    """Account numbers of their country's length whose remainder by 97 is 1 (ISO 7064), spaced in any way."""
    for start in _IBAN_START.finditer(plain):
        found = _rest(IBAN_LENGTH[start[1].upper()]).match(plain, start.end(1))
        if found and is_iban(start[1] + found[0]):
            yield start.start(), found.end()


def is_iban(text: str) -> bool:
    """Whether the letters and digits of ``text`` pass the check of ISO 13616."""
    code = re.sub(r"[^0-9A-Z]", "", text.upper())
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


_CARD_RUN = re.compile(r"(?<!\d)\d(?:[\s.\-/_]{0,3}\d){12,}")
_JOINED = re.compile(r"\d[-./_],|,[-./_]\d")  # around the comma that stands for the number: it is part of a longer one
_AMERICAN = ((4, 6, 5), (4, 6, 4))  # American Express, Diners


def cards(plain: str, region: str | None) -> Iterator[Span]:
    """13 to 19 digits that pass Luhn's check (ISO/IEC 7812-1), begin like a card and are written in even groups."""
    for run in _CARD_RUN.finditer(plain):
        groups = [found.span() for found in re.compile(r"\d+").finditer(plain, *run.span())]
        for first in range(len(groups)):
            digits, sizes, begin = "", list[int](), groups[first][0]
            for start, end in groups[first:]:
                digits, sizes = digits + plain[start:end], [*sizes, end - start]
                if len(digits) > 19:
                    break
                around = f"{plain[max(0, begin - 2) : begin]},{plain[end : end + 2]}"
                is_card = len(digits) >= 13 and digits[0] in "23456" and _is_even(sizes) and is_luhn(digits)
                if is_card and not _JOINED.search(around):
                    yield begin, end


def _is_even(sizes: list[int]) -> bool:
    """One group, equal groups of up to four digits where the last may be shorter, or those of American Express."""
    is_even = sizes[0] <= 4 and len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]
    return len(sizes) == 1 or is_even or tuple(sizes) in _AMERICAN


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (Luhn, US patent 2,950,048)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0
