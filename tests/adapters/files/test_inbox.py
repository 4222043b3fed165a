"""What is taken from an inbox, and what is left lying."""

import os
import socket

import pytest
from support.inboxes import HEADER, Inbox, survey, surveys

from voc.adapters.files import archive
from voc.adapters.files import inbox as door
from voc.adapters.files.inbox import InboxCopy, NotTaken


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def test_a_file_is_copied_under_the_hash_of_its_bytes(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "a.CSV").write_bytes(b"abc")
    taken = door.take(tmp_path / "a.CSV", tmp_path / "work")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert taken == InboxCopy(tmp_path / "work" / f"{sha256}.csv", sha256, None)
    assert taken.path.read_bytes() == b"abc"


def test_links_pipes_sockets_and_folders_are_left(tmp_path):
    (tmp_path / "secret.csv").write_text(surveys(1))
    (tmp_path / "link.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(tmp_path / "socket.csv"))
        kinds = {
            name: door.take(tmp_path / name, tmp_path) for name in ("link.csv", "pipe.csv", "folder.csv", "socket.csv")
        }
    assert all(kind == NotTaken("it is a link, pipe or device, not a regular file") for kind in kinds.values())


def test_a_folder_that_leads_out_of_the_inbox_is_left(inbox, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.csv").write_text(surveys(1))
    (inbox.folder / "way_out").symlink_to(tmp_path / "elsewhere")
    [path] = door.offered(str(inbox.folder / "*" / "*.csv"))
    taken = door.take(path, tmp_path, str(inbox.folder / "*" / "*.csv"))
    assert taken == NotTaken("it lies outside the source's folder")


def test_a_file_that_grows_while_it_is_read_is_left(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(surveys(10))
    read = os.read

    def read_while_somebody_writes(descriptor, n):
        with path.open("a") as file:
            file.write(survey(99)) if path.stat().st_size < 10_000 else None
        return read(descriptor, n)

    monkeypatch.setattr(door.os, "read", read_while_somebody_writes)
    (tmp_path / "work").mkdir()
    assert door.take(path, tmp_path / "work") == NotTaken("it is still being written")
    assert list((tmp_path / "work").iterdir()) == []


def test_odd_names_are_shown_as_one_printable_line(tmp_path):
    names = [b"a\nb.csv", b"-rf.csv", b"[x]*?.csv", "ü.csv".encode(), b"\xff.csv"]
    assert [door.printable_name(tmp_path / os.fsdecode(name)) for name in names] == [
        r"a\nb.csv", "-rf.csv", "[x]*?.csv", "ü.csv", r"\xff.csv",
    ]  # fmt: skip


def test_done_files_are_not_offered_and_hold_the_promised_number(inbox):
    inbox.drop("surveys.csv", surveys(3))
    inbox.drop("surveys.csv.done", "3\n")
    assert [path.name for path in door.offered(str(inbox.folder / "*"))] == ["surveys.csv"]
    (inbox.folder.parent / "work").mkdir()
    taken = door.take(inbox.folder / "surveys.csv", inbox.folder.parent / "work")
    assert taken.n_expected == 3


def test_bytes_and_sidecar_are_archived_and_read_back(inbox):
    inbox.land_one("surveys.csv", surveys(3))
    [one] = archive.archived_files(inbox.state)
    assert one.bytes_path.read_text() == surveys(3)
    assert (one.source, one.table, one.file_name, one.batch) == ("nps", "surveys", "surveys.csv", 1)
    assert one.bytes_path.parent.name == "landed"
    assert one.key == ("nps", inbox.rows("select sha256 from raw.ledger")[0][0])


def test_a_door_takes_a_batch_back_and_it_stays_out_until_its_options_change(inbox):
    inbox.land_one("surveys.csv", surveys(3))
    door.refuse(inbox.state, inbox.connection, 1, "column score: too odd")
    assert inbox.rows("select count(*) from raw.surveys") == [(0,)]
    assert [p.suffix for p in (inbox.state / "landed").iterdir()] == []
    [one] = archive.archived_files(inbox.state)
    assert (one.reason, one.bytes_path.read_text()) == ("column score: too odd", surveys(3))
    assert door.is_there(inbox.state, *one.key)

    again = inbox.land().files[0]
    assert (again.status, again.why) == ("refused", "refused earlier: column score: too odd")
    ledger = inbox.rows("select * from raw.ledger")

    inbox.close()
    (inbox.state / "work" / "warehouse.duckdb").unlink()
    inbox.land()
    assert inbox.rows("select batch, sha256, status, why, n_landed from raw.ledger") == [
        (ledger[0][0], ledger[0][4], "refused", "column score: too odd", 3)
    ]

    (inbox.folder / "surveys.csv").unlink()
    assert not door.is_there(inbox.state, *one.key)
    inbox.sources = [inbox.source("nps", "surveys", "surveys*", null_values=("7",))]
    assert [file.status for file in inbox.land().files] == ["landed"]
    assert inbox.rows("select count(*), count(score) from raw.surveys") == [(3, 0)]
    assert list((inbox.state / "quarantine").iterdir()) == []


def test_a_door_leaves_what_another_source_landed_of_the_same_bytes(inbox):
    inbox.sources += [inbox.source("csat", "surveys", "surveys*")]
    inbox.drop("surveys.csv", surveys(3))
    inbox.land()
    door.refuse(inbox.state, inbox.connection, 1, "no")
    assert inbox.rows("select distinct _source from raw.surveys") == [("csat",)]
    assert {one.source: one.bytes_path.exists() for one in archive.archived_files(inbox.state)} == {
        "nps": True,
        "csat": True,
    }


def test_a_rows_order_in_the_inbox_is_by_file_name(inbox):
    for name in ("surveys_b.csv", "surveys_a.csv"):
        inbox.drop(name, HEADER + survey(1, comment=name))
    inbox.land()
    assert inbox.rows("select comment from raw.surveys order by _batch") == [("surveys_a.csv",), ("surveys_b.csv",)]


def test_an_unreadable_file_is_left_and_the_others_land(inbox, monkeypatch):
    inbox.drop("surveys1.csv", surveys(1))
    inbox.drop("surveys2.csv", surveys(2))
    real = os.open

    def refusing(path, flags, *more):
        if str(path).endswith("surveys1.csv"):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *more)

    monkeypatch.setattr(door.os, "open", refusing)
    landed = inbox.land()
    assert [(file.status, file.why) for file in landed.files] == [
        ("left", "it cannot be opened (Permission denied)"), ("landed", None),
    ]  # fmt: skip
