"""Leaving a mail as a file."""

from pathlib import Path

from support.told_cases import OWNER, SENDER

from voc.adapters.channels.eml_files import FilesChannel
from voc.adapters.channels.outcome import Delayed, Outcome, Sent

MESSAGE = b"Subject: one\r\n\r\n.a line that begins with a dot\r\n"


def send(outbox: Path) -> Outcome:
    return FilesChannel(SENDER, outbox).deliver(MESSAGE, message_id="m1", recipient=OWNER)


def test_without_a_server_a_message_is_one_private_file_however_often_it_is_sent(tmp_path):
    outbox = tmp_path / "outbox"
    assert send(outbox) == Sent()
    assert send(outbox) == Sent()
    (file,) = outbox.iterdir()
    assert (file.name, file.read_bytes()) == ("m1.eml", MESSAGE)
    assert (file.stat().st_mode & 0o777, outbox.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_outbox_that_cannot_be_written_delays_everybody(tmp_path):
    (tmp_path / "outbox").write_text("a file where the folder should be")
    assert send(tmp_path / "outbox") == Delayed("cannot write into outbox: FileExistsError", is_everybodys=True)
