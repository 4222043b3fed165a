"""A customer is forgotten: everywhere, for good, and whatever happens on the way."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from support.searched_state import said_in
from support.small_demo import AS_OF, voc

from voc.adapters.control_store.control import path_in
from voc.adapters.published import manifest

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Company:
    """A company's folder, and one customer of it: with a case of its own, and a name that nobody shares."""

    folder: Path
    who: str
    name: str

    def __truediv__(self, path: str) -> Path:
        return self.folder / path

    @property
    def config(self) -> Path:
        return self.folder / "voc.yml"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home of our own, where the key is made."""
    folder = tmp_path_factory.mktemp("home")
    before, os.environ["HOME"] = os.environ.get("HOME"), str(folder)
    yield folder
    if before is not None:
        os.environ["HOME"] = before


@pytest.fixture(scope="module")
def night(first_night, home):
    """A company after its night; tests work on copies."""
    with duckdb.connect(str(first_night.parent / "state/marts/current.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select customer_id, name from marts.fct_cases join marts.dim_customer as one using (customer_id) "
            "where level = 'customer' and not exists (select 1 from marts.dim_customer as other "
            "where other.customer_id <> one.customer_id and contains(other.name, one.name)) order by all limit 1"
        ).fetchall()
    return Company(first_night.parent, *found[0])


@pytest.fixture
def company(night, tmp_path):
    shutil.copytree(night.folder, tmp_path / "company", symlinks=True)
    return replace(night, folder=tmp_path / "company")


def marts_of(company: Company):
    """Every table of the current night by name, without what names the run."""
    with duckdb.connect(str(company / "state/marts/current.duckdb"), read_only=True) as connection:
        return manifest.content_of(connection)


def forget(company: Company) -> dict:
    return json.loads(voc(company.config, "forget", company.who, "--yes", "--json"))


def held(company: Company) -> list[str]:
    """Files under the state folder that hold the customer, by an independent look: unpacked, row by row."""
    words = company.who.encode(), company.name.encode()
    found = [path for path, said in said_in(company / "state") if any(word in said for word in words)]
    return [str(path.relative_to(company.folder)) for path in found]


def test_nothing_is_left_of_a_forgotten_customer_and_its_places_are_counted(company):
    assert {Path(one).parts[1] for one in held(company)} >= {"landed", "marts", "work", "reports", "control.sqlite"}
    said = forget(company)
    assert said["left"] == []
    assert held(company) == []
    counts = {place["name"]: place["removed"] for place in said["places"]}
    assert counts["landed files"] > 100
    assert counts["published nights"] > 100
    assert counts["reports"] == 1
    assert counts["cases"] > 0
    assert counts["mails"] == 1
    assert all(place["found"] == place["removed"] for place in said["places"])


def test_the_published_night_stands_without_it_and_agrees_with_its_manifest(company):
    forget(company)
    page = (company / "state/reports/latest/index.html").read_text()
    assert company.name not in page
    current = (company / "state/marts/current.duckdb").resolve()
    promised = manifest.read_manifest(current.with_suffix(".json"))
    assert marts_of(company) == promised.tables
    assert promised.tables["dim_customer"].rows == 199
    assert current.stat().st_mode & 0o777 == 0o440


def test_the_next_night_is_that_of_a_company_that_never_had_it(company, tmp_path):
    forget(company)
    without = tmp_path / "never"
    shutil.copytree(company.folder, without, ignore=shutil.ignore_patterns("state"))
    for file in (without / "inbox").iterdir():
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line for line in lines if company.who not in line))
    never = replace(company, folder=without)
    for one in (company, never):
        voc(one.config, "run", "--as-of", AS_OF)
    its_own_past = {"fct_cases", "fct_case_evidence", "mart_kpi_trust", "mart_run", "mart_rejects"}
    mine, theirs = marts_of(company), marts_of(never)
    assert [name for name in mine if mine[name] != theirs[name] and name not in its_own_past] == []
    assert held(company) == []


def test_a_file_that_lands_again_does_not_bring_it_back(company):
    forget(company)
    for name in ("customers", "surveys"):
        path = company / "inbox" / f"{name}.csv"
        (company / "inbox" / f"{name}2.csv").write_text(path.read_text() + "\n")
    landed = json.loads(voc(company.config, "land", "--json"))
    again = [file for file in landed["files"] if file["file_name"].endswith("2.csv")]
    assert [file["status"] for file in again] == ["landed", "landed"]
    assert held(company) == []


def test_it_is_not_brought_back_when_the_key_is_gone_either(company, home):
    forget(company)
    key = home / ".config/voc/forget.key"
    away = key.rename(key.with_suffix(".away"))
    try:
        with pytest.raises(AssertionError, match="ended with 1"):
            voc(company.config, "run", "--as-of", AS_OF)
    finally:
        away.rename(key)
    assert held(company) == []


CRASHES = [f"forget:{at}" for at in ("tombstone", "cases", "rewritten", "night", "last")]


@pytest.mark.parametrize("at", CRASHES)
def test_killed_anywhere_it_ends_when_it_is_run_again(company, at):
    command = [sys.executable, "-m", "voc", "forget", company.who, "--yes", "--config", str(company.config)]
    child = subprocess.run(command, env=os.environ | {"VOC_CRASH_AT": at}, check=False, capture_output=True)
    assert child.returncode == -signal.SIGKILL
    assert forget(company)["left"] == []
    assert held(company) == []


def test_what_cannot_be_undone_is_asked_first_and_nobody_unknown_is_forgotten(company):
    command = [sys.executable, "-m", "voc", "forget", "--config", str(company.config)]
    unasked = subprocess.run([*command, company.who], input="n\n", text=True, capture_output=True, check=False)
    unknown = subprocess.run([*command, "LB-9999", "--yes"], text=True, capture_output=True, check=False)
    assert (unasked.returncode, unknown.returncode) == (2, 2)
    assert "nobody said yes" in unasked.stderr
    assert "nothing is held of that customer" in unknown.stderr
    assert held(company) != []
    with sqlite3.connect(path_in(company / "state")) as store:
        assert store.execute("select count(*) from tombstones").fetchone() == (0,)


def test_what_cannot_be_removed_is_named_and_ends_with_1(company):
    (company / "state" / "note.txt").write_text(f"ask {company.name} again")
    command = [sys.executable, "-m", "voc", "forget", company.who, "--yes", "--config", str(company.config)]
    ended = subprocess.run(command, text=True, capture_output=True, check=False)
    assert ended.returncode == 1
    assert "note.txt: its bytes" in ended.stdout
    assert "Traceback" not in ended.stderr
