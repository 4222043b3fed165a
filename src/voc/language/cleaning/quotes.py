"""Quoted mail: what somebody else wrote earlier, below or between the customer's own words."""

import re

QUOTE_MARKS = (
    ">", "---", "##-", "from:", "de:", "von:", "van:", "da:", "forwarded message:", "encaminhada:",
    "weitergeleiteten", "doorgestuurd", "above this line", "wrote", "escreveu", "schrieb", "schreef", "escribió",
    "a écrit", "ha scritto",
)  # fmt: skip
"""Lower-case strings; the rules of this file find nothing in a text without any of them."""

_TITLES = (
    "Original (?:Message|Mail|Appointment)|Forwarded [Mm]essage|Mensagem [Oo]riginal|Mensagem [Ee]ncaminhada|"
    "Ursprüngliche Nachricht|Original-Nachricht|Originalnachricht|Weitergeleitete Nachricht|"
    "Oorspronkelijk [Bb]ericht|Doorgestuurd [Bb]ericht|Mensaje [Oo]riginal|Mensaje [Rr]eenviado|"
    "Message d'origine|Message transféré|Messaggio [Oo]riginale|Messaggio [Ii]noltrato"
)
_FROM = "From|De|Von|Van|Da"
_ABOUT = "Subject|Assunto|Betreff|Onderwerp|Objet|Asunto|Oggetto"
_OTHERS = (
    rf"{_ABOUT}|Sent|Date|To|Cc|Enviad[ao](?: em| el)?|Data|Para|Gesendet|Datum|An|Verzonden|Aan|Envoyé|À|Fecha|"
    "Inviato|A"
)
_HISTORY = re.compile(
    rf"(?<!-)-{{2,}}+[ \t]*+(?:{_TITLES})[ \t]*-{{2,}}"
    r"|^[ \t>]*(?:Begin forwarded message|Início da mensagem (?:re)?encaminhada"
    r"|Anfang der weitergeleiteten (?:Nachricht|E-Mail)|Begin doorgestuurd bericht):[ \t]*$"
    r"|##-[^\n]{5,120}?-##"
    r"|^[^a-zA-Z\n]{0,40}(?:[Pp]lease )?(?:(?:type|write|enter) )?(?:your )?[Rr]eply above this line[\W_]*$"
    # A mail's header. A journey has "From:", "To:" and "Date:" as well, but no subject.
    rf"|(?:^|(?<=\s))(?:_{{5,}}\s+)?\*{{0,2}}(?:{_FROM}):\*{{0,2}}[ \t](?=.{{1,900}}?\s\*{{0,2}}(?:{_ABOUT}):)"
    rf"(?:.{{1,300}}?\s\*{{0,2}}(?:{_OTHERS}):){{2}}",
    re.M | re.S,
)
"""From here on everything is an earlier mail."""

_ATTRIBUTION = re.compile(
    r"^[ \t]*(?:On|Em|Am|Op|El|Le|Il)\s((?:(?!\n[ \t]*\n).){5,250}?)\s"
    r"(?:wrote|escreveu|schrieb|schreef|escribió|a écrit|ha scritto)\b([^\n:]{0,120}?):[ \t]*$",
    re.M | re.S,
)
"""The line a mail program puts above what it quotes."""
_MAIL = re.compile(r"@")
_DATE = re.compile(r"\b20\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d\d\b")
_TIME_OF_DAY = re.compile(r"\b\d{1,2}[:h]\d\d\b")

_QUOTED_LINES = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z)(?:[ \t]*\n(?=[ \t]*>))*)+", re.M)
# A customer starts a line with ">" for a list or for "more than". Mail programs also quote empty lines, quotes and
# lines as wide as a mail.
_BY_PROGRAM = re.compile(r"^[ \t]*>[ \t]*(?:>|$|[^\n]{50})", re.M)


def without_quotes(text: str) -> str:
    """The text without the mails it quotes; what is written below lines marked with ">" stays."""
    history = _HISTORY.search(text)
    if history:
        text = text[: history.start()]
    attribution = _ATTRIBUTION.search(text)
    while attribution:
        quoted = _QUOTED_LINES.match(text, _next_line(text, attribution.end()))
        if quoted:
            text = text[: attribution.start()] + text[quoted.end() :]
        elif _is_by_program(attribution[1] + attribution[2]):
            text = text[: attribution.start()]
        attribution = _ATTRIBUTION.search(text, attribution.start() + (0 if quoted else 1))
    if ">" in text:
        text = _QUOTED_LINES.sub(lambda block: "" if _BY_PROGRAM.search(block[0]) else block[0], text)
    return text


def _next_line(text: str, position: int) -> int:
    """The first position from ``position`` on without white space."""
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _is_by_program(words: str) -> bool:
    """Whether an attribution has what a program always gives: an address, or both a date and a time."""
    return bool(_MAIL.search(words) or (_DATE.search(words) and _TIME_OF_DAY.search(words)))
