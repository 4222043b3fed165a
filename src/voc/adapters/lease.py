"""The night's lease: whose a state folder is between the steps of one night, when nobody holds the writer's lock."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def lease_file(state: Path) -> Path:
    """Where the lease of a state folder lies."""
    return state / "night.lease"


def lease_of(state: Path) -> dict[str, str] | None:
    """Whose the state folder is: holder, since and until (UTC, ISO 8601); None when nobody's, or no longer.

    A lease that can't be read is nobody's: the lock still keeps two writers apart, and a damaged file must not keep
    every night out.
    """
    try:
        written = json.loads(lease_file(state).read_bytes())
        lease = {name: str(written[name]) for name in ("holder", "since", "until")}
        is_over = datetime.fromisoformat(lease["until"]) <= datetime.now(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if is_over else lease


def write_lease(state: Path, holder: str, hours: float) -> None:
    """Makes ``state`` the holder's for ``hours`` from now, in place of any lease before. Only under the writer's lock.

    Raises  OSError when the disk refuses.
    """
    since = datetime.now(UTC)
    until = since + timedelta(hours=hours)
    lease = {"holder": holder, "since": _text(since), "until": _text(until)}
    part = state / "night.lease.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(lease, file)
    part.replace(lease_file(state))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
