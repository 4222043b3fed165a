"""The tables of state/control.sqlite and how each version became the next. A released statement is never edited.

Nor are comments in one: `voc.domain.case` has become `voc.domain.cases.case` since, `voc.adapters.tombstones` lies
beside this file.
"""

import sqlite3

from voc.adapters.transaction import all_or_nothing
from voc.errors import InputError

MIGRATIONS = (
    # 1: cases and their events, verdicts, the nights that moved them, and what is to be mailed
    """
    create table cases (
        case_id text primary key, level text not null, subject text not null,
        body text not null,  -- the case as it stands, JSON of voc.domain.case.Case
        unique (level, subject)
    ) strict;
    -- append-only: what happened to a case, and the case as it then was
    create table events (
        event_id integer primary key autoincrement, case_id text not null references cases,
        run_id text,  -- of the night that did it; NULL for a person
        on_day text not null, at text not null, what text not null, note text, by text, after text not null
    ) strict;
    create index events_of_a_case on events (case_id, event_id);
    -- append-only: one row per closing
    create table verdicts (
        verdict_id integer primary key autoincrement, case_id text not null references cases,
        event_id integer not null references events, kpi text, kind text not null, verdict text not null,
        note text not null, by text, decided_on text not null, at text not null
    ) strict;
    -- one row per run whose case step has ended; `last_event` is the newest event that its marts know of; published
    -- once somebody has seen its file, which may be pruned later
    create table nights (
        run_id text primary key, as_of text not null, moved integer not null, last_event integer not null,
        at text not null, published integer not null default 0
    ) strict;
    -- one row per piece of news about a case for its owner, written in the transaction that changes the case
    create table outbox (
        notice_id integer primary key autoincrement, case_id text not null references cases,
        run_id text not null, as_of text not null, owner_email text not null, news text not null,
        kind text not null, kpi text, size_low real not null, at text not null,
        status text not null default 'pending'
            check (status in ('pending', 'held', 'mailed', 'withdrawn', 'dropped')),
        mail_id text references mails
    ) strict;
    create index outbox_of_a_case on outbox (case_id, notice_id);
    -- one row per composed mail; its bytes are kept until it is known to have arrived, so that a second try sends
    -- the same message under the same Message-ID
    create table mails (
        mail_id text primary key, recipient text not null, run_id text not null, as_of text not null,
        about text not null, message blob,
        status text not null check (status in ('pending', 'sending', 'sent', 'dead')),
        attempts integer not null default 0, next_try_at text, last_error text,
        composed_at text not null, sent_at text
    ) strict;
    create trigger events_stay before update on events begin select raise(abort, 'events are never changed'); end;
    create trigger events_last before delete on events begin select raise(abort, 'events are never deleted'); end;
    create trigger verdicts_stay before update on verdicts begin select raise(abort, 'verdicts are never changed'); end;
    create trigger verdicts_last before delete on verdicts begin select raise(abort, 'verdicts are never deleted'); end;
    """,
    # 2: how people read texts, for `voc label`; the newest of a text counts
    """
    create table audits (
        audit_id integer primary key autoincrement, text_id text not null,
        label real not null check (label in (0, 0.5, 1)), by text, at text not null
    ) strict;
    create index audits_of_a_text on audits (text_id, audit_id);
    """,
    # 3: whom `voc forget` has forgotten; what is never changed or deleted gives way to it, and to nothing else
    """
    create table tombstones (
        mark text primary key,  -- of the customer's id, see voc.adapters.tombstones
        key_check text not null,  -- which key it was made with
        forgotten_at text not null
    ) strict;
    -- cases in hand while somebody is being forgotten; empty outside that transaction
    create table forgetting (case_id text primary key) strict;
    drop trigger events_stay;
    drop trigger events_last;
    drop trigger verdicts_stay;
    drop trigger verdicts_last;
    create trigger events_stay before update on events when old.case_id not in (select case_id from forgetting)
    begin select raise(abort, 'events are never changed'); end;
    create trigger events_last before delete on events when old.case_id not in (select case_id from forgetting)
    begin select raise(abort, 'events are never deleted'); end;
    create trigger verdicts_stay before update on verdicts when old.case_id not in (select case_id from forgetting)
    begin select raise(abort, 'verdicts are never changed'); end;
    create trigger verdicts_last before delete on verdicts when old.case_id not in (select case_id from forgetting)
    begin select raise(abort, 'verdicts are never deleted'); end;
    """,
    # 4: up to when customers' words have been removed; the latest row counts
    """
    create table words_gone (before text primary key) strict;
    """,
    # 5: each channel has a queue of its own, and a notice may be told in several. Nobody had written down by which
    # channel the mails of earlier versions went; they are taken for `smtp`, and those that had not left are told anew
    # by whatever channel is set
    """
    create table queued (
        mail_id text not null, channel text not null, recipient text not null, run_id text not null,
        as_of text not null, about text not null, message blob,
        status text not null check (status in ('pending', 'sending', 'sent', 'dead')),
        attempts integer not null default 0, next_try_at text, last_error text,
        composed_at text not null, sent_at text, primary key (mail_id, channel)
    ) strict;
    insert into queued
    select
        mail_id, 'smtp', recipient, run_id, as_of, about, message, status, attempts, next_try_at, last_error,
        composed_at, sent_at
    from mails;
    -- which mail of a channel tells of a notice: one at most
    create table notice_mails (
        notice_id integer not null references outbox on delete cascade, channel text not null, mail_id text not null,
        primary key (notice_id, channel),
        foreign key (mail_id, channel) references queued on delete cascade
    ) strict;
    create index notices_of_a_mail on notice_mails (mail_id, channel);
    insert into notice_mails select notice_id, 'smtp', mail_id from outbox where mail_id is not null;
    alter table outbox drop column mail_id;
    drop table mails;
    alter table queued rename to mails;
    """,
)


def migrate(connection: sqlite3.Connection, name: str, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Brings the file to the newest version, one version a transaction. Running twice changes nothing.

    Raises  InputError when a newer voc has written the file.
    """
    found = _version(connection)
    if found > len(migrations):
        raise InputError(
            f"{name} is of version {found}, this voc knows versions up to {len(migrations)}",
            "install the newer voc again, or restore the file from a backup",
        )
    for version in range(found + 1, len(migrations) + 1):
        # another process may have come first: the lock is taken before the version is read again
        with all_or_nothing(connection, "begin immediate"):
            if _version(connection) < version:
                for statement in _statements(migrations[version - 1]):
                    connection.execute(statement)
                connection.execute(f"pragma user_version = {version}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def _statements(script: str) -> list[str]:
    """The statements of a script: `executescript` would commit between them."""
    statements, statement = [], ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            statements.append(statement)
            statement = ""
    return statements
