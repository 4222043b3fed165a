"""A third channel, as somebody else would write it: notes on a wall, which is a folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from voc.adapters.channels.channel import Message
from voc.adapters.channels.outcome import Delayed, Outcome, Sent


@dataclass(frozen=True)
class Wall:
    """Adds each note as a line of a file of its recipient, so that one that comes twice is seen twice."""

    name: ClassVar[str] = "wall"
    noun: ClassVar[str] = "note"
    destination: ClassVar[str] = "on the wall"

    folder: Path

    def render(self, message: Message) -> bytes:
        note = {"id": message.message_id, "title": message.subject, "text": message.text, "at": message.composed_at}
        return json.dumps(note, ensure_ascii=False, default=str).encode()

    def deliver(self, content: bytes, *, message_id: str, recipient: str) -> Outcome:
        try:
            with (self.folder / f"{recipient}.jsonl").open("ab") as notes:
                notes.write(content + b"\n")
        except OSError as error:
            return Delayed(f"no wall: {type(error).__name__}", is_everybodys=True)
        return Sent()

    @property
    def notes(self) -> list[tuple[str, bytes]]:
        """(recipient, note) of all that hangs there."""
        files = sorted(self.folder.glob("*.jsonl"))
        return [(file.stem, line) for file in files for line in file.read_bytes().splitlines()]
