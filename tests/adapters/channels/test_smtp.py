"""Handing a mail to a real mail server, and to one that refuses."""

import socket
import ssl
import subprocess
import threading
from dataclasses import replace

import pytest
from aiosmtpd.smtp import AuthResult
from support.told_cases import SENDER, Mailbox, free_port, mail_server

from voc.adapters.channels.outcome import Dead, Delayed, Outcome, Sent
from voc.adapters.channels.smtp import SmtpChannel

MESSAGE = b"Subject: one\r\n\r\n.a line that begins with a dot\r\n"
ANN = "ann@lumen.example"
SESAME = "hunter2-correct-horse"


def send(smtp: SmtpChannel, content: bytes = MESSAGE, recipient: str = ANN) -> Outcome:
    return smtp.deliver(content, message_id="m1", recipient=recipient)


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate for 127.0.0.1 that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


def test_a_message_arrives_as_it_was_written(mailbox):
    with mail_server(mailbox) as smtp:
        assert send(smtp) == Sent()
    assert mailbox.arrived == [(ANN, MESSAGE)]


@pytest.mark.parametrize("code", ["550 5.1.1", "554 5.7.1", "500"])
def test_a_recipient_refused_for_good_is_dead_and_the_servers_words_are_not_kept(mailbox, code):
    mailbox.answers[ANN] = f"{code} <ann@lumen.example> is secret"
    with mail_server(mailbox) as smtp:
        assert send(smtp) == Dead(f"the mail server refused the recipient: {code}")


def test_a_recipient_refused_for_now_is_delayed_alone(mailbox):
    mailbox.answers[ANN] = "451 4.7.1 greylisted"
    with mail_server(mailbox) as smtp:
        assert send(smtp) == Delayed("the mail server refused the recipient: 451 4.7.1")


def test_a_refused_message_is_dead_and_a_full_disk_is_not(mailbox):
    mailbox.answer_to_data = "554 5.6.0 no"
    with mail_server(mailbox) as smtp:
        assert send(smtp) == Dead("the mail server refused the message: 554 5.6.0")
        mailbox.answer_to_data = "452 4.3.1 full"
        assert send(smtp) == Delayed("the mail server refused the message: 452 4.3.1")


@pytest.mark.parametrize("code", ["550 5.7.1", "530 5.7.0", "451 4.3.0"])
def test_a_refused_sender_is_everybodys_trouble_and_buries_nothing(mailbox, code):
    mailbox.answer_to_mail = f"{code} go away"
    with mail_server(mailbox) as smtp:
        assert send(smtp) == Delayed(f"the mail server refused the sender: {code}", is_everybodys=True)


def test_a_login_that_is_wanted_late_is_everybodys_trouble(mailbox):
    mailbox.answers[ANN] = "530 5.7.0 authentication required"
    with mail_server(mailbox) as smtp:
        assert send(smtp) == Delayed("the mail server refused the recipient: 530 5.7.0", is_everybodys=True)


def test_a_message_that_is_too_big_is_its_own_fault(mailbox):
    with mail_server(mailbox, data_size_limit=10) as smtp:
        outcome = send(smtp)
    assert isinstance(outcome, Dead)
    assert "552" in outcome.why


def test_a_server_that_is_down_delays_everybody():
    outcome = send(SmtpChannel(SENDER, "127.0.0.1", free_port(), starttls=False))
    assert outcome == Delayed("no session with the mail server: ConnectionRefusedError", is_everybodys=True)
    outcome = send(SmtpChannel(SENDER, "no such..host", 25, starttls=False))
    assert isinstance(outcome, Delayed)
    assert outcome.is_everybodys


def test_a_server_that_falls_silent_after_the_message_may_have_taken_it():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=_take_and_hang_up, args=[listening])
        server.start()
        outcome = send(SmtpChannel(SENDER, "127.0.0.1", listening.getsockname()[1], starttls=False))
        server.join()
    assert outcome == Delayed("the mail server fell silent: SMTPServerDisconnected", may_have_left=True)


def _take_and_hang_up(listening: socket.socket) -> None:
    peer, _ = listening.accept()
    with peer, peer.makefile("rb") as lines:
        peer.sendall(b"220 hello\r\n")
        for line in lines:
            if line == b".\r\n":
                return
            if not line.startswith(b"Subject") and line[:4] in (b"ehlo", b"mail", b"rcpt"):
                peer.sendall(b"250 fine\r\n")
            elif line.startswith(b"data"):
                peer.sendall(b"354 go on\r\n")


def test_a_certificate_that_nobody_vouches_for_is_refused(mailbox, tls):
    with mail_server(mailbox, tls_context=tls) as smtp:
        outcome = send(replace(smtp, starttls=True, user="voc", password=SESAME))
    assert outcome == Delayed(
        "the mail server's certificate is not trusted: self-signed certificate", is_everybodys=True
    )
    assert mailbox.arrived == []


def test_a_server_without_starttls_gets_nothing(mailbox):
    with mail_server(mailbox) as smtp:
        outcome = send(replace(smtp, starttls=True, user="voc", password=SESAME))
    assert outcome == Delayed(
        "the mail server does not offer STARTTLS or the login that is set for it", is_everybodys=True
    )
    assert mailbox.arrived == []


def test_with_tls_and_a_login_mail_arrives_and_a_wrong_password_tells_nobody(mailbox, tls, certificate, monkeypatch):
    def log_in(server, session, envelope, mechanism, data):
        is_right = (data.login, data.password) == (b"voc", SESAME.encode())
        return AuthResult(success=is_right, handled=False, message=None if is_right else f"535 5.7.8 {data.password}")

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    with mail_server(mailbox, tls_context=tls, authenticator=log_in, auth_required=True) as smtp:
        right = replace(smtp, starttls=True, user="voc", password=SESAME)
        assert send(right) == Sent()
        wrong = send(replace(right, password=SESAME + "!"))
        foreign = send(replace(right, password=SESAME + "é"))
        without = send(replace(right, user=None, password=None))
    assert len(mailbox.arrived) == 1
    for outcome in (wrong, foreign, without):
        assert isinstance(outcome, Delayed)
        assert outcome.is_everybodys
        assert SESAME not in outcome.why
    assert wrong.why == "the mail server refused the login: 535 5.7.8"
    assert SESAME not in repr(right)


def test_an_address_that_plain_smtp_cannot_carry_is_dead(mailbox):
    with mail_server(mailbox) as smtp:
        assert send(smtp, recipient="änne@lumen.example") == Dead("the recipient's address is not ASCII")
