"""Tombstones: whom we have forgotten, so that a file that lands again doesn't bring them back.

A tombstone is the HMAC-SHA256 (RFC 2104) of a customer's id, in the control store. Without its key nobody can tell
whose it is by trying ids, so the key lies in a file outside the state folder and outside the backups of it.
"""

import hmac
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from voc.adapters.control_store import control
from voc.adapters.control_store.control import Control, stamp
from voc.adapters.disk import sync
from voc.domain.forgotten import BLANKS
from voc.errors import InputError, OutsideError

_ABOUT_THE_KEY = b"which key is it?"

Holds = Callable[[str], bool]
"""Whether an id, with or without outer blanks, is of somebody forgotten."""


def lay(state: Path, key_file: Path, customer_id: str, now: datetime) -> None:
    """Writes the tombstone of a customer, on disk when this returns; the key is made with the first. Safe to repeat.

    Raises  InputError when the key is not the one of the tombstones there are, or lies in the state folder.
    """
    if key_file.resolve().is_relative_to(state.resolve()):
        raise InputError(
            f"privacy.key_file, {key_file}, lies in the state folder, whose backups must not hold it",
            "name a file elsewhere, and keep it apart from those backups",
        )
    with control.opened(state) as store:
        key = _key(key_file) if marks(store) else _made(key_file)
        _refuse_other_key(store, key, key_file)
        store.execute(
            "insert into tombstones (mark, key_check, forgotten_at) values (?, ?, ?) on conflict do nothing",
            [_mark(key, customer_id.encode()), _mark(key, _ABOUT_THE_KEY), stamp(now)],
        )


def standing(state: Path, key_file: Path) -> Holds | None:
    """Tells who has been forgotten; None where nobody has.

    Raises  InputError when the key of the tombstones is not at hand: nothing may land then, as it could bring back
            somebody who has been forgotten.
    """
    if not control.path_in(state).exists():
        return None
    with control.opened(state) as store:
        forgotten = frozenset(marks(store))
        if not forgotten:
            return None
        key = _key(key_file)
        _refuse_other_key(store, key, key_file)
    return cache(lambda customer_id: _mark(key, customer_id.strip(BLANKS).encode(errors="surrogatepass")) in forgotten)


def marks(store: Control) -> list[str]:
    """Every tombstone, in a fixed order."""
    return [mark for (mark,) in store.execute("select mark from tombstones order by mark").fetchall()]


def _mark(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, "sha256").hex()


def _refuse_other_key(store: Control, key: bytes, key_file: Path) -> None:
    checks = {check for (check,) in store.execute("select distinct key_check from tombstones").fetchall()}
    if checks - {_mark(key, _ABOUT_THE_KEY)}:
        raise _lost(f"{key_file} is not the key with which customers were forgotten")


def _lost(problem: str) -> InputError:
    return InputError(
        f"{problem}; without it they can't be told from others, and a file could bring them back",
        "put that key back where privacy.key_file of voc.yml says; docs/security.md has what to do when it is lost",
    )


def _key(key_file: Path) -> bytes:
    try:
        return bytes.fromhex(key_file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise _lost(f"customers were forgotten with the key {key_file}, which can't be read") from None


def _made(key_file: Path) -> bytes:
    """The key of the file, made with 32 random bytes where there is none: as long as the hash (RFC 2104, 3)."""
    if key_file.exists():
        return _key(key_file)
    try:
        key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        sync(key_file.parent)
    except OSError as error:
        raise OutsideError(
            f"the key {key_file} could not be written: {error.strerror}",
            "name a file that can be written as privacy.key_file in voc.yml",
        ) from None
    return _key(key_file)
