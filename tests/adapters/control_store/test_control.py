"""The control store: what no rebuild could bring back."""

import sqlite3
import threading
from datetime import UTC, datetime

import pytest
from support.sightings import FIRST, new_case

from voc.adapters.control_store import cases, control, migrations
from voc.domain.cases import acts
from voc.domain.cases.case import Event, Verdict
from voc.errors import InputError, OutsideError

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

RELEASED = {1: migrations.MIGRATIONS[0]}
"""Every version that was ever in people's hands."""


@pytest.fixture
def store(tmp_path):
    with control.opened(tmp_path / "state") as connection:
        yield connection


def opened_case(store, **changes):
    case = new_case(**changes)
    cases.record(store, [Event("opened", FIRST, case)], run_id="r1", now=NOW)
    return case


def test_it_is_private_and_waits_for_other_writers(tmp_path):
    with control.opened(tmp_path / "state") as store:
        assert store.execute("pragma journal_mode").fetchone()[0] == "wal"
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "state").iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}


def test_opening_it_again_changes_nothing(tmp_path):
    with control.opened(tmp_path) as store:
        opened_case(store)
        before = list(store.iterdump())
    with control.opened(tmp_path) as store:
        assert list(store.iterdump()) == before


@pytest.mark.parametrize("version", RELEASED)
def test_a_store_of_every_released_version_is_brought_to_the_newest_with_its_content(version, tmp_path):
    old = sqlite3.connect(control.path_in(tmp_path), isolation_level=None)
    migrations.migrate(old, "control.sqlite", migrations.MIGRATIONS[:version])
    opened_case(old)
    old.close()
    with control.opened(tmp_path) as store:
        assert store.execute("pragma user_version").fetchone()[0] == len(migrations.MIGRATIONS)
        assert list(cases.standing(store).values()) == [new_case()]


def test_mails_of_a_version_without_channels_are_taken_for_smtp_and_keep_their_notices(tmp_path):
    old = sqlite3.connect(control.path_in(tmp_path), isolation_level=None)
    migrations.migrate(old, "control.sqlite", migrations.MIGRATIONS[:4])
    opened_case(old)
    for n, status in enumerate(("sent", "pending"), 1):
        old.execute(
            "insert into mails (mail_id, recipient, run_id, as_of, about, message, status, attempts, composed_at) "
            "values (?, 'ann@lumen.example', 'r1', '2026-03-01', 'cases', x'00', ?, ?, '2026-03-02T04:00:00+00:00')",
            [f"m{n}", status, n],
        )
        old.execute(
            "insert into outbox (case_id, run_id, as_of, owner_email, news, kind, size_low, at, status, mail_id) "
            "values ('0123456789', 'r1', '2026-03-01', 'ann@lumen.example', 'new', 'watermelon', -1, '', 'mailed', ?)",
            [f"m{n}"],
        )
    old.close()
    with control.opened(tmp_path) as store:
        mails = store.execute("select mail_id, channel, status, attempts, message from mails order by mail_id")
        assert [tuple(row) for row in mails] == [("m1", "smtp", "sent", 1, b"\0"), ("m2", "smtp", "pending", 2, b"\0")]
        told = store.execute("select notice_id, channel, mail_id from notice_mails order by notice_id")
        assert [tuple(row) for row in told] == [(1, "smtp", "m1"), (2, "smtp", "m2")]
        assert store.execute("pragma foreign_key_check").fetchall() == []
        store.execute("delete from mails where mail_id = 'm2'")
        assert store.execute("select count(*) from notice_mails").fetchone()[0] == 1


def test_a_migration_runs_once_and_whole_or_not_at_all(store):
    broken = (*migrations.MIGRATIONS, "create table one (a int) strict;\ncreate table two (a nonsense) strict;")
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(store, "control.sqlite", broken)
    assert store.execute("select count(*) from sqlite_master where name = 'one'").fetchone()[0] == 0
    sound = (*migrations.MIGRATIONS, "create table one (a int) strict;")
    for _ in range(2):
        migrations.migrate(store, "control.sqlite", sound)
    assert store.execute("pragma user_version").fetchone()[0] == len(sound)


def test_a_store_that_a_newer_voc_has_written_is_left_alone(tmp_path):
    with control.opened(tmp_path) as store:
        store.execute("pragma user_version = 99")
    with pytest.raises(InputError, match="version 99"), control.opened(tmp_path):
        pass


def test_a_file_that_is_no_store_is_told_with_what_to_do(tmp_path):
    control.path_in(tmp_path).write_bytes(b"not a database, and long enough to be seen as such" * 100)
    with pytest.raises(OutsideError, match=r"control\.sqlite"), control.opened(tmp_path):
        pass


@pytest.mark.parametrize("table", ["events", "verdicts"])
@pytest.mark.parametrize("statement", ["update {} set note = 'x'", "delete from {}"])
def test_what_has_happened_is_never_overwritten(store, table, statement):
    event = acts.close(opened_case(store), Verdict.TIMING, "late", FIRST, "ann")
    cases.decide(store, event, Verdict.TIMING, "late", NOW)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        store.execute(statement.format(table))


def test_a_transaction_that_fails_leaves_nothing(store):
    def fails_halfway():
        with control.transaction(store):
            opened_case(store)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_halfway()
    assert cases.standing(store) == {}


def test_people_and_a_night_may_write_at_once(tmp_path):
    def acknowledge():
        with control.opened(tmp_path) as other, control.transaction(other):
            event = acts.acknowledge(cases.find(other, "0123456789"), FIRST, "ann")
            cases.record(other, [event], run_id=None, now=NOW)

    with control.opened(tmp_path) as store:
        opened_case(store)
        person = threading.Thread(target=acknowledge)
        with control.transaction(store):
            person.start()
            cases.record(store, [Event("seen", FIRST, new_case())], run_id="r2", now=NOW)
        person.join(20)
        assert [event["what"] for event in cases.history(store, "0123456789")] == ["opened", "seen", "acknowledged"]


def test_the_beginning_of_an_id_is_enough_while_it_names_one_case(store):
    opened_case(store)
    opened_case(store, case_id="0123abcdef", subject="C2")
    assert cases.find(store, "01234").subject == "C1"
    with pytest.raises(InputError, match="several"):
        cases.find(store, "0123")
    with pytest.raises(InputError, match="no case ff"):
        cases.find(store, "ff")
    with pytest.raises(InputError, match="no case %"):
        cases.find(store, "%")
