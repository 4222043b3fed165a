"""Removes a customer from the control store: its cases with all that belongs to them, its name in other rows."""

import json
from collections.abc import Iterable

from voc.adapters.control_store import mail_queue
from voc.adapters.control_store.control import Control, transaction
from voc.adapters.erasure import mail_parsing
from voc.domain.forgotten import Person

_THEIR_CASES = """
    select case_id from cases
    where (level = 'customer' and subject = ?1) or json_extract(body, '$.customer_id') = ?1
"""
_OF_THEIR_CASES = "case_id in (select case_id from forgetting)"
_OF_THEIR_NOTICES = f"notice_id in (select notice_id from outbox where {_OF_THEIR_CASES})"


def has(store: Control, customer_id: str) -> bool:
    """Whether the customer has ever had a case."""
    return store.execute(_THEIR_CASES, [customer_id]).fetchone() is not None


def forget(store: Control, person: Person, text_ids: Iterable[str]) -> tuple[int, int]:
    """Removes a customer; how many rows were removed, and how many texts of other rows reworded.

    text_ids: the customer's texts, whose audit labels are removed.
    Removed are the customer's cases with their events, verdicts and notices. A mail that names the customer and has not
    left is never sent; its notices of other customers go into a later mail.
    """
    with transaction(store):
        store.execute(f"insert into forgetting {_THEIR_CASES}", [person.customer_id])
        mail_queue.dissolve(store, _unsent(store, person))
        n = sum(
            store.execute(f"delete from {table} where {_OF_THEIR_CASES}").rowcount
            for table in ("outbox", "verdicts", "events", "cases")
        )
        n += store.executemany("delete from audits where text_id = ?", [(text_id,) for text_id in text_ids]).rowcount
        store.execute("delete from forgetting")
        n_worded = _take_out_words(store, person)
    return n, n_worded


def scrub(store: Control) -> None:
    """Rewrites the file without the deleted rows, and empties its write-ahead log."""
    store.execute("vacuum")
    store.execute("pragma wal_checkpoint(truncate)")


def _unsent(store: Control, person: Person) -> list[tuple[str, str]]:
    """Mails, by mail_id and channel, that name the customer and have not arrived."""
    written = store.execute("select mail_id, channel, message from mails where message is not null").fetchall()
    about = {
        tuple(row) for row in store.execute(f"select mail_id, channel from notice_mails where {_OF_THEIR_NOTICES}")
    }
    return [
        (row["mail_id"], row["channel"])
        for row in written
        if (row["mail_id"], row["channel"]) in about or person.is_named_in(mail_parsing.text_of(row["message"]))
    ]


def _take_out_words(store: Control, person: Person) -> int:
    """Takes the customer's name out of texts of other cases, such as notes and reasons; how many were reworded."""
    n = 0
    store.execute("insert into forgetting select case_id from cases")
    for table, key, columns in (
        ("cases", "case_id", ("body",)),
        ("events", "event_id", ("note", "after")),
        ("verdicts", "verdict_id", ("note",)),
    ):
        for column in columns:
            rows = store.execute(f"select {key}, {column} from {table} where {column} is not null").fetchall()
            for row_key, text in rows:
                reworded = _reworded(text, person, is_json=column in ("body", "after"))
                if reworded != text:
                    n += 1
                    store.execute(f"update {table} set {column} = ? where {key} = ?", [reworded, row_key])
    store.execute("delete from forgetting")
    return n


def _reworded(text: str, person: Person, *, is_json: bool) -> str:
    if not is_json:
        return str(person.taken_out(text))
    value = json.loads(text)
    reworded = person.taken_out(value)
    return text if reworded == value else json.dumps(reworded, sort_keys=True, ensure_ascii=False)


def mails_of(store: Control, customer_id: str) -> set[str]:
    """The mails about the customer's cases, sent or not."""
    rows = store.execute(
        f"select distinct mail_id from notice_mails join outbox using (notice_id) where case_id in ({_THEIR_CASES})",
        [customer_id],
    )
    return {mail_id for (mail_id,) in rows.fetchall()}
