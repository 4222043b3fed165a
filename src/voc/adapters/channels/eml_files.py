"""The channel `files`: every message is a mail in a file, for where no mail server is set."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from voc.adapters.channels import mime
from voc.adapters.channels.channel import Message
from voc.adapters.channels.outcome import Delayed, Outcome, Sent
from voc.adapters.disk import sync


@dataclass(frozen=True)
class FilesChannel:
    """A folder of .eml files, private to its owner. ``sender`` stands in their From."""

    name: ClassVar[str] = "files"
    noun: ClassVar[str] = "mail"

    sender: str
    folder: Path

    @property
    def destination(self) -> str:
        """The folder, as it lies in the state folder."""
        return f"as files in {self.folder.parent.name}/{self.folder.name}"

    def render(self, message: Message) -> bytes:
        """A mail."""
        return mime.encode(message, self.sender)

    def deliver(self, content: bytes, *, message_id: str, recipient: str) -> Outcome:
        """Writes <message_id>.eml whole or not at all; a second try writes the same file."""
        path = self.folder / f"{message_id}.eml"
        unfinished = path.with_suffix(".part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            unfinished.replace(path)
            sync(self.folder)
        except OSError as error:
            return Delayed(f"cannot write into {self.folder.name}: {type(error).__name__}", is_everybodys=True)
        return Sent()
