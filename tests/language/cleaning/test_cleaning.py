"""Cleaning: each rule on texts as mail programs and ticket systems send them, and what must never be cut."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voc.language.cleaning import clean

QUOTED = [
    ("Still late.\n\nOn Mon, Mar 3, 2025 at 10:15 AM Desk <d@x.example> wrote:\n> Hi\n> Ann\n", "Still late."),
    (
        "Late.\nOn Mon, Mar 3, 2025 at 10:15 AM The Desk Team\n<desk@x.example> wrote:\n\nDear Ann,\nwe are happy",
        "Late.",
    ),
    ("Ruim.\n\nEm seg., 3 de mar. de 2025 às 10:15, Suporte <s@x.example> escreveu:\n> Olá\n", "Ruim."),
    ("Zu spät.\nAm Mo., 3. März 2025 um 10:15 Uhr schrieb Support <s@x.example>:\nGuten Tag", "Zu spät."),
    ("Te laat.\nOp ma 3 mrt 2025 om 10:15 schreef Support <s@x.example>:\n> Hallo", "Te laat."),
    ("Late.\n\n-----Original Message-----\nFrom: Desk\nHello", "Late."),
    ("Ruim. -----Mensagem original----- De: Suporte Olá", "Ruim."),
    ("Zu spät.\n-----Ursprüngliche Nachricht-----\nVon: Support", "Zu spät."),
    ("Te laat.\n-----Oorspronkelijk bericht-----\nVan: Support", "Te laat."),
    ("Late.\n\nFrom: Desk <d@x.example>\nSent: Monday, March 3, 2025\nTo: Ann\nSubject: RE: bill\n\nDear Ann", "Late."),
    ("Ruim.\n____________\nDe: Suporte\nEnviada em: segunda-feira\nPara: Ana\nAssunto: RE: conta\n\nOlá", "Ruim."),
    ("Zu spät.\n\nVon: Support\nGesendet: Montag\nAn: Ann\nBetreff: AW: Rechnung\n\nGuten Tag", "Zu spät."),
    ("Late. From: Desk <d@x.example> Sent: Monday To: Ann Subject: RE: bill Dear Ann", "Late."),
    ("Still broken\n##- Please type your reply above this line -##\nYour request (12) was updated", "Still broken"),
    ("Kaputt\n##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##\nIhre Anfrage", "Kaputt"),
    ("Ruim\n##- Por favor, digite sua resposta acima desta linha -##\nOlá", "Ruim"),
]
BELOW_QUOTES = [
    ("On 3 Mar 2025, at 10:15, Desk wrote:\n> We closed it.\n> Bye\n\nNo, it is broken", "No, it is broken"),
    ("Em 3 de mar. de 2025, Suporte escreveu:\n> Olá\n> Resolvido\n\nNão, não foi", "Não, não foi"),
    ("Am 03.03.2025 um 10:15 schrieb Support:\n> Erledigt\n>\n> Grüße\n\nNein, ist es nicht", "Nein, ist es nicht"),
    (
        "You say\n> We are sorry that your parcel came late and will look into it\n> soon.\nbut nobody did",
        "You say\nbut nobody did",
    ),
]
SIGNED = [
    ("Too late.\n-- \nAnn Lee\n+31 6 123 456", "Too late."),
    ("Too late.\n--\nAnn Lee\nAcme", "Too late."),
    ("Too late.\n\nSent from my iPhone", "Too late."),
    ("Too late. Sent from my iPhone", "Too late."),
    ("Tarde demais.\nEnviado do meu iPhone", "Tarde demais."),
    ("Zu spät.\nVon meinem iPhone gesendet", "Zu spät."),
    ("Te laat.\nVerzonden vanaf mijn iPhone", "Te laat."),
    ("Too late.\n\nKind regards,\nAnn Lee\nAcme Ltd\nann@acme.example", "Too late."),
    ("Too late. Kind regards, Ann", "Too late."),
    ("Too late.\nThanks,\nAnn", "Too late."),
    ("Tarde demais.\n\nAtenciosamente,\nAna de Souza", "Tarde demais."),
    ("Zu spät.\n\nMit freundlichen Grüßen\nHans Müller\nTel. 030 1234567", "Zu spät."),
    ("ZU SPÄT.\n\nVIELE GRÜSSE\nHANS", "ZU SPÄT."),
    ("Te laat.\n\nMet vriendelijke groet,\nJan de Vries", "Te laat."),
    ("late\r\n\r\nRegards,\r\nBob", "late"),
]
FOOTED = [
    ("Bad.\nTicket #12345", "Bad."),
    ("Ruim.\nProtocolo nº 2025001", "Ruim."),
    ("Schlecht.\nVorgang Nr. 12345", "Schlecht."),
    ("Bad. This ticket was closed.", "Bad."),
    ("Ruim.\nEste chamado foi encerrado.", "Ruim."),
    ("Schlecht.\nDieses Ticket wurde geschlossen.", "Schlecht."),
    ("Slecht.\nDit ticket is gesloten.", "Slecht."),
    ("[ABC-123] The line is bad", "The line is bad"),
    ("Bad.\nTo unsubscribe, click here: https://x.example", "Bad."),
    ("Ruim.\nPara cancelar a inscrição, clique aqui", "Ruim."),
    ("Schlecht.\nUm sich vom Newsletter abzumelden, klicken Sie hier.", "Schlecht."),
    ("Slecht.\nU ontvangt deze e-mail omdat u klant bent.", "Slecht."),
    (
        "Bad.\n\nThis e-mail and its attachments are confidential and intended for\nthe addressee only. Delete it.",
        "Bad.",
    ),
    ("Ruim.\n\nEsta mensagem pode conter informação confidencial. Se você não for o destinatário, apague.", "Ruim."),
    (
        "Schlecht.\n\nDiese E-Mail enthält vertrauliche Angaben. Sind Sie nicht der Empfänger, löschen Sie sie.",
        "Schlecht.",
    ),
    ("Slecht.\n\nDit e-mailbericht is vertrouwelijk en bestemd voor de geadresseerde.", "Slecht."),
]
HTML = [
    ("<p>Too <b>late</b>!</p><p>Really<br/>bad &amp; sad</p>", "Too late!\n\nReally\nbad & sad"),
    ("<html><head><style>p {color: red}</style></head><body>N&atilde;o &eacute;\nbom</body></html>", "Não é bom"),
    ("<div>Gr&uuml;&szlig;e an alle, war<span style='color:red'> schlecht</span></div>", "Grüße an alle, war schlecht"),
    ("&lt;p&gt;Te&nbsp;laat&lt;/p&gt;", "Te laat"),
    ('<div>Bad</div><blockquote type="cite"><p>Desk<blockquote>older</blockquote></p></blockquote>', "Bad"),
    ("<p>Schlecht.</p><p>Mit freundlichen Gr&uuml;&szlig;en<br>Hans M&uuml;ller</p>", "Schlecht."),
    ("Bad<!-- hidden --><script>let x = '<p>';</script> day", "Bad day"),
]
OWN_WORDS = [
    "I <3 it",
    "a < b and c > d",
    "price <20 and >10",
    "<a bit late> it was",
    "R&D and AT&T",
    "see https://x.y/?a=1&copy=2",
    "From: the start it was bad",
    "De: tudo um pouco",
    "From: the start it was bad\nTo: the end",
    "From: Amsterdam\nTo: Paris\nDate: 3 May\nThe train was late",
    "> 3 days late",
    "> bad food\n> late bus\n> rude staff",
    "5 > 3",
    "On Monday he wrote: sorry",
    "On Monday he wrote:\nsorry\nand then nothing",
    "Am Montag schrieb ich: bitte",
    "On 3 May at 10:15 the agent wrote:\nWe can't help.\nUnacceptable.",
    "I had regards for him",
    "Regards the delivery, it was late",
    "Regards,\nThe delivery was late",
    "Thanks,\nit works",
    "Thank you",
    "Best wishes",
    "Kind regards",
    "Best wishes to all",
    "Obrigado, Ana",
    "They fixed it. Cheers!",
    "Danke, war gut",
    "The mail was sent from my phone",
    "Gesendet mit DHL, kam nie an",
    "One thing\n--\nAnother thing is that it was late.",
    "Ticket #123 is still open after 3 weeks",
    "This ticket was closed without any solution!",
    "case 12 was lost",
    "Your request was closed, but nobody called",
    "I want to unsubscribe but the link is broken",
    "To unsubscribe I had to call three times",
    "This email contains confidential information of someone else!",
    "Diese Nachricht war vertraulich und kam trotzdem an alle",
    "O chamado foi encerrado sem resposta",
    "x -- y",
]


@pytest.mark.parametrize(("text", "own"), [*QUOTED, *BELOW_QUOTES, *SIGNED, *FOOTED, *HTML])
def test_only_what_the_customer_wrote_is_left(text, own):
    assert clean([text]) == [own]


@pytest.mark.parametrize("text", OWN_WORDS)
def test_the_customers_own_words_are_never_cut(text):
    assert clean([text]) == [text]


def test_a_text_that_is_all_quoted_is_empty():
    assert clean(["On 3 May 2026 at 09:10, Desk <d@x.example> wrote:\n> Hi", "-----Original Message-----\nHi"]) == [
        "",
        "",
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            unit * 20_000
            for unit in ("-", "_", ">\n", "--\n", " \n", "<a ", "On ", ".\n", "[ABC-", "&lt;", "Ab ", "From: ")
        ),
        *(
            unit * 3_000
            for unit in ("<style>", "<!--", "regards\n", "unsubscribe from ", "this message ", "Sent from ")
        ),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_text_takes_no_more_than_a_moment(text):
    started = time.process_time()
    clean([text])
    assert time.process_time() - started < 2, "a rule that goes back and forth would take minutes"


PIECES = st.sampled_from(
    [*(word for text in OWN_WORDS for word in text.split(" ")), "\n", "\0", "\r\n", "<p>", "&#0;", "İ", "-- "]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=12).map(" ".join)), max_size=6))
def test_no_text_influences_another(texts):
    assert clean(texts) == [own for text in texts for own in clean([text])]
