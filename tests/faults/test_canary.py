"""A personal datum in every field that comes in, and a search for each in everything that a night leaves behind.

What a contract shows is shown where it says and nowhere else; what a person wrote, and who wrote it, is shown nowhere.
"""

import html
import json
import re
import subprocess
import sys
import zipfile
from itertools import cycle
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.small_demo import AS_OF, small_demo

from voc.adapters.erasure import mail_parsing
from voc.domain.contract import CONTRACT, Column, Table

pytestmark = pytest.mark.slow

TYPED = [
    "ada.canary@planted.example", "ada.canary (at) planted (dot) example", "+31 6 12345678", "+49 30 901820",
    "NL91 ABNA 0417 1643 00", "DE89370400440532013000", "GB29NWBK60161331926819", "4111 1111 1111 1111",
    "340000000000009",
]  # fmt: skip
"""Of every kind that needs no knowledge of the customer; numbers that their issuers print as examples."""

WORDS = ("comment", "subject", "body")
NAMED, NAME, PERSON = "LB-0450", "Quibblethorpe Zeehandel BV", "Tobias Vandersteenwijk"
"""A customer, what it is called, and who speaks for it: names that we hold."""
SHOWN = {
    ("customers", "name"): {"dim_customer.name"},
    ("customers", "segment"): {"dim_customer.segment", "fct_contradictions.subject", "mart_group_week.subject"},
    ("customers", "region"): {"dim_customer.region", "fct_contradictions.subject", "mart_group_week.subject"},
    ("customers", "plan"): {"dim_customer.plan", "fct_contradictions.subject", "mart_group_week.subject"},
    ("customers", "partner"): {"dim_customer.partner"},
    ("customers", "owner_email"): {
        "dim_customer.owner_email", "mart_fell_silent.owner_email", "mart_nobody_asked.owner_email",
    },
    ("surveys", "survey"): {"fct_feedback.channel", "mart_scorer.question", "mart_survey_agreement.survey"},
    ("surveys", "touchpoint"): {
        "fct_feedback.touchpoint", "mart_group_week.subject", "fct_contradictions.subject", "fct_contradictions.reason",
    },
    ("surveys", "actor_type"): {"fct_feedback.actor_type"},
    ("tickets", "channel"): {"fct_feedback.channel"},
    ("tickets", "touchpoint"): {"fct_feedback.touchpoint", "mart_group_week.subject"},
    ("tickets", "actor_type"): {"fct_feedback.actor_type"},
}  # fmt: skip
"""Columns of the marts that show a field to owners by contract. What is written into a field of kinds is shown."""
SHOWN_TO_PEOPLE = {"reports", "outbox", "output", "control.sqlite"}
"""Where the names that owners know customers and groups by may stand as well."""
IDS = {"customer_id", "response_id", "ticket_id", "kpi"}
"""They name rows everywhere; docs/security.md asks for ids that are nobody's address."""
PRIVATE = ("state/landed", "state/quarantine", "state/work/warehouse.duckdb")
"""Where everything lies as it came, for the writer alone."""


def canary(table: str, column: str) -> str:
    """The datum that is planted in a field, and in no other."""
    return f"canary.{table}.{column}@planted.example"


def is_number(column: Column) -> bool:
    return column.type not in ("id", "text")


def plant(config: Path) -> list[tuple[str, str]]:
    """Puts the canaries into the inbox of the small demo; the fields that have one."""
    planted = []
    for table, columns in CONTRACT.items():
        file = config.parent / "inbox" / f"{table}.{'jsonl' if table == Table.TICKETS else 'csv'}"
        rows = read(file)
        rows["contact"] = canary(table, "contact")  # a column outside the contract
        fields = [column for column in columns if column.name not in IDS]
        bad = []
        for column in fields:
            if is_number(column):
                bad.append({**rows.iloc[0], column.name: canary(table, column.name)})
            elif column.name not in WORDS:
                # of a customer of its own each, so that the others make an ordinary company
                whose = sorted(set(rows["customer_id"]))[len(planted)]
                rows.loc[rows["customer_id"] == whose, column.name] = canary(table, column.name)
            planted.append((str(table), column.name))
        if table in (Table.SURVEYS, Table.TICKETS):
            add_held_names(rows, "comment" if table == Table.SURVEYS else "body")
        elif table == Table.CUSTOMERS:
            rows.loc[rows["customer_id"] == NAMED, "name"] = NAME
        for column in sorted(set(WORDS) & set(rows)):
            rows[column] = spoken(rows[column].fillna(""), canary(table, column))
        write(file, pd.concat([rows, pd.DataFrame(bad)]))
        planted.append((str(table), "contact"))
    return planted


def add_held_names(rows: pd.DataFrame, column: str) -> None:
    """One customer's people sign what they say, and say who they are."""
    theirs = (rows["customer_id"] == NAMED) & (rows[column].fillna("") != "")
    assert theirs.sum() > 3
    rows.loc[theirs, "respondent" if column == "comment" else "requester"] = PERSON
    first, _, last = PERSON.partition(" ")
    for i, row in enumerate(rows.index[theirs]):
        named = (PERSON, f"{last}, {first.upper()}", f"Mr {last}", NAME)[i % 4]
        rows.loc[row, column] = f"{rows.loc[row, column]} Ask {named} of {i} Dam Square"


def spoken(words: pd.Series, own: str) -> list[str]:
    """The texts, one datum after another amid every fifth: what many texts begin or end with is taken for a form's."""
    data = cycle([*TYPED, own])
    return [
        " ".join([first, f"({next(data)})", rest]) if i % 5 == 0 and rest else text
        for i, text in enumerate(words)
        for first, _, rest in [text.partition(" ")]
    ]


def read(file: Path) -> pd.DataFrame:
    if file.suffix == ".jsonl":
        return pd.DataFrame(map(json.loads, file.read_text().splitlines())).astype(object)
    return pd.read_csv(file, dtype=str, keep_default_na=False).astype(object)


def write(file: Path, rows: pd.DataFrame) -> None:
    if file.suffix == ".jsonl":
        whole = rows.astype(object).where(rows.notna(), None).to_dict("records")
        file.write_text("".join(json.dumps(row) + "\n" for row in whole))
    else:
        rows.to_csv(file, index=False)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """(the planted fields, where -> what it says) of a whole night with alerts and documentation."""
    config = small_demo(tmp_path_factory.mktemp("canaries"))
    planted = plant(config)
    said = {}
    for words in (
        ["run", "--as-of", AS_OF],
        ["docs"],
        ["status"],
        ["case", "list", "--all"],
        ["run", "--as-of", AS_OF],
    ):
        command = [sys.executable, "-m", "voc", *words, "--config", str(config)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        said[f"output of voc {words[0]}"] = ran.stdout + ran.stderr
    for path in config.parent.rglob("*"):
        place = str(path.relative_to(config.parent))
        if path.is_file() and not path.is_symlink() and place.startswith("state") and not place.startswith(PRIVATE):
            said |= words_of(path, place)
    return planted, said


def words_of(path: Path, place: str) -> dict[str, str]:
    """What a file says, unpacked; a published night column by column."""
    raw = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            columns = connection.execute(
                "select table_name, column_name from duckdb_columns where schema_name = 'marts'"
            )
            return {place: raw} | {
                f"{table}.{column}": "\n".join(
                    str(value)
                    for (value,) in connection.sql(f'select distinct "{column}" from marts."{table}"').fetchall()
                )
                for table, column in columns.fetchall()
            }
    if path.suffix == ".npz":
        with zipfile.ZipFile(path) as packed:
            return {place: "\n".join(packed.read(name).decode("utf-8", errors="replace") for name in packed.namelist())}
    return {place: mail_parsing.text_of(path.read_bytes()) if path.suffix == ".eml" else html.unescape(raw)}


def found(said: dict[str, str], what: str) -> set[str]:
    return {place for place, words in said.items() if what in words}


def test_the_night_has_left_everything_there_is_to_search(night):
    _, said = night
    for place in ("state/models/", "state/outbox/", "state/reports/docs/", "state/marts/", "state/control.sqlite"):
        assert [one for one in said if one.startswith(place)], place
    assert said["fct_cases.case_id"]
    assert "[email]" in said["fct_feedback.safe_text"]
    assert said["mart_rejects.reason"]


def test_every_field_of_the_contract_has_its_canary(night):
    planted, _ = night
    fields = {(str(table), column.name) for table, columns in CONTRACT.items() for column in columns}
    assert {field for field in fields if field[1] not in IDS} < set(planted)


def test_what_a_field_holds_is_shown_where_a_contract_says_and_nowhere_else(night):
    planted, said = night
    leaks = {}
    for field in planted:
        places = found(said, canary(*field))
        shown = SHOWN.get(field, set())
        beyond = {
            place
            for place in places - shown
            if not (shown and (place.startswith("state/marts/") or any(one in place for one in SHOWN_TO_PEOPLE)))
        }
        if beyond:
            leaks[field] = sorted(beyond)
    assert leaks == {}


def test_the_search_finds_what_is_shown(night):
    _, said = night
    unseen = [field for field in SHOWN if not found(said, canary(*field)) & SHOWN[field]]
    assert unseen == []


def test_names_that_are_held_are_in_no_words(night):
    _, said = night
    assert "[name]" in said["fct_feedback.safe_text"]
    assert {place for word in PERSON.split() for place in found(said, word)} == set()
    shown = {place for place in found(said, "Quibblethorpe") if "." in place and not place.startswith("state/")}
    assert shown == {"dim_customer.name"}


@pytest.mark.parametrize("datum", TYPED)
def test_what_is_personal_in_words_is_nowhere(night, datum):
    _, said = night
    spellings = {datum, re.sub(r"[\s+]", "", datum)}
    assert {place for spelling in spellings for place in found(said, spelling)} == set()
