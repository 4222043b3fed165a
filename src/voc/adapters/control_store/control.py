"""The control store: what no rebuild could bring back, in a SQLite file that people and nights write at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from voc.adapters.control_store.migrations import migrate
from voc.adapters.transaction import all_or_nothing
from voc.errors import OutsideError

Control = sqlite3.Connection

_WAIT = 30.0  # seconds for another's transaction; each lasts milliseconds


def path_in(state: Path) -> Path:
    """Where the control store of a state folder lies."""
    return state / "control.sqlite"


@contextmanager
def opened(state: Path) -> Iterator[Control]:
    """A connection to the control store, made and brought to the newest version where needed; mode 0600.

    Statements outside `transaction` are committed one by one.
    Raises  OutsideError when the file can't be used, InputError when a newer voc has written it.
    """
    path = path_in(state)
    try:
        if not state.exists():
            state.mkdir(parents=True, exist_ok=True)
            state.chmod(0o710)
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")  # a verdict that was acknowledged survives a power cut
        connection.execute("pragma foreign_keys = on")
        migrate(connection, path.name)
        yield connection
    except sqlite3.OperationalError as error:
        raise _unusable(path, error) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError):
            raise
        raise _unusable(path, error) from error
    finally:
        connection.close()


def transaction(connection: Control) -> AbstractContextManager[None]:
    """All or nothing, with nobody else writing meanwhile."""
    return all_or_nothing(connection, "begin immediate")


def stamp(instant: datetime) -> str:
    """An aware time as the store keeps it: to the second and in UTC, so that texts sort as times do."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _unusable(path: Path, error: Exception) -> OutsideError:
    return OutsideError(
        f"cannot use {path}: {error}", "see that the disk has space and the file is readable; a backup can be put there"
    )
