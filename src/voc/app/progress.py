"""Who is told how far a night is."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

Say = Callable[[str], None]


class Progress(Protocol):
    """Who is told how far a night is; the CLI prints it."""

    def step(self, name: str) -> AbstractContextManager[Say]:
        """Announces a step; the last line said inside is what it came to."""
        ...

    def warn(self, line: str) -> None:
        """Tells what somebody should look at; at once, because a later step may fail."""
        ...


class Silent:
    """Tells nobody."""

    def step(self, name: str) -> AbstractContextManager[Say]:
        """Announces nothing."""
        return nullcontext(lambda _: None)

    def warn(self, line: str) -> None:
        """Tells nobody."""


SILENT = Silent()
