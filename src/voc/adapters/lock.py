"""The writer's lock: one process at a time writes a state folder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voc.adapters.lease import lease_file, lease_of, write_lease
from voc.errors import LockHeld, OutsideError


@contextmanager
def writer_lock(state: Path, activity: str = "a night", lease: str | None = None) -> Iterator[None]:
    """Hold ``state/writer.lock`` for the length of a ``with`` block.

    state: the state folder; made when missing, with mode 0710 so that analysts of the group can pass through to
           ``marts`` but not look around.
    activity: shown to whoever finds the lock held, e.g. "publish 2026-03-01".
    lease: the name under which this writer may have leased the folder; another's lease keeps it out.

    Writes  the holder into the lock: pid, since (UTC, ISO 8601) and what, the activity.
    Raises  LockHeld naming the holder, at once; OutsideError when the folder cannot be written.

    The lock is the kernel's (flock), not the file's existence: it is free again however its holder died, and what a
    killed holder left written is overwritten. It does not reach across machines, nor is it re-entrant.
    """
    _respect_lease(state, lease)  # before the lock: trying it, even for an instant, could turn the night's step away
    descriptor = _open(state)
    try:
        _take(descriptor, state, activity)
        try:
            _respect_lease(state, lease)  # and under it, where nobody can take the lease any more
            yield
        finally:
            os.ftruncate(descriptor, 0)
            # closing alone would leave the lock with a forked child that still has the descriptor
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def take_lease(state: Path, holder: str, hours: float) -> None:
    """Leases the folder to a night of many processes: between them nobody else writes. Again by its holder: renewed.

    Raises  LockHeld when somebody writes now or has leased the folder; OutsideError when the disk refuses.
    """
    with writer_lock(state, f"the lease of {holder}", lease=holder):
        try:
            write_lease(state, holder, hours)
        except OSError as error:
            raise _unusable(lease_file(state), error) from error


def release_lease(state: Path, holder: str) -> None:
    """Gives the holder's lease back; nothing where it has none any more. Raises LockHeld while somebody writes."""
    found = lease_of(state)
    if found is not None and found["holder"] == holder:
        with writer_lock(state, f"the lease of {holder}", lease=holder):
            lease_file(state).unlink(missing_ok=True)


def holder(state: Path) -> dict[str, Any] | None:
    """Who is writing the state folder now: pid, since (UTC, ISO 8601) and what; None when nobody is.

    Asks for the process, not for the lock: to try the lock, even for an instant, could turn a writer away.
    """
    try:
        written: dict[str, Any] = json.loads((state / "writer.lock").read_bytes())
        pid = int(written["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # alive, and somebody else's
    return written


def _open(state: Path) -> int:
    try:
        if not state.exists():
            state.mkdir(parents=True, exist_ok=True)
            state.chmod(0o710)
        return os.open(state / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _unusable(state / "writer.lock", error) from error


def _respect_lease(state: Path, name: str | None) -> None:
    """Raises LockHeld while the folder is leased to another name."""
    lease = lease_of(state)
    if lease is not None and lease["holder"] != name:
        raise LockHeld(
            f"{state} is leased to the night {lease['holder']} from {lease['since']} until {lease['until']}",
            f"wait until that night has ended; if it never will, remove {lease_file(state)}",
        )


def _take(descriptor: int, state: Path, activity: str) -> None:
    """Lock at once or not at all, and write down who holds it."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    holder = json.dumps({"pid": os.getpid(), "since": since, "what": activity})
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
    except BlockingIOError:
        raise _held(state, os.pread(descriptor, 4096, 0)) from None
    except OSError as error:
        raise _unusable(state / "writer.lock", error) from error


def _unusable(path: Path, error: OSError) -> OutsideError:
    return OutsideError(f"cannot take {path}: {error.strerror}", "make the folder writable, with space")


def _held(state: Path, written: bytes) -> LockHeld:
    """The error that names the holder, as far as it has written itself down."""
    try:
        holder = json.loads(written)
        who = f"{holder['what']}, pid {holder['pid']}, since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        who = "its pid is not written yet"
    return LockHeld(f"another run is writing {state} ({who})", "wait until it has ended, then run again")
