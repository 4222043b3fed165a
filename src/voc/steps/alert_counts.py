"""What `alert` did, counted by channel."""

from dataclasses import dataclass
from typing import Any

from voc.domain.formatting import counted


@dataclass(frozen=True)
class ChannelCounts:
    """One channel's messages: sent and dead are of this run; delayed are all that wait or are on their way.

    noun: what one of its messages is called. destination: where they go; empty where the noun says it.
    """

    channel: str
    noun: str
    destination: str
    sent: int
    delayed: int
    dead: int

    @property
    def counts(self) -> list[str]:
        """The counts in words; nothing delayed or dead is not mentioned."""
        failed = ((self.delayed, "delayed"), (self.dead, "refused"))
        return [counted(self.sent, self.noun) + " sent", *(f"{n:,} {outcome}" for n, outcome in failed if n)]

    @property
    def goal(self) -> list[str]:
        """Where the sent ones went, if there are any and their noun does not say it."""
        return [self.destination] if self.sent and self.destination else []


@dataclass(frozen=True)
class Alerted:
    """The messages of every configured channel, counted, and how many notices are still held."""

    channels: tuple[ChannelCounts, ...]
    held: int
    warnings: tuple[str, ...]

    @property
    def sent(self) -> int:
        """Of all channels."""
        return sum(of_one.sent for of_one in self.channels)

    @property
    def delayed(self) -> int:
        """Of all channels."""
        return sum(of_one.delayed for of_one in self.channels)

    @property
    def dead(self) -> int:
        """Of all channels."""
        return sum(of_one.dead for of_one in self.channels)

    @property
    def sentence(self) -> str:
        """One line for people. Where there are several channels, each is named before its counts."""
        held = [counted(self.held, "notice") + " held"] if self.held else []
        if not self.channels:
            return ", ".join(["0 mails sent", *held])
        if len(self.channels) == 1:
            (only,) = self.channels
            return ", ".join([*only.counts, *held, *only.goal])
        return "; ".join([f"{each.channel}: {', '.join([*each.counts, *each.goal])}" for each in self.channels] + held)

    def to_json(self) -> dict[str, Any]:
        """Sent, delayed, dead, held, warnings; and ``channels``, the first three by channel."""
        names = ("sent", "delayed", "dead")
        return {
            **{name: getattr(self, name) for name in (*names, "held", "warnings")},
            "channels": {each.channel: {name: getattr(each, name) for name in names} for each in self.channels},
        }


NO_ALERTS = Alerted((), 0, ())
"""The outcome of a night older than the newest one: it alerts nobody."""
