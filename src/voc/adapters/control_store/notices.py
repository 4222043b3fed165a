"""The notices of the control store: pieces of news about cases, until their owners are told.

Who may be told what is decided before, by `life_cycle`.
A notice is pending, or held by the circuit breaker, which comes before any channel; then withdrawn, or mailed once
every channel has a mail of it.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from voc.adapters.control_store import mail_queue
from voc.adapters.control_store.control import Control, opened, path_in, stamp, transaction
from voc.domain.cases.case import Case, News
from voc.domain.cases.life_cycle import LastNotice

_STILL_NEWS = """(
    json_extract(cases.body, '$.state') in ('open', 'acknowledged', 'reopened')
    and json_extract(cases.body, '$.owner_email') = outbox.owner_email
)"""
_JUDGED = "json_extract(cases.body, '$.held_because') is null"
_TELLABLE = f"""
    select
        owner_email, case_id, notice_id, news, as_of, json_extract(cases.body, '$.value_at_stake') as stake,
        channels.value as channel
    from outbox join cases using (case_id) cross join json_each(?1) as channels
    where status = 'pending' and run_id in (select run_id from nights where published) and {_STILL_NEWS}
        and {_JUDGED}
        and (notice_id, channels.value) not in (select notice_id, channel from notice_mails)
"""
"""What waits, by channel. ?1: the channels, a JSON list of names."""
_IN_EVERY_CHANNEL = """(
    select count(*) from notice_mails
    where notice_mails.notice_id = outbox.notice_id and channel in (select value from json_each(?1))
) = json_array_length(?1)"""


@dataclass(frozen=True)
class Waiting:
    """A case that waits to be told to its owner, by one notice or several."""

    case_id: str
    news: News
    """Of the first of its notices: the later ones add to what was never told."""
    as_of: date
    """Of that notice."""
    notices: tuple[int, ...]


def add(control: Control, case: Case, *, run_id: str, as_of: date, now: datetime, status: str) -> None:
    """Puts a case's news into the outbox. ``status``: pending, or held until somebody lets it go."""
    assert case.news is not None
    control.execute(
        "insert into outbox (case_id, run_id, as_of, owner_email, news, kind, kpi, size_low, at, status) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [case.case_id, run_id, as_of.isoformat(), case.owner_email, case.news, case.kind, case.kpi, case.size_low,
         stamp(now), status],
    )  # fmt: skip


def last_by_case(control: Control) -> dict[str, LastNotice]:
    """What each case's owner was told last, or is about to be, by case."""
    rows = control.execute(
        "select case_id, as_of, owner_email, kind, kpi, size_low from outbox "
        "where notice_id in (select max(notice_id) from outbox where status <> 'withdrawn' group by case_id)"
    )
    return {row["case_id"]: LastNotice(date.fromisoformat(row["as_of"]), *row[2:]) for row in rows}


def known_cases(control: Control) -> set[str]:
    """The cases whose owners have been told of them, or are about to be; not those of held or dropped news."""
    rows = control.execute("select distinct case_id from outbox where status in ('pending', 'mailed')")
    return {case_id for (case_id,) in rows}


def withdraw_unpublished(control: Control) -> dict[str, tuple[News, bool]]:
    """Withdraws what nights that were never published would have told, and gives it back, by case.

    With each piece of news whether it had been held.
    """
    unpublished = control.execute(
        "select notice_id, case_id, news, status from outbox where status in ('pending', 'held') "
        "and run_id not in (select run_id from nights where published) order by notice_id"
    ).fetchall()
    control.executemany(
        "update outbox set status = 'withdrawn' where notice_id = ?", [(row["notice_id"],) for row in unpublished]
    )
    return {row["case_id"]: (News(row["news"]), row["status"] == "held") for row in unpublished}


def count_by_night(control: Control, before: date, nights: int) -> list[int]:
    """How many notices each of the last ``nights`` nights wrote, the very first night left out."""
    rows = control.execute(
        "with judged as (select distinct as_of from nights where moved), "
        "later as (select as_of from judged where as_of > (select min(as_of) from judged) and as_of < ? "
        "order by as_of desc limit ?) "
        "select count(notice_id) from later left join outbox on outbox.as_of = later.as_of "
        "and outbox.status in ('pending', 'mailed') group by later.as_of",
        [before.isoformat(), nights],
    )
    return [int(row[0]) for row in rows]


def release(control: Control, answer: Literal["send", "drop"]) -> int:
    """Lets the held notices go, or drops them for good, as if their owners knew; how many there were."""
    status = "pending" if answer == "send" else "dropped"
    return control.execute("update outbox set status = ? where status = 'held'", [status]).rowcount


def held(control: Control) -> dict[str, int]:
    """How many notices the circuit breaker holds, by the run that wrote them."""
    rows = control.execute("select run_id, count(*) from outbox where status = 'held' group by run_id order by run_id")
    return {row[0]: row[1] for row in rows}


def standing(state: Path) -> dict[str, Any]:
    """How the queues of a state folder stand, JSON-able: as `mail_queue.standing` says, and the notices held."""
    if not path_in(state).exists():
        return {"pending": 0, "delayed": 0, "sending": 0, "dead": [], "held": 0, "channels": {}}
    with opened(state) as control:
        return {**mail_queue.standing(control), "held": sum(held(control).values())}


def regroup(control: Control, channels: Sequence[str]) -> dict[str, dict[str, list[Waiting]]]:
    """What is to be told now, by channel and owner; most at stake first, unknown stakes last.

    Reads   notices of published runs only; those of a case that a night could not judge wait on.
    Writes  withdraws notices of cases that are over, snoozed or somebody else's by now; dissolves mails that have not
            left and whose owner has more to be told in their channel, or less, so that one mail tells it all.
    """
    names = json.dumps(channels)
    with transaction(control):
        stale = control.execute(
            f"""
            select mail_id, channel from mails where status = 'pending' and about = '{mail_queue.CASES}' and (
                (mail_id, channel) in (
                    select mail_id, channel
                    from notice_mails join outbox using (notice_id) join cases using (case_id)
                    where not {_STILL_NEWS} or not {_JUDGED}
                )
                or (recipient, channel) in (select owner_email, channel from ({_TELLABLE}))
            )
            """,
            [names],
        )
        mail_queue.dissolve(control, [tuple(row) for row in stale.fetchall()])
        # what another channel has told already is known to its owner
        control.execute(
            f"""
            update outbox
            set status = iif(notice_id in (select notice_id from notice_mails), 'mailed', 'withdrawn')
            where notice_id in (
                select notice_id from outbox join cases using (case_id) where status = 'pending' and not {_STILL_NEWS}
            )
            """
        )
        rows = control.execute(
            f"{_TELLABLE} order by channel, owner_email, stake desc nulls last, case_id, notice_id", [names]
        ).fetchall()
    return {
        channel: {owner: _by_case(list(group)) for owner, group in groupby(of_channel, lambda row: row["owner_email"])}
        for channel, of_channel in groupby(rows, lambda row: row["channel"])
    }


def mark_mailed(control: Control, channels: Sequence[str]) -> None:
    """Ends the waiting of notices that have a mail in every channel that is set; one set later tells none of them."""
    control.execute(
        f"update outbox set status = 'mailed' where status = 'pending' and {_IN_EVERY_CHANNEL}", [json.dumps(channels)]
    )


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
