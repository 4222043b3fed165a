"""Whatever is valid is gone, whatever stands around it; a second call changes nothing; the rest stays."""

import string

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from voc.language.redaction import redact
from voc.language.redaction.accounts import IBAN_LENGTH
from voc.language.redaction.checks import is_cpf

PUNCTUATION = st.sampled_from([*" \t\n.,;:!?()[]{}<>\"'«»|&*~^_–…“”、。", "", "\u00a0", "\u200b "])
WORDLESS = st.text(st.characters(exclude_categories=["Nd", "No", "L", "M", "Cf", "Sc"], exclude_characters="+%@&#=/?-"))
QUIET = st.text(st.characters(exclude_categories=["N", "So", "Cf"], exclude_characters="@=:%/([{<"))
REGIONS = st.sampled_from([None, "NL", "BR", "US", "xx"])


def safe(text: str, region: str | None = None) -> str:
    return redact([text], [region])[0]


def spaced(digits: str, separator: str, size: int = 4) -> str:
    return separator.join(digits[i : i + size] for i in range(0, len(digits), size))


def dressed(digits: str, zero: str, hidden: str) -> str:
    """In the digits of another script, with something invisible after each."""
    return "".join(chr(ord(zero) + int(char)) + hidden if char.isdigit() else char for char in digits)


@st.composite
def ibans(draw):
    country = draw(st.sampled_from(sorted(IBAN_LENGTH)))
    length = IBAN_LENGTH[country] - 4
    account = draw(st.text(string.digits + string.ascii_uppercase, min_size=length, max_size=length))
    rest = int("".join(str(int(char, 36)) for char in f"{account}{country}00")) % 97
    iban = f"{country}{98 - rest:02d}{account}"
    return spaced(draw(st.sampled_from([iban, iban.lower()])), draw(st.sampled_from(["", " ", "-", ".", "\u00a0"])))


@st.composite
def cards(draw):
    body = draw(st.sampled_from("23456")) + draw(st.text(string.digits, min_size=11, max_size=17))
    doubled = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(body)))
    return spaced(f"{body}{-doubled % 10}", draw(st.sampled_from(["", " ", "-", " - ", "\u2011"])))


@st.composite
def emails(draw):
    local = draw(st.from_regex(r"[a-zéßЖ0-9]([a-z0-9.+_'-]{0,12}[a-z0-9])?", fullmatch=True))
    host = draw(st.from_regex(r"([a-zü0-9]([a-z0-9-]{0,8}[a-z0-9])?\.){1,2}[a-z]{2,6}", fullmatch=True))
    return local + draw(st.sampled_from(["@", "＠", "%40", " (at) ", "[at]"])) + host


@st.composite
def cpfs(draw):
    body = draw(st.text(string.digits, min_size=9, max_size=9).filter(lambda digits: len(set(digits)) > 1))
    cpf = next(code for n in range(100) if is_cpf(code := f"{body}{n:02d}"))
    return draw(st.sampled_from([cpf, f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"]))


@st.composite
def phones(draw):
    region = draw(st.sampled_from(["US", "NL", "BR", "DE", "FR", "IN", "JP", "GB", "ES"]))
    example = phonenumbers.example_number_for_type(region, draw(st.sampled_from([0, 1])))
    assert example is not None
    last = draw(st.integers(min_value=0, max_value=999))
    number = phonenumbers.PhoneNumber(example.country_code, example.national_number // 1000 * 1000 + last)
    if not phonenumbers.is_valid_number(number):
        number = example
    form = draw(st.sampled_from([0, 1, 2]))  # E164, international, national
    return phonenumbers.format_number(number, form), region


def assert_gone(value, before, left, right, after, region=None):
    text = safe(f"{before}{left}{value}{right}{after}", region)
    assert value not in text
    assert "[" in text
    assert "]" in text
    digits = [char for char in value if char.isdigit()]
    assert sum(char.isdigit() for char in text) <= max(0, sum(map(str.isdigit, before + after))), (text, digits)


@given(ibans(), st.text(), PUNCTUATION, PUNCTUATION, WORDLESS)
@settings(deadline=None)
def test_an_iban_is_gone(iban, before, left, right, after):
    assert_gone(iban, before, left or " ", right, after)


@given(cards(), WORDLESS, PUNCTUATION, PUNCTUATION, st.text(st.characters(exclude_categories=["Nd", "No"])))
@settings(deadline=None)
def test_a_card_is_gone(card, before, left, right, after):
    assert_gone(card, before, left, right, after)


@given(emails(), st.text(), PUNCTUATION, PUNCTUATION, st.text())
@settings(deadline=None)
def test_an_address_is_gone(email, before, left, right, after):
    assert email not in safe(f"{before}{left or ' '}{email}{right}{after}")


@given(cpfs(), WORDLESS, PUNCTUATION, PUNCTUATION, WORDLESS)
@settings(deadline=None)
def test_a_cpf_is_gone(cpf, before, left, right, after):
    assert_gone(cpf, before, left, right, after)


@given(phones(), WORDLESS, PUNCTUATION, PUNCTUATION, WORDLESS)
@settings(deadline=None)
def test_a_phone_number_is_gone(phone, before, left, right, after):
    assert_gone(phone[0], before, left, right, after, phone[1])


@given(st.sampled_from("٠०０𝟎๐"), st.sampled_from(["", "\u200b", "\u00ad", "\u2060", "\u0301", "\ufe0f\u20e3"]))
@settings(deadline=None)
def test_other_digits_and_hidden_characters_hide_no_number(zero, hidden):
    for value, kind in (
        ("529.982.247-25", "national id"), ("4111 1111 1111 1111", "card"), ("020 123 4567", "phone"),
        ("153.69.214.203", "ip"), ("NL91ABNA0417164300", "iban"),
    ):  # fmt: skip
        assert safe(f"x {dressed(value, zero, hidden)} y", "NL") == f"x [{kind}] y"


WRITTEN = (
    "a@b.com|[phone]|[email|]|020 123 4567|0031|4111|1111|-|.|/|@| |:|::|1|12|=|token=|https://|u:p@h.de|(at)|dot|NL91|ABNA"
    "|call|+|\u200b|\u0301|٣|x|#|?|&|(|)"
)
PIECES = st.sampled_from(WRITTEN.split("|"))


@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)), REGIONS)
@settings(deadline=None)
def test_a_second_call_changes_nothing(text, region):
    once = safe(text, region)
    assert safe(once, region) == once


@given(QUIET)
@settings(deadline=None)
def test_a_text_without_digits_and_signs_is_unchanged(text):
    assert safe(text) == text


@given(st.lists(st.tuples(st.lists(PIECES, max_size=6).map("".join), REGIONS), max_size=5))
@settings(deadline=None)
def test_a_text_is_read_alone(rows):
    together = redact([text for text, _ in rows], [region for _, region in rows])
    assert together == [safe(text, region) for text, region in rows]
