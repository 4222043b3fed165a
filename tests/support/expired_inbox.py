"""An inbox whose words are made to go, as a night does, and what is left of it."""

import json
from datetime import datetime

from voc.adapters.control_store import text_retention
from voc.steps import expire

CUT = datetime.fromisoformat("2026-02-01T00:00")
OLD, NEW = "2026-01-31T12:00:00", "2026-02-01T12:00:00"


def expired(inbox, when=CUT):
    """What lands again once words said before ``when`` have gone; None where none are that old."""
    inbox.close()
    work = inbox.state / "work" / "warehouse.duckdb"
    new = expire.begin(work, when, state=inbox.state)
    if new is None:
        return None
    inbox.work_file = new.name
    landed = inbox.land(texts_kept_from=text_retention.before(inbox.state))
    inbox.close()
    inbox.work_file = work.name
    expire.end(work, new)
    return landed


def rebuilt(inbox):
    """What landed and how the ledger has it, before and after the work file is built anew."""
    ledger = "select * from raw.ledger where status <> 'superseded' order by batch"
    before = inbox.raw(), inbox.rows(ledger)
    inbox.close()
    (inbox.state / "work" / "warehouse.duckdb").unlink()
    inbox.land(texts_kept_from=text_retention.before(inbox.state))
    return before, (inbox.raw(), inbox.rows(ledger))


def kept(inbox):
    """Every byte under the state folder; of the work file its rows too, as it may pack them."""
    rows = json.dumps(inbox.raw(), default=str).encode()
    inbox.close()
    return rows + b"".join(path.read_bytes() for path in inbox.state.rglob("*") if path.is_file())
