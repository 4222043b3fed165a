"""The contract of a channel, and the composed message that every channel renders in its own way."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from voc.adapters.channels.outcome import Outcome


@dataclass(frozen=True)
class Picture:
    """A PNG and the words that stand in its place. ``name``: letters, digits and a suffix, unique in the message."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True)
class Message:
    """What one person is told, composed for no channel in particular. ``composed_at``: aware UTC.

    ``text`` is whole without ``html`` and ``pictures``. ``html`` shows a picture as `src="<name>"`, as if the file lay
    beside it; a channel puts its own address there. What came from outside is escaped in ``html``, and nowhere else.
    """

    message_id: str
    """The same for the same content to the same recipient, however often it is composed."""
    recipient: str
    """A plain address within `alerts.allowed_domains`."""
    composed_at: datetime
    subject: str
    text: str
    html: str | None = None
    pictures: tuple[Picture, ...] = ()


class MessageChannel(Protocol):
    """One way to a person. It holds its settings, keeps no state, and knows nothing of queues and cases."""

    name: ClassVar[str]
    """Unique, never changed: the queue keeps a channel's messages under it."""
    noun: ClassVar[str]
    """What people call one of its messages, in the singular: mail."""

    @property
    def destination(self) -> str:
        """Where its messages go, to follow "8 mails sent, "; empty where the noun says it."""

    def render(self, message: Message) -> bytes:
        """The message as this channel keeps it: a mail, or plain UTF-8 text.

        It is rendered once and kept, so that a second try sends the same, and `voc forget` searches it for names. So
        names stand in it as they are spelled: JSON, which turns a line break into a letter, is made in `deliver`.
        """

    def deliver(self, content: bytes, *, message_id: str, recipient: str) -> Outcome:
        """Hands over what `render` gave, once; raises nothing that a server or a disk can cause.

        It returns within `mail_queue.LEASE`. The same ``message_id`` may come twice: where the other side can tell, it
        is one message there. It writes nothing but the message itself.
        """
