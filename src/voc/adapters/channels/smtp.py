"""The channel `smtp`: every message is a mail, handed to a mail server."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import ClassVar

from voc.adapters.channels import mime
from voc.adapters.channels.channel import Message
from voc.adapters.channels.outcome import Dead, Delayed, Outcome, Sent

_CONNECT = 30.0  # seconds until a silent server counts as down
_REPLY = 120.0
"""Seconds for each of the four replies that sending takes. RFC 5321 (4.5.3.2) grants up to ten minutes; all four must
fit into the lease of a claimed mail (`mail_queue.LEASE`), or another run would send it a second time."""
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
_TLS_FROM_THE_START = 465  # RFC 8314 (3.3): no STARTTLS there, the session is encrypted from its first byte
_TOO_BIG = 552  # RFC 1870: the message's fault, although the sender's address is what is refused
_LOGIN_WANTED = 530  # RFC 4954 (6): may answer any command; a setting's fault, whatever it was said to


@dataclass(frozen=True)
class SmtpChannel:
    """A mail server, and from whom mail comes. The password is never shown, not even by `repr`."""

    name: ClassVar[str] = "smtp"
    noun: ClassVar[str] = "mail"
    destination: ClassVar[str] = ""

    sender: str
    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def render(self, message: Message) -> bytes:
        """A mail."""
        return mime.encode(message, self.sender)

    def deliver(self, content: bytes, *, message_id: str, recipient: str) -> Outcome:
        """Sends a mail in a session of its own; a second try is known by its Message-ID."""
        if not recipient.isascii():
            return Dead("the recipient's address is not ASCII")
        if not all(text.isascii() for text in (self.sender, self.user or "", self.password or "")):
            return Delayed("sender, SMTP user or password is not ASCII", is_everybodys=True)
        try:
            with _session(self) as server:
                return _sent(server, content, recipient, self.sender)
        except smtplib.SMTPAuthenticationError as error:
            return Delayed(f"the mail server refused the login: {_codes(error)}", is_everybodys=True)
        except smtplib.SMTPResponseException as error:
            return Delayed(f"the mail server refused the session: {_codes(error)}", is_everybodys=True)
        except ssl.SSLCertVerificationError as error:
            return Delayed(f"the mail server's certificate is not trusted: {error.verify_message}", is_everybodys=True)
        except smtplib.SMTPNotSupportedError:
            missing_feature = "STARTTLS or the login" if self.starttls else "the login"
            return Delayed(f"the mail server does not offer {missing_feature} that is set for it", is_everybodys=True)
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            return Delayed(f"no session with the mail server: {type(error).__name__}", is_everybodys=True)


@contextmanager
def _session(smtp: SmtpChannel) -> Iterator[smtplib.SMTP]:
    """A server that is ready for a message; how it takes leave no longer matters."""
    tls = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_CONNECT, context=tls)
        if smtp.port == _TLS_FROM_THE_START
        else smtplib.SMTP(smtp.host, smtp.port, timeout=_CONNECT)
    )
    try:
        if smtp.starttls and smtp.port != _TLS_FROM_THE_START:
            server.starttls(context=tls)
        if smtp.user is not None:
            server.login(smtp.user, smtp.password or "")
        if server.sock is not None:
            server.sock.settimeout(_REPLY)
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _sent(server: smtplib.SMTP, message: bytes, recipient: str, sender: str) -> Outcome:
    try:
        server.sendmail(sender, [recipient], message)
    except smtplib.SMTPSenderRefused as error:
        if error.smtp_code == _TOO_BIG:
            return Dead(f"the mail server finds the message too big: {_codes(error)}")
        return Delayed(f"the mail server refused the sender: {_codes(error)}", is_everybodys=True)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, reply),) = error.recipients.values()
        return _refused("recipient", smtplib.SMTPResponseException(code, reply))
    except smtplib.SMTPDataError as error:
        return _refused("message", error)
    except (OSError, smtplib.SMTPException) as error:
        return Delayed(f"the mail server fell silent: {type(error).__name__}", may_have_left=True)
    return Sent()


def _refused(refused_part: str, error: smtplib.SMTPResponseException) -> Outcome:
    why = f"the mail server refused the {refused_part}: {_codes(error)}"
    if error.smtp_code == _LOGIN_WANTED:
        return Delayed(why, is_everybodys=True)
    return Dead(why) if error.smtp_code >= 500 else Delayed(why)


def _codes(error: smtplib.SMTPResponseException) -> str:
    """The reply's code and enhanced status, without its words."""
    reply = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    enhanced = _ENHANCED.match(reply)
    return f"{error.smtp_code} {enhanced[0].decode()}" if enhanced else str(error.smtp_code)
