"""Forgetting in small: ids that others' data hold by chance, names that others bear, files that can't be read."""

import json
from datetime import date

import pytest
from support.inboxes import NOW, Inbox
from support.told_cases import CUSTOMERS_WORDS, OTHER, a_case, publish, rows, run, tell

from voc.adapters.control_store import audit_labels, cases, control, tombstones
from voc.domain.cases.case import Verdict
from voc.domain.contract import Table
from voc.errors import InputError
from voc.steps import forget

CUSTOMERS = """customer_id,name,contact
42,Ada Lovelace,ada@engines.example
43,Grace Hopper,grace@navy.example
44,Grace Hopper Jr,
45,Data,
C-17,Zorvan Ltd,shared@zorvan.example
C-18,Acme,shared@zorvan.example
"""
SURVEYS = """response_id,customer_id,responded_at,survey,score,comment
R1,42,2026-02-01T10:00:00,nps,7,fine
R2,43,2026-02-01T10:00:00,nps,42,as Ada Lovelace (ADA@engines.example) said
R3,C-17,2026-02-01T10:00:00,nps,42,fine
R4,C-18,2026-02-01T10:00:00,nps,7,"like C-17 and Zorvan  Ltd, not C-17-b"
R5,45,2026-02-01T10:00:00,nps,7,no data
"""


@pytest.fixture
def inbox(tmp_path):
    with_two = Inbox(tmp_path)
    with_two.sources.append(with_two.source("crm", Table.CUSTOMERS, "customers*"))
    with_two.drop("customers.csv", CUSTOMERS)
    with_two.drop("surveys.csv", SURVEYS)
    with_two.land()
    yield with_two
    with_two.close()


def forgotten(inbox, customer_id):
    inbox.close()
    key = inbox.state.parent / "elsewhere" / "forget.key"
    said = forget.run(inbox.state, customer_id, key_file=key, sources=inbox.sources, now=NOW)
    inbox.land(is_forgotten=tombstones.standing(inbox.state, key))
    return said


def comments(inbox):
    return dict(inbox.rows("select response_id, comment from raw.surveys order by 1"))


def test_an_id_that_is_only_a_number_names_its_customer_in_the_customers_column_alone(inbox):
    said = forgotten(inbox, "42")
    assert said.left == ()
    assert inbox.rows("select customer_id from raw.customers order by 1") == [
        ("43",),
        ("44",),
        ("45",),
        ("C-17",),
        ("C-18",),
    ]
    assert inbox.rows("select score from raw.surveys where response_id = 'R3'") == [(42.0,)]
    assert comments(inbox)["R2"] == "as [forgotten] ([forgotten]) said"


def test_what_names_it_is_taken_out_of_what_others_said(inbox):
    assert forgotten(inbox, "C-17").left == ()
    assert comments(inbox)["R4"] == "like [forgotten] and [forgotten], not C-17-b"
    # an address that another customer gave too is that one's as well
    assert inbox.rows("select _extra from raw.customers where customer_id = 'C-18'") == [
        (json.dumps({"contact": "shared@zorvan.example"}, separators=(",", ":")),)
    ]


@pytest.mark.parametrize(("customer_id", "name"), [("43", "Grace Hopper"), ("45", "Data")])
def test_a_name_that_others_bear_or_that_is_a_word_is_not_looked_for_and_that_is_told(inbox, customer_id, name):
    before = comments(inbox)
    said = forgotten(inbox, customer_id)
    assert (said.left, said.not_looked_for) == ((), (name,))
    assert {one: words for one, words in before.items() if one in comments(inbox)} == comments(inbox)


def test_what_cannot_be_searched_goes_whole(inbox):
    inbox.drop("surveys.xlsx", b"PK\x03\x04 who knows")
    inbox.land()
    assert len(inbox.sidecars("quarantine")) == 1
    assert forgotten(inbox, "42").left == ()
    assert (
        inbox.sidecars("quarantine")[0]["file_name"] == "surveys.xlsx"
    )  # offered again, as it still lies in the inbox


def test_the_audit_labels_of_its_texts_go_with_it(inbox):
    inbox.connection.execute("create schema int; create table int.int_feedback (customer_id varchar, text_id varchar)")
    inbox.connection.execute("insert into int.int_feedback values ('42', 'aaa'), ('43', 'bbb')")
    with control.opened(inbox.state) as store:
        for text_id in ("aaa", "bbb"):
            audit_labels.add(store, text_id, 1, by="ada", at=NOW.replace(tzinfo=None))
    forgotten(inbox, "42")
    assert rows(inbox.state, "select text_id from audits") == [("bbb",)]


def test_its_cases_go_and_the_others_stay_without_its_name(inbox, tmp_path):
    told = [a_case(17, subject="C-17", customer_id="C-17"), a_case(2, owner_email=OTHER), a_case(3)]
    tell(inbox.state, told)
    run(inbox.state, publish(tmp_path / "m.duckdb", told), smtp=None)
    tell(inbox.state, told, as_of=date(2026, 3, 9), run_id="2026-03-09-bbbb")
    with control.opened(inbox.state) as store, control.transaction(store):
        for case in told:
            event = cases.Event(
                "closed", case.opened_on, case, note=f"asked Zorvan Ltd about {CUSTOMERS_WORDS}", by="ann"
            )
            cases.record(store, [event], run_id=None, now=NOW)
            cases.decide(store, event, Verdict.TIMING, "as Zorvan Ltd says", NOW)
    assert len(list((inbox.state / "outbox").glob("*.eml"))) == 2
    said = forgotten(inbox, "C-17")
    assert said.left == ()
    assert rows(inbox.state, "select distinct subject from cases order by 1") == [("C2",), ("C3",)]
    assert rows(inbox.state, "select distinct note from verdicts") == [("as [forgotten] says",)]
    assert rows(inbox.state, "select count(*) from events where case_id = 'c00017'") == [(0,)]
    assert len(list((inbox.state / "outbox").glob("*.eml"))) == 1
    with control.opened(inbox.state) as store, pytest.raises(Exception, match="never deleted"):
        store.execute("delete from events")


def test_a_mail_that_waits_is_not_sent_and_what_else_it_told_waits_again(inbox, tmp_path):
    told = [a_case(17, subject="C-17", customer_id="C-17"), a_case(3)]
    tell(inbox.state, told)
    run(inbox.state, publish(tmp_path / "m.duckdb", told))
    with control.opened(inbox.state) as store:  # as if no server had taken it
        store.execute("update mails set status = 'pending', message = ?", [b"Subject: 2 cases\n\nC-17 and C3"])
    forgotten(inbox, "C-17")
    assert rows(inbox.state, "select count(*) from mails") == [(0,)]
    assert rows(
        inbox.state, "select case_id, status, mail_id from outbox left join notice_mails using (notice_id)"
    ) == [("c00003", "pending", None)]


def test_a_customer_of_whom_nothing_is_held_leaves_no_tombstone(inbox):
    with pytest.raises(InputError, match="nothing is held"):
        forgotten(inbox, "C-99")
    assert rows(inbox.state, "select count(*) from tombstones") == [(0,)]
