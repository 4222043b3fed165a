"""The mails of the control store: composed, sent by one process at a time, and settled.

A mail is pending while it is known not to have left, sending from the moment somebody tries until it is known what
became of it, then sent or dead.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from voc.adapters.channels.smtp import Dead, Delayed, Outcome
from voc.adapters.control_store.control import Control, stamp, transaction

CASES = "cases"
"""What an owner's mail is about."""
LEASE = timedelta(minutes=10)
"""A mail that somebody began to send so long ago is taken for a dead process's and sent again as it is."""
_FIRST_WAIT, _LONGEST_WAIT, _JITTER = timedelta(minutes=30), timedelta(hours=2), 0.5
"""RFC 5321 (4.5.4.1): at least 30 minutes between two tries, later on one every two or three hours."""
GIVE_UP = timedelta(days=5)
"""RFC 5321 (4.5.4.1): generally four to five days."""
_DUE = "status in ('pending', 'sending') and (next_try_at is null or next_try_at <= ?)"


@dataclass(frozen=True)
class Mail:
    """A composed mail. ``about``: cases, or what an operator is told."""

    mail_id: str
    recipient: str
    run_id: str
    as_of: date
    about: str
    message: bytes


@dataclass(frozen=True)
class Claimed:
    """A mail that is this process's to send until its lease is over."""

    mail_id: str
    recipient: str
    message: bytes
    attempts: int
    composed_at: datetime
    is_uncertain: bool
    """An earlier try may have sent it."""


def mail_id(recipient: str, *about: object) -> str:
    """The name of a mail: the same for the same content, however often it is composed."""
    return hashlib.sha256(json.dumps([recipient, *about]).encode()).hexdigest()[:24]


def queue(control: Control, mail: Mail, notices: Sequence[int], now: datetime) -> bool:
    """Puts a mail into the outbox and its notices into the mail, or neither.

    False when a notice is no longer pending, or the mail is there already.
    """
    ids = json.dumps(list(notices))
    with transaction(control):
        (n_pending,) = control.execute(
            "select count(*) from outbox where status = 'pending' and notice_id in (select value from json_each(?))",
            [ids],
        ).fetchone()
        if n_pending < len(notices):
            return False
        is_new = control.execute(
            "insert into mails (mail_id, recipient, run_id, as_of, about, message, status, composed_at) "
            "values (?, ?, ?, ?, ?, ?, 'pending', ?) on conflict do nothing",
            [mail.mail_id, mail.recipient, mail.run_id, mail.as_of.isoformat(), mail.about, mail.message, stamp(now)],
        ).rowcount
        if is_new:
            control.execute(
                "update outbox set status = 'mailed', mail_id = ? where notice_id in (select value from json_each(?))",
                [mail.mail_id, ids],
            )
    return bool(is_new)


def due(control: Control, now: datetime) -> list[str]:
    """The mails whose next try has come, and those that a dead process was sending; oldest first."""
    rows = control.execute(f"select mail_id from mails where {_DUE} order by composed_at, mail_id", [stamp(now)])
    return [name for (name,) in rows.fetchall()]


def claim(control: Control, name: str, now: datetime) -> Claimed | None:
    """A due mail, from here on this process's to send; None when another one has it by now."""
    with transaction(control):
        row = control.execute(f"select * from mails where {_DUE} and mail_id = ?", [stamp(now), name]).fetchone()
        if row is None:
            return None
        control.execute(
            "update mails set status = 'sending', attempts = attempts + 1, next_try_at = ? where mail_id = ?",
            [stamp(now + LEASE), name],
        )
    composed_at = datetime.fromisoformat(row["composed_at"])
    return Claimed(name, row["recipient"], row["message"], row["attempts"] + 1, composed_at, row["status"] == "sending")


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
        "message = case when ? then message end where mail_id = ?",
        [status, next_try_at, why, status == "sent", stamp(now), status != "sent", mail.mail_id],
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


def standing(control: Control) -> dict[str, Any]:
    """How the mails stand, JSON-able: pending (of these delayed), sending (or not known to have arrived), dead."""
    counts = dict(control.execute("select status, count(*) from mails group by status").fetchall())
    (delayed,) = control.execute("select count(*) from mails where status = 'pending' and attempts > 0").fetchone()
    dead = control.execute(
        "select mail_id, recipient, as_of, last_error as why from mails where status = 'dead' "
        "order by composed_at, mail_id"
    )
    return {
        "pending": counts.get("pending", 0),
        "delayed": delayed,
        "sending": counts.get("sending", 0),
        "dead": [dict(row) for row in dead.fetchall()],
    }
