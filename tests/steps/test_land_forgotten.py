"""Whoever has been forgotten stays out of what lands: of the tables, the rejects and the bytes that are kept."""

import hashlib
import json

import pytest
from support.inboxes import HEADER, Inbox, survey, surveys

from voc.domain.contract import Table


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def is_forgotten(customer_id: str) -> bool:
    return customer_id == "C3"


def kept(inbox):
    """Everything in the archive."""
    return b"".join(
        path.read_bytes() for folder in ("landed", "quarantine") for path in (inbox.state / folder).glob("*")
    )


def test_a_file_lands_without_them_under_the_name_of_the_bytes_that_came(inbox):
    path = inbox.drop("surveys.csv", surveys(10))
    came = hashlib.sha256(path.read_bytes()).hexdigest()
    landed = inbox.land(is_forgotten=is_forgotten)
    assert (landed.files[0].n_read, landed.files[0].n_landed) == (8, 8)
    assert landed.warnings == ("nps, surveys.csv: 2 rows of forgotten customers left out",)
    assert inbox.rows("select count(*) from raw.surveys where customer_id = 'C3'") == [(0,)]
    assert inbox.rows("select sha256, n_read, n_landed, n_unchanged from raw.ledger") == [(came, 8, 8, 0)]
    assert b"C3" not in kept(inbox)
    assert b"C4" in kept(inbox)
    assert inbox.land(is_forgotten=is_forgotten).files[0].status == "already landed"


def test_a_rebuild_of_what_is_left_gives_the_same_rows(inbox):
    inbox.drop("surveys.csv", surveys(10))
    inbox.drop("surveys.csv.done", "10")
    inbox.land(is_forgotten=is_forgotten)
    before, ledger = inbox.raw(), inbox.rows("select * from raw.ledger")
    inbox.close()
    (inbox.state / "work" / "warehouse.duckdb").unlink()
    inbox.land()
    assert inbox.raw() == before
    assert inbox.rows("select * from raw.ledger") == ledger


def test_what_had_landed_before_is_left_out_when_it_is_read_again(inbox):
    inbox.drop("surveys.csv", surveys(10))
    inbox.land()
    inbox.close()
    (inbox.state / "work" / "warehouse.duckdb").unlink()
    inbox.land(is_forgotten=is_forgotten)
    assert inbox.rows("select distinct customer_id from raw.surveys order by 1") == [("C0",), ("C1",), ("C2",), ("C4",)]
    assert b"C3" not in kept(inbox)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (HEADER + "R1,C3,2026-02-01T10:00:00,nps,7\n" + survey(1) + survey(2), "landed"),  # a broken record
        (HEADER + survey(3, score="C3") + survey(1) + survey(2), "landed"),  # a reject
        (HEADER + "".join(survey(i, score="bad") for i in range(1, 600)), "quarantined"),
        (HEADER.replace("score", "points") + survey(3) + survey(1), "refused"),
        (HEADER.replace("customer_id", "who") + survey(3) + survey(1), "refused"),
        (HEADER + survey(3) + 'R2,C1,2026-02-01T10:00:00,nps,7,"open\n', "refused"),
    ],
    ids=["broken", "reject", "quarantined", "renamed", "no customer", "cut"],
)
def test_whatever_becomes_of_a_file_nothing_of_them_is_kept(inbox, content, status):
    inbox.drop("surveys.csv", content)
    file = inbox.land(is_forgotten=is_forgotten).files[0]
    assert file.status == status
    said = json.dumps(inbox.raw(), default=str)
    assert "C3" not in said
    assert b"C3" not in kept(inbox)
    assert b"C1" in kept(inbox)


def test_a_file_of_theirs_alone_is_refused_and_its_emptied_copy_is_sound(inbox):
    inbox.sources = [inbox.source("nps", Table.SURVEYS, "surveys*")]
    theirs = {
        "response_id": "R3",
        "customer_id": "C3",
        "responded_at": "2026-02-01T10:00:00",
        "survey": "nps",
        "score": 7,
    }
    inbox.drop("surveys.jsonl", json.dumps(theirs) + "\n")
    landed = inbox.land(is_forgotten=is_forgotten)
    assert landed.files[0].status == "refused"
    assert landed.warnings[0] == "nps, surveys.jsonl: 1 row of forgotten customers left out"
    (inbox.folder / "surveys.jsonl").unlink()
    inbox.close()
    (inbox.state / "work" / "warehouse.duckdb").unlink()
    assert [(file.status, file.why) for file in inbox.land().files] == [("refused", landed.files[0].why)]


def test_that_rows_were_left_out_is_said_of_a_file_that_is_refused_later(inbox):
    inbox.sources = [inbox.source("crm", Table.CUSTOMERS, "customers*")]
    inbox.drop("customers.csv", "customer_id,name,currency\nC1,Ann,CHF\nC3,Bob,EUR\n")
    landed = inbox.land(is_forgotten=is_forgotten)
    assert landed.files[0].status == "refused"
    assert landed.warnings[0] == "crm, customers.csv: 1 row of forgotten customers left out"
