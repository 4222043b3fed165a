"""Somebody is taken out of the control store: their cases with all that hangs on them, their name in others'."""

import json
from collections.abc import Iterable

from voc.adapters.control_store import mail_queue
from voc.adapters.control_store.control import Control, transaction
from voc.adapters.erasure import mail_parsing
from voc.domain.forgotten import Person

_THEIRS = """
    select case_id from cases
    where (level = 'customer' and subject = ?1) or json_extract(body, '$.customer_id') = ?1
"""
_IN_HAND = "case_id in (select case_id from forgetting)"
_NOTICE_IN_HAND = f"notice_id in (select notice_id from outbox where {_IN_HAND})"


def has(store: Control, customer_id: str) -> bool:
    """Whether the customer has ever had a case."""
    return store.execute(_THEIRS, [customer_id]).fetchone() is not None


def forget(store: Control, person: Person, text_ids: Iterable[str]) -> tuple[int, int]:
    """How many rows were removed, and how many texts of other rows reworded.

    text_ids: of their texts, whose audit labels go with them.
    Their cases go with events, verdicts and notices. A mail that has not left and speaks of them is never sent; what
    else it told waits to be told again.
    """
    with transaction(store):
        store.execute(f"insert into forgetting {_THEIRS}", [person.customer_id])
        mail_queue.dissolve(store, _unsent(store, person))
        n = sum(
            store.execute(f"delete from {table} where {_IN_HAND}").rowcount
            for table in ("outbox", "verdicts", "events", "cases")
        )
        n += store.executemany("delete from audits where text_id = ?", [(one,) for one in text_ids]).rowcount
        store.execute("delete from forgetting")
        n_worded = _take_out_words(store, person)
    return n, n_worded


def scrub(store: Control) -> None:
    """Writes the file anew without what was deleted, and empties its log."""
    store.execute("vacuum")
    store.execute("pragma wal_checkpoint(truncate)")


def _unsent(store: Control, person: Person) -> list[tuple[str, str]]:
    """Mails, by mail_id and channel, that speak of them and have not arrived."""
    written = store.execute("select mail_id, channel, message from mails where message is not null").fetchall()
    about = {tuple(row) for row in store.execute(f"select mail_id, channel from notice_mails where {_NOTICE_IN_HAND}")}
    return [
        (row["mail_id"], row["channel"])
        for row in written
        if (row["mail_id"], row["channel"]) in about or person.is_named_in(mail_parsing.text_of(row["message"]))
    ]


def _take_out_words(store: Control, person: Person) -> int:
    """How many texts of others' cases were reworded: notes that people typed, reasons."""
    n = 0
    store.execute("insert into forgetting select case_id from cases")
    for table, key, columns in (
        ("cases", "case_id", ("body",)),
        ("events", "event_id", ("note", "after")),
        ("verdicts", "verdict_id", ("note",)),
    ):
        for column in columns:
            rows = store.execute(f"select {key}, {column} from {table} where {column} is not null").fetchall()
            for name, said in rows:
                without = _without(said, person, is_json=column in ("body", "after"))
                if without != said:
                    n += 1
                    store.execute(f"update {table} set {column} = ? where {key} = ?", [without, name])
    store.execute("delete from forgetting")
    return n


def _without(said: str, person: Person, *, is_json: bool) -> str:
    if not is_json:
        return str(person.taken_out(said))
    value = json.loads(said)
    without = person.taken_out(value)
    return said if without == value else json.dumps(without, sort_keys=True, ensure_ascii=False)


def mails_of(store: Control, customer_id: str) -> set[str]:
    """The mails that told of their cases, sent or not."""
    rows = store.execute(
        f"select distinct mail_id from notice_mails join outbox using (notice_id) where case_id in ({_THEIRS})",
        [customer_id],
    )
    return {mail_id for (mail_id,) in rows.fetchall()}
