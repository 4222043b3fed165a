"""What became of one try to deliver a message: Sent, Delayed or Dead. A channel answers with one of these, always."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """The other side has taken it over. The queue drops the content and never sends it again."""


@dataclass(frozen=True)
class Delayed:
    """Not this time. The queue tries the same content again after a wait, for days, then gives it up as dead.

    ``why`` is shown to people and kept. It quotes no server: a server's words may hold addresses or content.
    """

    why: str
    is_everybodys: bool = False
    """The whole channel is down: any other message would meet the same now. The rest of this channel waits for the next
    run, and no message is ever given up for it. Other channels go on."""
    may_have_left: bool = False
    """Nobody can say whether it arrived. The queue sends the same content again, and never composes it anew."""


@dataclass(frozen=True)
class Dead:
    """Refused for good, for a fault of this message or its recipient. `voc status` shows it until it is tried again."""

    why: str


Outcome = Sent | Delayed | Dead
