"""Hands one finished message over: to a mail server, or as a file where none is set."""

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from voc.adapters.crash import crash_point
from voc.adapters.disk import sync

_CONNECT = 30.0  # seconds until a silent server counts as down
_REPLY = 120.0
"""Seconds for each of the four replies that sending takes. RFC 5321 (4.5.3.2) grants up to ten minutes; all four must
fit into the lease of a claimed mail (`outbox.LEASE`), or another run would send it a second time."""
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
_TLS_FROM_THE_START = 465  # RFC 8314 (3.3): no STARTTLS there, the session is encrypted from its first byte
_TOO_BIG = 552  # RFC 1870: the message's fault, although the sender's address is what is refused

_LOGIN_WANTED = 530  # RFC 4954 (6): may answer any command; a setting's fault, whatever it was said to


@dataclass(frozen=True)
class Smtp:
    """A mail server. The password is never shown, not even by `repr`."""

    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Sent:
    """The server, or the disk, has taken it over."""


@dataclass(frozen=True)
class Delayed:
    """Not this time; ``why`` quotes no server, whose words may hold addresses or content."""

    why: str
    is_everybodys: bool = False
    """Any other mail would meet the same now."""
    may_have_left: bool = False
    """The server fell silent before it said what became of it."""


@dataclass(frozen=True)
class Dead:
    """Refused for good."""

    why: str


Outcome = Sent | Delayed | Dead


def deliver(message: bytes, name: str, recipient: str, *, sender: str, smtp: Smtp | None, outbox: Path) -> Outcome:
    """What became of a message for one recipient; raises nothing that a mail server or a disk can cause.

    name:   of the file ``outbox``/<name>.eml, where mail goes when ``smtp`` is None; a second try writes the same one.
    """
    if smtp is None:
        return _filed(message, outbox, name)
    if not recipient.isascii():
        return Dead("the recipient's address is not ASCII")
    if not all(text.isascii() for text in (sender, smtp.user or "", smtp.password or "")):
        return Delayed("sender, SMTP user or password is not ASCII", is_everybodys=True)
    try:
        with _session(smtp) as server:
            return _sent(server, message, recipient, sender)
    except smtplib.SMTPAuthenticationError as error:
        return Delayed(f"the mail server refused the login: {_said(error)}", is_everybodys=True)
    except smtplib.SMTPResponseException as error:
        return Delayed(f"the mail server refused the session: {_said(error)}", is_everybodys=True)
    except ssl.SSLCertVerificationError as error:
        return Delayed(f"the mail server's certificate is not trusted: {error.verify_message}", is_everybodys=True)
    except smtplib.SMTPNotSupportedError:
        what = "STARTTLS or the login" if smtp.starttls else "the login"
        return Delayed(f"the mail server does not offer {what} that is set for it", is_everybodys=True)
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        return Delayed(f"no session with the mail server: {type(error).__name__}", is_everybodys=True)


@contextmanager
def _session(smtp: Smtp) -> Iterator[smtplib.SMTP]:
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
            return Dead(f"the mail server finds the message too big: {_said(error)}")
        return Delayed(f"the mail server refused the sender: {_said(error)}", is_everybodys=True)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, reply),) = error.recipients.values()
        return _refused("recipient", smtplib.SMTPResponseException(code, reply))
    except smtplib.SMTPDataError as error:
        return _refused("message", error)
    except (OSError, smtplib.SMTPException) as error:
        return Delayed(f"the mail server fell silent: {type(error).__name__}", may_have_left=True)
    crash_point("alert:sent")
    return Sent()


def _refused(what: str, error: smtplib.SMTPResponseException) -> Outcome:
    why = f"the mail server refused the {what}: {_said(error)}"
    if error.smtp_code == _LOGIN_WANTED:
        return Delayed(why, is_everybodys=True)
    return Dead(why) if error.smtp_code >= 500 else Delayed(why)


def _said(error: smtplib.SMTPResponseException) -> str:
    """The reply's code and enhanced status, without its words."""
    reply = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    enhanced = _ENHANCED.match(reply)
    return f"{error.smtp_code} {enhanced[0].decode()}" if enhanced else str(error.smtp_code)


def _filed(message: bytes, outbox: Path, name: str) -> Outcome:
    path = outbox / f"{name}.eml"
    unfinished = path.with_suffix(".part")
    try:
        outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(path)
        sync(outbox)
    except OSError as error:
        return Delayed(f"cannot write into {outbox.name}: {type(error).__name__}", is_everybodys=True)
    crash_point("alert:sent")
    return Sent()
