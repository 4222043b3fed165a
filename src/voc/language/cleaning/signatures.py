"""Signatures: a closing formula with a name, what follows "-- ", and what a phone adds by itself."""

import re

_FORMULAS = (
    "(?:(?:with )?(?:kind(?:est)?|best|warm(?:est)?) )?regards|yours (?:sincerely|faithfully|truly)"
    "|sincerely(?: yours)?"
    "|atenciosamente|att|cordialmente|(?:com os melhores )?cumprimentos|abraços?"
    "|mit (?:freundlichen|besten|vielen) grü(?:ß|ss)en|(?:viele|beste|liebe|freundliche|schöne) grü(?:ß|ss)e|mfg"
    "|hochachtungsvoll"
    "|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?|mvg|hoogachtend"
    "|(?:un )?saludos?(?: cordiales)?|atentamente|(?:bien )?cordialement|bien à vous|(?:cordiali|distinti) saluti"
)
SIGNATURE_MARKS = (
    "--", ",\n", ", \n", "regards", "sincerely", "yours",
    "atenciosamente", "att\n", "att.", "att,", "cordialmente", "cumprimentos", "abraço",
    "grüße", "grüsse", "mfg", "hochachtungsvoll", "groet", "mvg", "hoogachtend",
    "saludo", "atentamente", "cordialement", "bien à vous", "saluti",
    "sent from", "sent via", "outlook", "enviado", "gesendet", "versendet", "verzonden", "verstuurd", "envoyé",
    "inviato",
)  # fmt: skip
"""Lower-case strings; the rules of this file find nothing in a text without any of them."""

_DEVICE = (
    r"(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|blackberry|nokia|windows|outlook|yahoo|gmx|web\.de"
    r"|t-online|gmail|aol|proton|mail|mobile|mobil\w*|handy|smartphone|tablet|celular|telemóvel|telefoon|teléfono"
    r"|móvil|téléphone|cellulare|phone)"
)
_SENT = (
    rf"(?:Sent|Enviado|Gesendet|Verzonden|Verstuurd|Envoyé|Inviato) (?:from|do|da|de|desde|pelo|von|mit|aus|vanaf|met|"
    rf"vanuit|depuis|dal?|via) (?i:[^.\n]{{0,30}}?\b{_DEVICE}\b[^.!?\n]{{0,40}})"
    rf"|(?:Von|Aus) (?i:mein\w+ [^.\n]{{0,20}}?\b{_DEVICE}\b[^.\n]{{0,20}}) (?:gesendet|versendet)"
    r"|(?:Get Outlook for|Obter o Outlook para|Outlook für) (?:iOS|Android)(?: beziehen)?(?: ?<[^>\n]*>)?"
)
_BY_PHONE = re.compile(rf"(?:^[^\w\n]*|(?<=[.!?\w])[ \t]+(?=[A-Z]))(?:{_SENT})[^\w\n]*$", re.M)

_PERSON_NAME = r"(?:(?:the|of|and|und|von|van|der|den|de|da|do|dos|di|du|e|y|en|et|&)[ \t]+)*[A-ZÀ-Þ][\w.'’-]*"
_NAMES = rf"{_PERSON_NAME}(?:[ \t,|]+{_PERSON_NAME}){{0,6}}"
_CONTACT = r"[^\n]{0,60}(?:@|www\.|https?:|[+(0]\d[\d /().-]{5})[^\n]{0,60}"
_CARD_LINE = rf"[ \t]*(?:{_NAMES}|{_CONTACT})?[^\w\n]*"
_CLOSING = re.compile(
    rf"(?:^[ \t]*|(?<=[.!?])[ \t]+)(?i:(?:many thanks and |thanks and )?(?:{_FORMULAS}))"
    rf"(?:[ \t]*[,.!;–-]*[ \t]*(?:{_NAMES})?[ \t.,!*_–-]*)(?:\n{_CARD_LINE}){{0,6}}\Z",
    re.M,
)
_THANKS = re.compile(
    r"^[ \t]*(?i:many thanks|thanks|thank you|thx|cheers|best wishes|all the best|obrigad[oa]|danke|vielen dank|bedankt"
    rf"|alvast bedankt|merci|gracias|grazie), ?\n(?:[ \t]*\n)?[ \t]*{_NAMES}[ \t.,!*_–-]*"
    rf"(?:\n{_CARD_LINE}){{0,5}}\Z",
    re.M,
)
"""Thanks and wishes are the customer's own words, unless a comma and a name on the next line make them a formula."""

_DASHES = re.compile(r"^--[ \t]*\n", re.M)


def without_signature(text: str) -> str:
    """The text without its signature; a text that is nothing else stays, since it may be all that was meant."""
    cut = _BY_PHONE.sub("", text)
    for dashes in _DASHES.finditer(cut):
        # RFC 3676, 4.3 has a space after the dashes. Many systems trim it; then only a card of short lines counts.
        if dashes[0] == "-- \n" or _is_card(cut, dashes.end()):
            cut = cut[: dashes.start()]
            break
    for pattern in (_CLOSING, _THANKS):
        closing = pattern.search(cut.rstrip())
        if closing:
            cut = cut[: closing.start()]
    return cut if cut.strip() else text


def _is_card(text: str, start: int) -> bool:
    """Whether at most six short lines stand from ``start`` on, none of them a sentence."""
    if len(text) - start > 6 * 60:
        return False
    lines = text[start:].strip().split("\n")
    return len(lines) <= 6 and all(len(line) <= 60 and line.rstrip()[-1:] not in set(".!?") for line in lines)
