"""Step: expire. Customers' words that are older than they may be kept are made to go."""

from datetime import datetime
from pathlib import Path

from voc.adapters.control_store import text_retention
from voc.adapters.crash import crash_point
from voc.adapters.files import archive
from voc.adapters.work_file import ledger, rebuild, warehouse


def begin(path: Path, words_from: datetime, *, state: Path) -> Path | None:
    """A new work file into which everything must land again; None where nothing holds words said before ``words_from``.

    words_from: naive UTC. First it is laid down that these words have gone: from then on landing takes them out of
    whatever it reads. The new file is without the sources that hold some; what they have landed is read again from
    state/landed, as in a rebuild, and loses its words there. Once it has landed and passed the door, `end` puts the
    file in place of the one at ``path``. Until then that one knows of such words: killed anywhere, it is begun again.

    Reads   raw.ledger: where nothing is to be done, nothing else.
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
