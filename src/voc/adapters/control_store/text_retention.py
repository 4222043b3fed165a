"""Up to when customers' words have been removed, in the control store: what has gone doesn't come back with a file."""

from datetime import datetime
from pathlib import Path

from voc.adapters.control_store import control


def before(state: Path) -> datetime | None:
    """The instant (naive UTC) before which no words are kept; None where none have been removed."""
    if not control.path_in(state).exists():
        return None
    with control.opened(state) as store:
        (latest,) = store.execute("select max(before) from words_gone").fetchone()
    return datetime.fromisoformat(latest) if latest else None


def lay(state: Path, when: datetime) -> None:
    """Says that words said before ``when`` (naive UTC) are kept no more, on disk when this returns. Safe to repeat."""
    with control.opened(state) as store:
        store.execute(
            "insert into words_gone (before) values (?) on conflict do nothing", [when.isoformat(timespec="seconds")]
        )
