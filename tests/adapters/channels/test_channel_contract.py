"""Every channel there is, held to the contract of `voc.adapters.channels.channel.MessageChannel`."""

import inspect
import pkgutil
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from support import TESTS
from support.told_cases import OWNER, SENDER, Mailbox, free_port, mail_server
from support.wall_channel import Wall

from voc.adapters import channels
from voc.adapters.channels.channel import Message, MessageChannel, Picture
from voc.adapters.channels.eml_files import FilesChannel
from voc.adapters.channels.outcome import Delayed, Sent
from voc.adapters.channels.smtp import SmtpChannel
from voc.adapters.erasure import mail_parsing
from voc.app import outgoing

DOCS = TESTS.parent / "docs"
MESSAGE = Message(
    "5e5e", OWNER, datetime(2026, 3, 2, 5, tzinfo=UTC), subject="1 case for you: Zoë Ægir & Co", text="Zoë Ægir & Co\n",
    html='<p>Zoë Ægir &amp; Co</p><img src="c1.png" alt="lines">', pictures=(Picture("c1.png", b"PNG", "lines"),),
)  # fmt: skip


def in_the_room() -> dict[str, type]:
    """The channels that this room holds, by name: classes that deliver."""
    modules = [import_module(f"{channels.__name__}.{found.name}") for found in pkgutil.iter_modules(channels.__path__)]
    return {
        cls.name: cls
        for module in modules
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if cls.__module__ == module.__name__ and cls is not MessageChannel and hasattr(cls, "deliver")
    }


def smtp_down(tmp_path: Path) -> SmtpChannel:
    return SmtpChannel(SENDER, "127.0.0.1", free_port(), starttls=False)


def no_folder(tmp_path: Path) -> Path:
    path = tmp_path / "a file"
    path.write_text("where a folder should be")
    return path


DOWN = {
    "smtp": smtp_down,
    "files": lambda tmp_path: FilesChannel(SENDER, no_folder(tmp_path)),
    "wall": lambda tmp_path: Wall(no_folder(tmp_path)),
}
"""A channel whose other side is not there, by name."""


@pytest.fixture
def up(tmp_path):
    """A channel whose other side is there, by name; and what has arrived."""
    mailbox, folder = Mailbox(), tmp_path / "there"
    folder.mkdir()
    wall = Wall(folder)
    with mail_server(mailbox) as smtp:
        yield {
            "smtp": (smtp, lambda: [content for _, content in mailbox.arrived]),
            "files": (FilesChannel(SENDER, folder), lambda: [path.read_bytes() for path in folder.iterdir()]),
            "wall": (wall, lambda: [note for _, note in wall.notes]),
        }


NAMES = sorted({*in_the_room(), "wall"})


def test_the_channels_are_those_of_the_registry_each_with_a_name_of_its_own():
    built = [cls for build in outgoing.CHANNELS for cls in get_args(get_type_hints(build)["return"])]
    registered = [cls for cls in built if cls is not type(None)]
    assert {cls.name: cls for cls in registered} == in_the_room()
    assert len({cls.name for cls in registered}) == len(registered)
    assert {"smtp", "files"} <= set(in_the_room())


@pytest.mark.parametrize("name", sorted(in_the_room()))
def test_a_channel_is_documented_and_has_its_samples(name, up):
    assert {page: f"`{name}`" in (DOCS / page).read_text() for page in ("cases.md", "security.md")} == {
        "cases.md": True, "security.md": True,
    }  # fmt: skip
    assert name in DOWN
    assert name in up


@pytest.mark.parametrize("name", NAMES)
def test_what_is_delivered_arrives_as_it_was_rendered(name, up):
    channel, arrived = up[name]
    content = channel.render(MESSAGE)
    assert channel.deliver(content, message_id=MESSAGE.message_id, recipient=OWNER) == Sent()
    assert arrived() == [content]


@pytest.mark.parametrize("name", NAMES)
def test_a_channel_that_is_down_says_so_raises_nothing_and_leaves_nothing(name, tmp_path):
    channel = DOWN[name](tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    outcome = channel.deliver(channel.render(MESSAGE), message_id=MESSAGE.message_id, recipient=OWNER)
    assert isinstance(outcome, Delayed)
    assert (outcome.is_everybodys, outcome.may_have_left) == (True, False)
    assert OWNER not in outcome.why
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", NAMES)
def test_a_message_without_html_can_be_rendered_and_who_is_named_in_one_can_be_found(name, up):
    channel, _ = up[name]
    plain = Message("5e5e", OWNER, MESSAGE.composed_at, "Data late", "Zoë Ægir & Co is late\n")
    for message in (MESSAGE, plain):
        assert "Zoë Ægir & Co" in mail_parsing.text_of(channel.render(message))
        assert message.subject in mail_parsing.text_of(channel.render(message))


@pytest.mark.parametrize("name", NAMES)
def test_people_can_be_told_of_a_channel(name, up):
    channel, _ = up[name]
    assert channel.name.isidentifier()
    assert channel.noun.isalpha()
    assert isinstance(channel.destination, str)


def test_a_password_of_a_channel_is_never_shown():
    assert "hunter2" not in repr(SmtpChannel(SENDER, "127.0.0.1", 25, starttls=False, user="voc", password="hunter2"))
