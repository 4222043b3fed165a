"""The notices of the control store, waiting to be told. Who may be told what is decided before, by `nightly`.

A notice is pending, or held by the circuit breaker; then mailed with its mail, or withdrawn.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from voc.adapters.control_store import mail_queue
from voc.adapters.control_store.control import Control, opened, path_in, transaction
from voc.domain.cases.case import News

_STILL_NEWS = """(
    json_extract(cases.body, '$.state') in ('open', 'acknowledged', 'reopened')
    and json_extract(cases.body, '$.owner_email') = outbox.owner_email
)"""
_JUDGED = "json_extract(cases.body, '$.held_because') is null"
_TELLABLE = f"""
    select owner_email, case_id, notice_id, news, as_of, json_extract(cases.body, '$.value_at_stake') as stake
    from outbox join cases using (case_id)
    where status = 'pending' and run_id in (select run_id from nights where published) and {_STILL_NEWS}
        and {_JUDGED}
"""


@dataclass(frozen=True)
class Waiting:
    """A case that waits to be told to its owner, by one notice or several."""

    case_id: str
    news: News
    """Of the first of its notices: the later ones add to what was never told."""
    as_of: date
    """Of that notice."""
    notices: tuple[int, ...]


def release(control: Control, answer: Literal["send", "drop"]) -> int:
    """Lets the held notices go, or drops them for good, as if their owners knew; how many there were."""
    status = "pending" if answer == "send" else "dropped"
    return control.execute("update outbox set status = ? where status = 'held'", [status]).rowcount


def held(control: Control) -> dict[str, int]:
    """How many notices the circuit breaker holds, by the run that wrote them."""
    rows = control.execute("select run_id, count(*) from outbox where status = 'held' group by run_id order by run_id")
    return {row[0]: row[1] for row in rows}


def standing(state: Path) -> dict[str, Any]:
    """How the outbox of a state folder stands, JSON-able: what `mails.standing` says, and how many notices are held."""
    if not path_in(state).exists():
        return {"pending": 0, "delayed": 0, "sending": 0, "dead": [], "held": 0}
    with opened(state) as control:
        return {**mail_queue.standing(control), "held": sum(held(control).values())}


def regroup(control: Control) -> dict[str, list[Waiting]]:
    """What is to be told now, by owner; most at stake first, unknown stakes last.

    Reads   notices of published runs only; those of a case that a night could not judge wait on.
    Writes  withdraws notices of cases that are over, snoozed or somebody else's by now; dissolves mails that have not
            left and whose owner has more to be told, or less, so that one mail tells it all.
    """
    with transaction(control):
        stale = control.execute(
            f"""
            select mail_id from mails where status = 'pending' and about = '{mail_queue.CASES}' and (
                mail_id in (
                    select mail_id from outbox join cases using (case_id)
                    where status = 'mailed' and (not {_STILL_NEWS} or not {_JUDGED})
                )
                or recipient in (select owner_email from ({_TELLABLE}))
            )
            """
        ).fetchall()
        control.executemany("update outbox set status = 'pending', mail_id = null where mail_id = ?", stale)
        control.executemany("delete from mails where mail_id = ?", stale)
        control.execute(
            f"""
            update outbox set status = 'withdrawn'
            where notice_id in (
                select notice_id from outbox join cases using (case_id) where status = 'pending' and not {_STILL_NEWS}
            )
            """
        )
        rows = control.execute(f"{_TELLABLE} order by owner_email, stake desc nulls last, case_id, notice_id")
        return {owner: _by_case(list(rows)) for owner, rows in groupby(rows.fetchall(), lambda row: row["owner_email"])}


def _by_case(rows: list[sqlite3.Row]) -> list[Waiting]:
    """One owner's notices, in their order."""
    grouped = (list(notices) for _, notices in groupby(rows, lambda row: row["case_id"]))
    return [
        Waiting(
            notices[0]["case_id"],
            News(notices[0]["news"]),
            date.fromisoformat(notices[0]["as_of"]),
            tuple(row["notice_id"] for row in notices),
        )
        for notices in grouped
    ]
