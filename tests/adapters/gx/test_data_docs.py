"""Great Expectations' pages about the doors: what they say, that they say the same twice, and what they need."""

import gc
import shutil
from contextlib import contextmanager
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pandas as pd
import pytest
import yaml
from support.doors import rule
from support.ordinary_company import ORDINARY

from voc.adapters.gx import data_docs, gate
from voc.adapters.places import expectations
from voc.adapters.work_file import warehouse
from voc.adapters.work_file.schema import ddl
from voc.errors import InputError, OutsideError

NOON = datetime.fromisoformat("2026-01-12T12:00")
NIGHT = warehouse.RunMeta("2026-01-11-ab", date(2026, 1, 11), NOON, NOON, NOON)
CANARY = "canary-7c1f"
LANDED = """
insert into raw.ledger
select i, source, kind, source || '.csv', 'sha' || i, '', 'accepted', null, '2026-01-12', 9, 9, 0, 0, 0, null, null
from (values (1, 'crm', 'customers'), (2, 'nps', 'surveys'), (3, 'desk', 'tickets'), (4, 'bi', 'kpis'))
    t(i, source, kind)
"""


@contextmanager
def ordinary_night():
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'")
        opened.execute(ddl())
        opened.execute(ORDINARY)
        opened.execute(LANDED)
        yield opened


@pytest.fixture
def connection():
    with ordinary_night() as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a site with every suite, as each takes its time, and what its tables say."""
    site = tmp_path_factory.mktemp("site") / "data"
    with ordinary_night() as opened:
        return site, written(opened, site, expectations())


def written(connection, site, suites, **options):
    return {table.name: table for table in data_docs.write_site(connection, suites, NIGHT, site, **options)}


def only(folder: Path, suite: str) -> Path:
    """One of the real suites, as judging all of them takes seconds."""
    folder.mkdir()
    shutil.copy(expectations() / f"{suite}.yml", folder)
    return folder


def one_suite(folder: Path, name: str, *rules) -> Path:
    folder.mkdir()
    (folder / f"{name}.yml").write_text(yaml.safe_dump({"name": name, "expectations": list(rules)}))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Links(HTMLParser):
    """Every address that a page links to, and whatever could run or load something."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.hrefs, self.active = set(), []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.hrefs.add(value)
            elif name in ("src", "href", "srcset") or name.startswith("on") or (name == "style" and "url" in value):
                self.active.append((tag, name, value))
        if tag in ("script", "link", "iframe", "object", "img"):
            self.active.append((tag, *attrs))


def test_every_suite_has_its_page_and_every_table_its_answers(whole):
    site, said = whole
    suites = {file.stem for file in expectations().glob("*.yml")}
    assert {path.stem for path in (site / "expectations").iterdir()} == suites
    assert {name.split()[0] for name in said} == suites
    assert all((site / table.page).is_file() for table in said.values())
    assert said["landed_surveys from nps"].n_rows == 2
    assert said["marts_dim_customer"].broken == ()


def test_the_doors_and_the_pages_count_alike(connection, tmp_path):
    connection.execute("update raw.customers set monthly_revenue = -1, owner_email = 'Bo'")
    at_the_door = gate.check(connection, "raw.customers", expectations() / "landed_customers.yml")
    (said,) = written(connection, tmp_path, only(tmp_path / "suites", "landed_customers")).values()
    assert len(at_the_door.broken) > 1
    assert (said.broken, said.n_rules, said.n_rows) == (at_the_door.broken, at_the_door.n_rules, at_the_door.n_rows)
    assert "2 unexpected values found" in (tmp_path / said.page).read_text()


def test_a_door_still_works_after_the_pages_were_written(connection, tmp_path):
    written(connection, tmp_path, only(tmp_path / "suites", "landed_customers"))
    suite = expectations() / "landed_customers.yml"
    assert gate.check(connection, "raw.customers", suite).broken == ()
    connection.execute("update raw.customers set customer_id = null")
    assert gate.check(connection, "raw.customers", suite).critical


def test_of_each_source_the_newest_accepted_file_is_shown(connection, tmp_path):
    connection.execute("""
        insert into raw.ledger by name select * replace (7 as batch, 'newer' as sha256) from raw.ledger where batch = 1;
        insert into raw.ledger by name
            select * replace (8 as batch, 'bad' as sha256, 'refused' as status) from raw.ledger where batch = 1;
        insert into raw.ledger by name
            select * replace (9 as batch, 'other' as sha256, 'erp' as source) from raw.ledger where batch = 1;
        insert into raw.customers by name select * replace (7 as _batch) from raw.customers where customer_id = 'c1';
    """)
    said = written(connection, tmp_path, only(tmp_path / "suites", "landed_customers"))
    assert said["landed_customers from crm"].n_rows == 1
    assert said["landed_customers from erp"].n_rows == 0


def test_a_mart_that_was_not_built_is_said_to_be_missing(connection, tmp_path):
    connection.execute("drop table marts.dim_kpi")
    said = written(connection, tmp_path, only(tmp_path / "suites", "marts_dim_kpi"))
    assert (said["marts_dim_kpi"].n_rows, said["marts_dim_kpi"].page) == (None, "expectations/marts_dim_kpi.html")
    data_docs.write_index(tmp_path / "index.html", list(said.values()), NIGHT, has_report=False)
    assert "no such table tonight" in (tmp_path / "index.html").read_text()


def test_a_large_table_is_judged_on_a_sample_and_says_so(connection, tmp_path):
    said = written(connection, tmp_path / "data", only(tmp_path / "suites", "landed_kpis"), limit=2)
    assert said["landed_kpis from bi"].is_sample
    assert said["landed_kpis from bi"].n_rows == 5
    data_docs.write_index(tmp_path / "index.html", list(said.values()), NIGHT, has_report=False)
    assert "judged on a sample" in (tmp_path / "index.html").read_text()


def test_the_same_night_gives_the_same_pages(whole, connection, tmp_path):
    written(connection, tmp_path, expectations())
    assert files(tmp_path) == files(whole[0])


def test_no_page_runs_or_loads_anything_and_every_link_leads_somewhere(whole, tmp_path):
    site, said = whole
    shutil.copytree(site, tmp_path / "data")
    data_docs.write_index(tmp_path / "index.html", list(said.values()), NIGHT, has_report=True)
    (tmp_path / "dbt.html").touch()
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        links = Links(page)
        assert links.active == []
        assert "http" not in page.read_text().replace("http-equiv", "")
        assert "default-src 'none'" in page.read_text() or page.name == "dbt.html"
        targets = {href.partition("#")[0] for href in links.hrefs} - {"", "../latest/index.html"}
        assert [href for href in targets if not (page.parent / unquote(href)).is_file()] == []


def test_the_reason_of_a_rule_stands_beside_it(connection, tmp_path):
    written(connection, tmp_path, only(tmp_path / "suites", "landed_customers"))
    page = (tmp_path / "expectations" / "landed_customers.html").read_text()
    assert "critical: a customer without an id cannot be joined to anything" in page


def test_no_value_of_a_table_reaches_a_page_whatever_the_rule(connection, tmp_path):
    connection.execute(f"update raw.customers set customer_id = '{CANARY}', name = '{CANARY} is my name'")
    name = {"column": "name"}
    suites = one_suite(
        tmp_path / "suites",
        "landed_customers",
        rule("expect_column_values_to_be_unique", column="customer_id"),
        rule("expect_column_values_to_match_regex", regex="^x$", **name),
        rule("expect_column_distinct_values_to_be_in_set", value_set=["x"], **name),
        rule("expect_column_max_to_be_between", max_value=5, **name),
        rule("expect_column_most_common_value_to_be_in_set", value_set=["x"], **name),
        rule("expect_column_values_to_be_between", min_value=0, **name),  # raises: text is no number
    )
    (said,) = written(connection, tmp_path / "site", suites).values()
    assert len(said.broken) == 6
    assert "it can't be judged on this table" in (tmp_path / "site" / said.page).read_text()
    assert [page for page, content in files(tmp_path / "site").items() if CANARY.encode() in content] == []
    gc.collect()
    assert [f for f in gc.get_objects() if isinstance(f, pd.DataFrame) and "customer_id" in f.columns] == []


def test_a_suite_that_names_no_real_expectation_is_named(connection, tmp_path):
    suites = one_suite(tmp_path / "suites", "landed_customers", rule("expect_the_unexpected", column="name"))
    with pytest.raises(InputError, match="expect_the_unexpected"):
        written(connection, tmp_path / "site", suites)


def test_a_work_file_in_use_or_broken_is_named_and_left_alone(tmp_path):
    broken = tmp_path / "warehouse.duckdb"
    broken.write_bytes(b"no database")
    with pytest.raises(OutsideError, match=r"warehouse\.duckdb can't be read"), data_docs.opened(broken):
        pass
    assert broken.read_bytes() == b"no database"
