"""Folders that many tests start from: built once in a session, by whichever worker asks first, then copied."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(shared: Path, name: str, build: Callable[[Path], None]) -> Path:
    """The folder ``name`` in ``shared``, which ``build`` has filled; read it or copy it, but leave it as it is.

    Whoever asks while another worker builds waits for it. A build that has failed is not tried again: it raises its
    own error where it ran, and a failure of one line for everyone after.
    """
    folder, finished, failed = (shared / f"{name}{ending}" for ending in ("", ".finished", ".failed"))
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if failed.exists():
            pytest.fail(f"building {name!r} has failed; its first error says why", pytrace=False)
        if not finished.exists():
            try:
                build(folder)
            except BaseException:
                failed.touch()
                raise
            finished.touch()
    return folder
