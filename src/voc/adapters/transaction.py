"""All or nothing, in either of our databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Speaks(Protocol):
    """A connection that takes SQL and opens no transaction by itself."""

    def execute(self, sql: str, /) -> Any:
        """Runs one statement."""
        ...


@contextmanager
def all_or_nothing(connection: Speaks, begin: str = "begin") -> Iterator[None]:
    """What is done inside is committed whole, or taken back when it raises. ``begin``: the statement to open with."""
    connection.execute(begin)
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
