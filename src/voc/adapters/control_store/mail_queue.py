"""The queues of the control store, one a channel: mails are rendered, sent by one process at a time, and settled.

A mail is one person's message in one channel. It is pending while it is known not to have left, sending from the moment
somebody tries until it is known what became of it, then sent or dead. No channel waits for another.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from voc.adapters.channels.outcome import Dead, Delayed, Outcome
from voc.adapters.control_store.control import Control, stamp, transaction

CASES = "cases"
"""What an owner's mail is about."""
LEASE = timedelta(minutes=10)
"""A mail that somebody began to send so long ago is taken for a dead process's and sent again as it is."""
_FIRST_WAIT, _LONGEST_WAIT, _JITTER = timedelta(minutes=30), timedelta(hours=2), 0.5
"""RFC 5321 (4.5.4.1): at least 30 minutes between two tries, later on one every two or three hours."""
GIVE_UP = timedelta(days=5)
"""RFC 5321 (4.5.4.1): generally four to five days."""
_DUE = "channel = ? and status in ('pending', 'sending') and (next_try_at is null or next_try_at <= ?)"


@dataclass(frozen=True)
class Mail:
    """A message as a channel has rendered it. ``about``: cases, or what an operator is told."""

    mail_id: str
    channel: str
    recipient: str
    run_id: str
    as_of: date
    about: str
    content: bytes


@dataclass(frozen=True)
class Claimed:
    """A mail that is this process's to send until its lease is over."""

    mail_id: str
    channel: str
    recipient: str
    content: bytes
    attempts: int
    composed_at: datetime
    is_uncertain: bool
    """An earlier try may have sent it."""


def mail_id(recipient: str, *about: object) -> str:
    """The name of a message: the same for the same content, in every channel and however often it is composed."""
    return hashlib.sha256(json.dumps([recipient, *about]).encode()).hexdigest()[:24]


def queue(control: Control, mail: Mail, notices: Sequence[int], now: datetime) -> bool:
    """Puts a mail into its channel's queue and its notices into the mail, or neither.

    False when a notice is no longer pending or told in that channel, or the mail is there already.
    """
    ids = json.dumps(list(notices))
    with transaction(control):
        (n_waiting,) = control.execute(
            "select count(*) from outbox where status = 'pending' and notice_id in (select value from json_each(?)) "
            "and notice_id not in (select notice_id from notice_mails where channel = ?)",
            [ids, mail.channel],
        ).fetchone()
        if n_waiting < len(notices):
            return False
        is_new = control.execute(
            "insert into mails (mail_id, channel, recipient, run_id, as_of, about, message, status, composed_at) "
            "values (?, ?, ?, ?, ?, ?, ?, 'pending', ?) on conflict do nothing",
            [mail.mail_id, mail.channel, mail.recipient, mail.run_id, mail.as_of.isoformat(), mail.about, mail.content,
             stamp(now)],
        ).rowcount  # fmt: skip
        if is_new:
            control.execute(
                "insert into notice_mails select value, ?, ? from json_each(?)", [mail.channel, mail.mail_id, ids]
            )
    return bool(is_new)


def dissolve(control: Control, mails: Sequence[tuple[str, str]]) -> None:
    """Deletes mails, named by mail_id and channel, that have not left; their notices wait in that channel again."""
    control.executemany(
        "update outbox set status = 'pending' where notice_id in "
        "(select notice_id from notice_mails where mail_id = ? and channel = ?)",
        mails,
    )
    control.executemany("delete from mails where mail_id = ? and channel = ?", mails)


def retire(control: Control, channels: Sequence[str]) -> None:
    """Empties the queues of channels that are not among those set now.

    What is known not to have left is told anew by the channels that are set; anything else is dead, so that a person
    hears of it.
    """
    is_retired = "channel not in (select value from json_each(?))"
    with transaction(control):
        unsent = control.execute(
            f"select mail_id, channel from mails where status = 'pending' and about = '{CASES}' and {is_retired}",
            [json.dumps(channels)],
        )
        dissolve(control, [tuple(row) for row in unsent.fetchall()])
        control.execute(
            "update mails set last_error = 'its channel, ' || channel || ', is not set any more' || "
            "iif(status = 'sending', '; it may have arrived', ''), status = 'dead', next_try_at = null "
            f"where status in ('pending', 'sending') and {is_retired}",
            [json.dumps(channels)],
        )


def due(control: Control, channel: str, now: datetime) -> list[str]:
    """A channel's mails whose next try has come, and those that a dead process was sending; oldest first."""
    rows = control.execute(
        f"select mail_id from mails where {_DUE} order by composed_at, mail_id", [channel, stamp(now)]
    )
    return [name for (name,) in rows.fetchall()]


def claim(control: Control, channel: str, name: str, now: datetime) -> Claimed | None:
    """A channel's due mail, from here on this process's to send; None when another one has it by now."""
    with transaction(control):
        row = control.execute(
            f"select * from mails where {_DUE} and mail_id = ?", [channel, stamp(now), name]
        ).fetchone()
        if row is None:
            return None
        control.execute(
            "update mails set status = 'sending', attempts = attempts + 1, next_try_at = ? "
            "where mail_id = ? and channel = ?",
            [stamp(now + LEASE), name, channel],
        )
    return Claimed(
        name,
        channel,
        row["recipient"],
        row["message"],
        row["attempts"] + 1,
        datetime.fromisoformat(row["composed_at"]),
        is_uncertain=row["status"] == "sending",
    )


def settle(control: Control, mail: Claimed, outcome: Outcome, now: datetime) -> Outcome:
    """Writes down what became of a claimed mail and gives it back.

    What was delayed too long is dead, unless that was no fault of its own: a wrong password must not bury all mails.
    """
    if isinstance(outcome, Delayed) and not outcome.is_everybodys and now - mail.composed_at >= GIVE_UP:
        outcome = Dead(f"given up after {GIVE_UP.days} days: {outcome.why}")
    status, next_try_at, why = "sent", None, None
    if isinstance(outcome, Dead):
        status, why = "dead", outcome.why
    elif isinstance(outcome, Delayed):
        # what may have arrived is never composed anew: it stays `sending`, and the same bytes go out again
        status = "sending" if outcome.may_have_left or mail.is_uncertain else "pending"
        next_try_at, why = stamp(now + wait(mail.attempts)), outcome.why
    control.execute(
        "update mails set status = ?, next_try_at = ?, last_error = ?, sent_at = case when ? then ? end, "
        "message = case when ? then message end where mail_id = ? and channel = ?",
        [status, next_try_at, why, status == "sent", stamp(now), status != "sent", mail.mail_id, mail.channel],
    )
    return outcome


def wait(attempts: int) -> timedelta:
    """How long to leave a mail alone after so many tries.

    Doubling, with jitter so that what failed together does not come back together (Brooker, Exponential Backoff and
    Jitter, AWS Architecture Blog 2015): 30-45 minutes, then 60-90, then two to three hours.
    """
    least: timedelta = min(_FIRST_WAIT * 2 ** min(attempts - 1, 8), _LONGEST_WAIT)
    return least * (1 + _JITTER * secrets.SystemRandom().random())


def try_again(control: Control, now: datetime) -> int:
    """Takes mails that were refused for good for new ones; how many."""
    return control.execute(
        "update mails set status = 'pending', attempts = 0, next_try_at = null, composed_at = ? where status = 'dead'",
        [stamp(now)],
    ).rowcount


def unsettled(control: Control, channel: str) -> int:
    """How many mails of a channel wait, or are not known to have arrived."""
    (n,) = control.execute(
        "select count(*) from mails where channel = ? and status in ('pending', 'sending')", [channel]
    ).fetchone()
    return int(n)


def standing(control: Control) -> dict[str, Any]:
    """How the mails stand, JSON-able: pending (of these delayed), sending (or not known to have arrived), dead.

    ``channels`` has the counts of each channel that ever had a mail, and how many it has sent.
    """
    channels = {
        row["channel"]: {name: row[name] for name in ("pending", "delayed", "sending", "sent", "dead")}
        for row in control.execute(
            "select channel, sum(status = 'pending') as pending, sum(status = 'pending' and attempts > 0) as delayed, "
            "sum(status = 'sending') as sending, sum(status = 'sent') as sent, sum(status = 'dead') as dead "
            "from mails group by channel order by channel"
        )
    }
    dead = control.execute(
        "select mail_id, recipient, as_of, last_error as why, channel from mails where status = 'dead' "
        "order by composed_at, mail_id, channel"
    )
    return {
        **{name: sum(counts[name] for counts in channels.values()) for name in ("pending", "delayed", "sending")},
        "dead": [dict(row) for row in dead.fetchall()],
        "channels": channels,
    }
