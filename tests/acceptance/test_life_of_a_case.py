"""Fifteen nights in a row through the command line: one case is opened, gets worse, clears and comes back."""

import email
import json
from collections import Counter
from email import policy
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.small_demo import copy_of, voc

pytestmark = pytest.mark.slow

CUSTOMER = "LB-0401"
"""A planted watermelon, clear enough to be surfaced whatever the other customers do."""
STARTED = "2025-12-22"
OWNER = "chloe.adams@lumen.example"
"""Of the first metric in the catalogue that surely did not fall with what the customer says."""


class Customer:
    """What the customer is on record for having said; both desks correct their exports."""

    def __init__(self, config):
        self.inbox = config.parent / "inbox"
        answers = pd.read_csv(self.inbox / "surveys.csv", dtype=str, keep_default_na=False)
        tickets = pd.read_json(self.inbox / "tickets.jsonl", lines=True, dtype=False)
        self.answers, self.tickets = (of[of["customer_id"] == CUSTOMER] for of in (answers, tickets))

    def restates(self, name, *, since, before=None):
        """Drops corrected exports: what was said since the start, maybe before, at one end of its scale."""
        words = {"worst": "This is terrible, awful and useless.", "best": "Excellent, great, I love it."}
        ends = {"worst": "scale_min", "best": "scale_max"}
        answers, tickets = [], []
        for of, at, corrected in ((self.answers, "responded_at", answers), (self.tickets, "opened_at", tickets)):
            after = of[at] >= STARTED
            corrected += [(of[after], since)] + ([(of[~after], before)] if before else [])
        # each in words of its own: the same words again would be the same matter again
        answers = [
            part.assign(score=part[ends[how]], comment=words[how] + f" ({name} " + part["response_id"] + ")")
            for part, how in answers
        ]
        tickets = [
            part.assign(subject="", body=words[how] + f" ({name} " + part["ticket_id"] + ")", satisfaction=None)
            for part, how in tickets
        ]
        pd.concat(answers).to_csv(self.inbox / f"surveys-{name}.csv", index=False)
        pd.concat(tickets).to_json(self.inbox / f"tickets-{name}.jsonl", orient="records", lines=True)


@pytest.fixture(scope="module")
def life(first_night, tmp_path_factory):
    """The states of the case after each night, by day, and everything that happened to it."""
    config = copy_of(first_night, tmp_path_factory.mktemp("life") / "demo")
    customer = Customer(config)
    corrections = {
        8: lambda: customer.restates("worse", since="worst", before="best"),
        9: lambda: customer.restates("well", since="best", before="best"),
        12: lambda: customer.restates("again", since="worst", before="best"),
    }
    states, summaries = {}, {}
    for day in range(1, 16):
        corrections.get(day, lambda: None)()
        summaries[day] = json.loads(voc(config, "run", "--as-of", f"2026-03-{day:02d}", "--json"))
        cases = json.loads(voc(config, "case", "list", "--all", "--json"))["cases"]
        (case,) = [one for one in cases if one["subject"] == CUSTOMER]
        states[day] = case["state"]
    shown = json.loads(voc(config, "case", "show", case["case_id"], "--json"))
    return config, case["case_id"], states, shown["history"], summaries


def mails_about(config, case_id):
    """(subject, text part) of every mail that tells of the case."""
    found = []
    for path in (config.parent / "state" / "outbox").glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.SMTP)
        text = mail.get_body(("plain",)).get_content()
        if case_id in text:
            assert mail["To"] == OWNER
            found.append((mail["Subject"], text))
    return found


def test_the_case_lives_as_it_should(life):
    _, _, states, history, _ = life
    assert [states[day] for day in (1, 7, 8, 9, 10, 11, 12, 15)] == [
        "open", "open", "open", "open", "open", "cleared", "reopened", "reopened",
    ]  # fmt: skip
    happened = [event["what"] for event in history if event["what"] not in ("seen", "quiet")]
    assert happened == ["opened", "told", "worse", "told", "cleared", "reopened", "told"]


def test_nights_on_which_nothing_changes_say_nothing(life):
    _, _, _, history, _ = life
    assert Counter(event["what"] for event in history if "2026-03-02" <= event["on"] <= "2026-03-07") == {"seen": 6}


def test_its_owner_hears_of_it_when_it_opens_when_it_is_worse_and_a_week_later_that_it_is_back(life):
    config, case_id, _, history, _ = life
    assert [event["on"] for event in history if event["what"] == "told"] == ["2026-03-01", "2026-03-08", "2026-03-15"]
    mails = mails_about(config, case_id)
    assert len(mails) == 3
    assert sorted(subject.startswith("First look") for subject, _ in mails) == [False, False, True]


def test_every_night_publishes_the_case_as_it_then_stood(life):
    _, case_id, states, _, summaries = life
    kept = {day: night["path"] for day, night in summaries.items() if Path(night["path"]).exists()}
    assert len(kept) == 14  # marts.keep: the first night has been pruned by the fifteenth
    for day, path in kept.items():
        with duckdb.connect(path, read_only=True) as marts:
            found = marts.execute("select state from marts.fct_cases where case_id = ?", [case_id]).fetchall()
        assert found == [(states[day],)]


def test_an_older_night_run_again_shows_its_own_past_and_moves_nothing(life):
    config, case_id, _, _, _ = life
    before = voc(config, "case", "show", case_id, "--json")
    sent = len(list((config.parent / "state" / "outbox").iterdir()))
    again = json.loads(voc(config, "run", "--as-of", "2026-03-07", "--json"))
    with duckdb.connect(again["path"], read_only=True) as marts:
        found = marts.execute("select state from marts.fct_cases where case_id = ?", [case_id]).fetchall()
    assert (again["already_done"], again["is_current"], found) == (False, False, [("open",)])
    after = json.loads(voc(config, "case", "show", case_id, "--json"))
    assert (after["case"], after["history"]) == (json.loads(before)["case"], json.loads(before)["history"])
    assert len(list((config.parent / "state" / "outbox").iterdir())) == sent


def test_a_closed_case_is_mailed_no_more_and_its_verdict_costs_the_metric_trust(life):
    config, case_id, _, _, _ = life
    voc(config, "case", "close", case_id[:6], "--verdict", "metric_wrong", "--note", "auto-replies stop the clock")
    night = json.loads(voc(config, "run", "--as-of", "2026-03-16", "--json"))
    with duckdb.connect(night["path"], read_only=True) as marts:
        (case,) = marts.execute(
            "select state, verdict, closed_on::varchar from marts.fct_cases where case_id = ?", [case_id]
        ).fetchall()
        (trust,) = marts.execute(
            "select n_verdicts, n_metric_wrong, round(trust, 3) from marts.mart_kpi_trust "
            "join marts.fct_cases using (kpi) where case_id = ?",
            [case_id],
        ).fetchall()
    assert case == ("closed", "metric_wrong", "2026-03-15")
    assert trust == (1, 1, 0.333)
    history = json.loads(voc(config, "case", "show", case_id, "--json"))["history"]
    assert history[-1]["what"] == "closed"
    assert len(mails_about(config, case_id)) == 3
