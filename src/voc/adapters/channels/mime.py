"""A composed message as a mail's bytes (MIME), for the channels whose messages are mails."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from voc.adapters.channels.channel import Message
from voc.domain.display_text import display_text

_POLICY = SMTP.clone(cte_type="7bit")  # not every server announces 8BITMIME, and smtplib would send 8 bits regardless


def encode(message: Message, sender: str) -> bytes:
    """A mail of text, HTML, and the pictures inside the HTML; of text alone where the message has no HTML."""
    domain = display_text(sender).rpartition("@")[2]
    mail = _headed(message, sender, domain)
    mail.set_content(message.text, cte="quoted-printable")
    if message.html is None:
        return mail.as_bytes()
    content_ids = [f"chart-{n}.{message.message_id}@{domain}" for n in range(1, len(message.pictures) + 1)]
    html = message.html
    for picture, content_id in zip(message.pictures, content_ids, strict=True):
        html = html.replace(f'src="{picture.name}"', f'src="cid:{content_id}"')
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    part = mail.get_payload()[1]  # type: ignore[index]  # of two parts, the stubs think of one text
    for picture, content_id in zip(message.pictures, content_ids, strict=True):
        part.add_related(  # type: ignore[union-attr]  # as above
            picture.png, "image", "png", cid=f"<{content_id}>", disposition="inline", filename=picture.name
        )
    if message.pictures:
        part.set_param("type", "text/html")  # type: ignore[union-attr]  # RFC 2387 (3.1) requires it
    return mail.as_bytes()


def _headed(message: Message, sender: str, domain: str) -> EmailMessage:
    """The head of a mail. Whatever came from outside is stripped of what could end a header."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = display_text(sender)
    mail["To"] = display_text(message.recipient)
    mail["Subject"] = display_text(message.subject)
    mail["Date"] = format_datetime(message.composed_at)
    mail["Message-ID"] = f"<{message.message_id}@{domain}>"
    mail["List-Id"] = f"voc cases <voc.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies are not wanted
    return mail
