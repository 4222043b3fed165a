"""Words that are too old leave every file that landed and the work file; what else landed stays as it was."""

import json
from datetime import timedelta

import duckdb
import pytest
from support.expired_inbox import CUT, NEW, OLD, expired, kept, rebuilt
from support.inboxes import HEADER, NOW, Inbox, survey

from voc.adapters.control_store import text_retention
from voc.adapters.erasure import landed_texts
from voc.domain.contract import Table

LONG_AGO = NOW - timedelta(days=60)
"""A landing before the cut."""


@pytest.fixture
def inbox(tmp_path):
    with_one = Inbox(tmp_path)
    yield with_one
    with_one.close()


def test_old_words_go_and_scores_and_new_words_stay(inbox):
    inbox.drop("surveys.csv", HEADER + survey(1, at=OLD, comment="zorvat") + survey(2, at=NEW, comment="stays"))
    inbox.land()
    landed = expired(inbox)
    assert landed.n_texts_removed == (1,)
    assert landed.not_removable == ()
    assert inbox.rows("select response_id, score, comment from raw.surveys order by 1") == [
        ("R1", 7, None),
        ("R2", 7, "stays"),
    ]
    left = kept(inbox)
    assert b"zorvat" not in left
    assert b"stays" in left
    assert expired(inbox) is None


def test_a_record_that_was_rejected_loses_its_words_with_its_time_or_its_landing(inbox):
    inbox.drop(
        "surveys.csv",
        HEADER
        + survey(2, at="2025-12-30T12:00:00", score="nine", comment="zorvatscore")
        + survey(3, at="some day", comment="zorvattime")
        + "R4,C1,zorvatbroken\n"
        + survey(1, at="2025-12-31T12:00:00", comment="zorvat"),
    )
    inbox.land(now=LONG_AGO)
    rejects = inbox.rejects()
    assert {reason for *_, reason in rejects} == {"not_a_number", "not_a_time", "missing_columns"}
    expired(inbox)
    assert inbox.rejects() == rejects
    assert b"zorvat" not in kept(inbox)
    assert rebuilt(inbox)[0] == rebuilt(inbox)[1]


def test_a_rebuild_of_what_is_left_is_the_same(inbox):
    """Versions that differed in their words alone are one by then, and a full export still says nothing new."""
    for i, said in enumerate(("first", "second", "second")):
        inbox.drop(f"surveys{i}.csv", HEADER + survey(1, at=OLD, comment=said) + survey(i + 2, at=NEW))
        inbox.land()
    assert expired(inbox).n_texts_removed == (1, 1, 1)
    assert inbox.rows("select n_landed, n_unchanged from raw.ledger order by batch") == [(2, 0), (1, 1), (1, 1)]
    before, after = rebuilt(inbox)
    assert after == before


def test_a_full_export_does_not_bring_them_back_nor_pile_up(inbox):
    full = HEADER + survey(1, at=OLD, comment="zorvat") + survey(2, at=NEW)
    inbox.drop("surveys1.csv", full)
    inbox.land()
    expired(inbox)
    inbox.drop("surveys2.csv", full + survey(3, at=NEW))
    landed = inbox.land(texts_kept_from=text_retention.before(inbox.state))
    assert [(file.n_landed, file.n_unchanged) for file in landed.files if file.status == "landed"] == [(1, 2)]
    assert landed.warnings == ()
    assert b"zorvat" not in kept(inbox)
    assert expired(inbox) is None


def test_an_older_night_brings_nothing_back(inbox):
    inbox.drop("surveys.csv", HEADER + survey(1, at=OLD, comment="zorvat") + survey(2, at=NEW))
    inbox.land()
    expired(inbox)
    assert expired(inbox, CUT - timedelta(days=28)) is None
    assert text_retention.before(inbox.state) == CUT


def test_every_format_and_the_words_outside_the_contract(inbox):
    inbox.sources = [
        inbox.source("nps", Table.SURVEYS, "surveys*", encoding="utf-16", columns={"Remark": "comment"}),
        inbox.source("desk", Table.TICKETS, "tickets*"),
        inbox.source("app", Table.SURVEYS, "app*"),
    ]
    header = HEADER.replace("comment", "Remark;note;points").replace(",", ";")
    lines = [
        f'R{i};C1;{at};nps;7;"{said}\n{said}";{said}!;12\n' for i, at, said in ((1, OLD, "zorvat"), (2, NEW, "stays"))
    ]
    inbox.drop("surveys.csv", (header + "".join(lines)).encode("utf-16"))
    tickets = [
        {
            "ticket_id": f"T{i}",
            "customer_id": "C1",
            "opened_at": at,
            "subject": said,
            "body": [said],
            "more": {"x": said},
        }
        for i, at, said in ((1, OLD, "zorvat"), (2, NEW, "stays"))
    ]
    inbox.drop("tickets.jsonl", "".join(json.dumps(one) + "\n" for one in tickets))
    duckdb.sql(
        "copy (select 'A' || i as response_id, 'C1' as customer_id, happened::timestamp as responded_at, "
        "'app' as survey, 5 as score, said as comment, i as n from "
        f"(values (1, '{OLD}', 'zorvat'), (2, '{NEW}', 'stays')) t (i, happened, said)) "
        f"to '{inbox.folder / 'app.parquet'}' (format parquet)"
    )
    inbox.land()
    assert expired(inbox).n_texts_removed == (1, 1, 1)
    assert inbox.rows("select response_id, comment, _extra from raw.surveys order by 1") == [
        ("A1", None, '{"n":"1"}'),
        ("A2", "stays", '{"n":"2"}'),
        ("R1", None, '{"note":null,"points":"12"}'),
        ("R2", "stays\nstays", '{"note":"stays!","points":"12"}'),
    ]
    assert inbox.rows("select subject, body, _extra from raw.tickets order by ticket_id") == [
        (None, None, '{"more":null}'),
        ("stays", '["stays"]', '{"more":"{\\"x\\":\\"stays\\"}"}'),
    ]
    left = kept(inbox)
    assert not any("zorvat".encode(one) in left for one in ("utf-8", "utf-16-le"))
    before, after = rebuilt(inbox)
    assert after == before


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (HEADER + "".join(survey(i, score="zorvat") for i in range(600)), "quarantined"),
        (HEADER.replace("score", "zorvat") + survey(1), "refused"),
        (HEADER.encode() + survey(1, comment="zorvat").encode() + b"\xff\xfe", "quarantined"),
    ],
    ids=["bad rows", "no score", "no text"],
)
def test_a_file_that_was_put_aside_goes_by_its_landing_and_stands_in_the_ledger(inbox, content, status):
    inbox.drop("surveys.csv", content)
    inbox.land(now=LONG_AGO)
    told = "select status, why, n_read from raw.ledger"
    before = inbox.rows(told)
    assert before[0][0] == status
    landed = expired(inbox)
    assert inbox.rows(told) == before
    assert [file.status for file in landed.files] == [status]
    assert [path.suffix for path in (inbox.state / "quarantine").iterdir()] == [".json"]
    assert expired(inbox) is None
    before, after = rebuilt(inbox)
    assert after == before


def test_two_sources_that_were_offered_the_same_bytes_both_lose_them(inbox):
    inbox.sources = [inbox.source(name, Table.SURVEYS, "surveys*") for name in ("nps", "twin")]
    inbox.drop("surveys.csv", HEADER + survey(1, at=OLD, comment="zorvat") + survey(2, at=NEW))
    inbox.land()
    landed = expired(inbox)
    assert [file.status for file in landed.files] == ["landed", "landed"]
    assert b"zorvat" not in kept(inbox)
    before, after = rebuilt(inbox)
    assert after == before


def test_what_cannot_be_taken_out_is_told_once(inbox, monkeypatch):
    inbox.drop("surveys.csv", HEADER + survey(1, at=OLD, comment="zorvat"))
    inbox.land()
    monkeypatch.setattr(landed_texts, "rewrite", lambda *_: False)
    landed = expired(inbox)
    assert [file.status for file in landed.files] == ["landed"]
    assert [line.partition(" could")[0] for line in landed.not_removable] == [
        "nps, surveys.csv: words said before 2026-02-01"
    ]
    assert expired(inbox) is None


def test_what_a_death_left_alone_goes_too(inbox):
    inbox.drop("surveys.csv", HEADER + survey(1, at=OLD, comment="zorvat"))
    inbox.land()
    for name in ("landed/0000.csv", "landed/0000.csv.part", "work/warehouse.duckdb.broken"):
        (inbox.state / name).write_text("zorvat")
    expired(inbox)
    assert b"zorvat" not in kept(inbox)
