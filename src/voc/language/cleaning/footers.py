"""What ticket systems and mailings add around a customer's words: markers, notices, disclaimers, unsubscribe links."""

import re

FOOTER_MARKS = (
    "[", "{#", "ref:_", "ticket", "case", "request", "chamado", "protocolo", "vorgang", "anfrage", "melding", "zaak",
    "unsubscribe", "receiving this", "abzumelden", "erhalten diese", "descadastr", "cancelar", "recebendo este",
    "recebeu este", "af te melden", "uit te schrijven", "ontvangt dit", "ontvangt deze", "do not reply", "automat",
    "não responda", "antworten sie", "niet te beantwoorden", "confidential", "privileged", "confidencia", "vertraulich",
    "vertrouwelijk",
)  # fmt: skip
"""Lower-case strings; the rules of this file find nothing in a text without any of them."""

_MARKER = re.compile(
    r"\[[A-Z][A-Z\d]{1,9}-\d+\]|\[(?:[Tt]icket|[Cc]ase|[Rr]equest|[Cc]hamado|ID)?[ :]*#?\d{3,}\]|\{#HS:[\d-]+#\}"
    r"|\[?\bref:_\w+\.\w+:ref\]?"
)
"""Numbers by which a system finds the thread again; they may stand within a sentence."""

_THING = "ticket|case|request|chamado|protocolo|vorgang|anfrage|melding|zaak"
_TICKET_NUMBER = rf"(?:{_THING})[ \t]*(?:id|no\.?|number|nr\.?|nummer|número|n[ºo°]\.?)?[ \t:]*(?:\#[ \t]*)?\d{{3,}}"
_CLOSED_NOTICE = (
    r"(?:this|your) (?:ticket|case|request)(?: \(?\#?\d+\)?)? (?:was|has been|is now|is) "
    r"(?:automatically )?(?:closed|solved|resolved|merged|marked as solved|marked as resolved)"
    r"(?: automatically| due to inactivity| by (?:our|the) system)?"
    r"|(?:este|o seu|seu) (?:chamado|ticket|pedido) foi (?:automaticamente )?(?:encerrado|fechado|resolvido)"
    r"|(?:dieses|ihr) ticket wurde (?:automatisch )?(?:geschlossen|gelöst)"
    r"|(?:dit|uw) ticket (?:is|werd) (?:automatisch )?(?:gesloten|opgelost)"
)
_NOTICE = (
    r"(?:please )?do not reply(?: directly)? to this (?:e-?mail|message)"
    r"|this is an automat(?:ed|ic) (?:message|e-?mail|response|reply|notification)"
    r"(?:[,.;]? (?:please )?do not reply(?: to (?:it|this (?:e-?mail|message)))?)?"
    r"|(?:por favor,? )?não responda (?:a )?este e-?mail|(?:esta é uma )?mensagem automática"
    r"|bitte antworten sie nicht auf diese (?:e-?mail|nachricht)|dies ist eine automatische (?:nachricht|e-?mail)"
    r"|gelieve dit bericht niet te beantwoorden|dit is een automatisch (?:bericht|gegenereerd bericht)"
)
_MAILING = (
    r"(?:if you [^.\n]{3,80}?,? )?(?:you can |to )?unsubscribe(?: from [^.,\n]{3,60}?)?[,:]? "
    r"(?:please )?(?:click|visit|follow|go to|use)\b[^\n]*"
    r"|unsubscribe(?: here| now| from (?:this|these|our) [^.\n]{3,60}| ?\| ?[^\n]{0,80}|:? ?<?https?://\S+)?"
    r"|click here to unsubscribe[^\n]*"
    r"|you(?:'re| are) receiving this (?:e-?mail|message|newsletter) (?:because|as)\b[^\n]*"
    r"|(?:para|se desejar) (?:cancelar (?:a|sua|o) (?:inscrição|assinatura|subscrição|recebimento)[^\n]{0,80}?"
    r"|se descadastrar[^\n]{0,40}?),? clique\b[^\n]*|você (?:está recebendo|recebeu) este e-?mail porque\b[^\n]*"
    r"|um sich (?:vom newsletter )?abzumelden,? klicken\b[^\n]*|sie erhalten diese (?:e-?mail|nachricht),? weil\b[^\n]*"
    r"|klik hier om u (?:af te melden|uit te schrijven)[^\n]*"
    r"|u ontvangt (?:dit bericht|deze e-?mail|deze nieuwsbrief) omdat\b[^\n]*"
)
# A whole line or the last words of one, so that "Your request was closed, but nobody called" is left alone.
_FOOTER = re.compile(
    rf"(?:^[^\w\n]*|(?<=[.!?])[ \t]+)(?:{_TICKET_NUMBER}|{_CLOSED_NOTICE}|{_NOTICE}|{_MAILING})[^\w\n]*$", re.I | re.M
)

# A disclaimer says "secret" and "meant for"; a customer who got another's letter says only the first.
_DISCLAIMER = re.compile(
    r"(?:^[^\w\n]*|(?<=[.!?])[ \t]+)(?:confidentiality notice|disclaimer|aviso de confidencialidade|vertraulichkeits\w+"
    r"|(?:this|the (?:information|contents?) (?:in|of) this) (?:e-?mail|message|communication)"
    r"|(?:esta|a presente) mensagem|este e-?mail|diese (?:e-?mail|nachricht)|dit (?:e-?mail)?bericht|deze e-?mail)\b"
    r"(?=(?:[^\n]|\n(?!\s*\n)){0,600}?(?:confiden[ct]ia|privileged|vertraulich|vertrouwelijk))"
    r"(?=(?:[^\n]|\n(?!\s*\n)){0,600}?(?:intended|recipient|addressee|destina|empfänger|bestimmt|geadresseerde|bestemd))"
    r"(?:[^\n]|\n(?!\s*\n))*",
    re.I | re.M,
)


def without_footers(text: str) -> str:
    """The text without a system's markers, notices and disclaimers."""
    return _MARKER.sub(" ", _FOOTER.sub("", _DISCLAIMER.sub("", text)))
