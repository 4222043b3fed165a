"""Step: expire. Removes customers' words that are older than they may be kept."""

from datetime import datetime
from pathlib import Path

from voc.adapters.control_store import text_retention
from voc.adapters.crash import crash_point
from voc.adapters.files import archive
from voc.adapters.work_file import ledger, rebuild, warehouse


def begin(path: Path, words_from: datetime, *, state: Path) -> Path | None:
    """A new work file without the sources that hold words written before ``words_from``; None where none does.

    words_from: naive UTC. It is recorded first: from then on landing removes older words from whatever it reads. The
    missing sources must land again, from state/landed as in a rebuild, and lose their older words there. When they have
    landed and passed the door, `end` puts the new file in place of the one at ``path``. Until then the old file shows
    that older words are left, so that a run killed anywhere begins again.

    Reads   raw.ledger; nothing else where there is nothing to do.
    Writes  the control store and the new file, and removes what dead processes have left in state/landed.
    """
    with warehouse.opened(path) as connection:
        before = max(words_from, text_retention.before(state) or words_from)
        stale = ledger.sources_with_words_before(connection, before)
    if not stale:
        return None
    text_retention.lay(state, before)
    crash_point("expire:laid")
    archive.remove_leftovers(state)
    return rebuild.copy(path, stale, before)


def end(path: Path, new: Path) -> None:
    """Puts the new work file, in which everything has landed, in place of the one at ``path``."""
    crash_point("expire:landed")
    rebuild.replace(path, new)
