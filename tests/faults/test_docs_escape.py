"""What customers, files and settings bring along stays out of the documentation, and cannot run in it."""

from html.parser import HTMLParser

import duckdb
import pytest
from support import planted_raw

from voc.adapters.dbt import runner
from voc.adapters.places import dbt_project, expectations
from voc.errors import InputError, OutsideError
from voc.steps import docs

pytestmark = pytest.mark.slow

CANARY = "zyzzyva-4711"
MAIL = f"{CANARY}@customers.example"
HOSTILE = [
    f"<script>alert('{CANARY}')</script>", f'"><img src=x onerror=alert("{CANARY}")>', f"javascript:alert('{CANARY}')",
    f"{{{{7*7}}}} {CANARY}", f"]]> {CANARY}", f"</svg></title></script> {CANARY}", f"\u202e{CANARY}",
]  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """The folder of a night whose every text is hostile and holds the canary, and where its documentation went."""
    home = tmp_path_factory.mktemp("a hostile night")
    work = home / "work" / "warehouse.duckdb"
    planted_raw.plant(work)
    with duckdb.connect(str(work)) as connection:
        for i, payload in enumerate(HOSTILE):
            connection.execute("update raw.customers set name = ?, segment = ? where _row = ?", [payload, payload, i])
            connection.execute(
                "update raw.surveys set comment = ?, touchpoint = ? where _row = ?", [payload, payload, i]
            )
            connection.execute(
                "insert into raw.kpis (customer_id, kpi, measured_on, value, _source, _batch, _row)"
                " values (?, ?, '2026-01-05', 99, 'bi', 4, 9000)",
                [payload, payload],
            )
        connection.execute("update raw.customers set owner_email = ?, _extra = ?", [MAIL, MAIL])
        connection.execute(
            "update raw.config_kpis set label = ?, owner = ?, touchpoint = ?", [HOSTILE[0], MAIL, HOSTILE[1]]
        )
        connection.execute("update raw.config_company set company = ?", [HOSTILE[0]])
        connection.execute("update raw.ledger set file_name = ?, why = ?", [HOSTILE[0], HOSTILE[1]])
        connection.execute("insert into raw.rejects values (2, 18, ?, 'not_a_number', ?)", [HOSTILE[0], HOSTILE[1]])
    runner.build(work, "feedback", project=dbt_project(), scratch=home / "scratch")
    with duckdb.connect(str(work)) as connection:  # two marts that break their rules with hostile values
        connection.execute("""
            create schema marts;
            create table marts.dim_kpi as select * replace ('sideways' as better, label as unit) from raw.config_kpis;
            create table marts.mart_rejects as select record as source, column_name as reason from raw.rejects;
        """)
    return home


@pytest.fixture(scope="module")
def pages(night):
    index = document(night)
    return {str(path.relative_to(index.parent)): path for path in index.parent.rglob("*") if path.is_file()}


def document(night, project=None):
    return docs.run(
        night / "work" / "warehouse.duckdb",
        reports=night / "reports",
        suites=expectations(),
        project=project or dbt_project(),
        scratch=night / "scratch",
    )


class Scripts(HTMLParser):
    """What could run in a page."""

    def __init__(self, html):
        super().__init__()
        self.loaded, self.inline = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.inline += tag == "script"
        self.loaded += [
            (tag, name, value)
            for name, value in attrs
            if name.startswith("on")
            or (value or "").startswith("javascript:")
            or (tag in ("script", "img", "iframe", "object", "link") and "//" in (value or ""))
        ]


def test_no_text_of_a_customer_a_file_or_a_setting_is_written(pages):
    assert {"index.html", "dbt.html", "data/index.html"} <= pages.keys()
    assert len(pages) > 20
    for word in (CANARY, planted_raw.CANARY, "7*7"):
        assert [name for name, path in pages.items() if word in name or word in path.read_text(encoding="utf-8")] == []


def test_the_broken_rules_are_told_with_counts(pages):
    index = pages["index.html"].read_text()
    assert "marts_dim_kpi: column unit:" in index
    assert "landed_kpis from bi" in index


def test_nothing_of_theirs_runs_and_nothing_is_loaded(pages):
    for name, path in pages.items():
        html = path.read_text(encoding="utf-8")
        scripts = Scripts(html)
        assert scripts.loaded == [], name
        assert bool(scripts.inline) == (name == "dbt.html"), name
        assert "Content-Security-Policy\" content=\"default-src 'none'" in html[:400], name


def test_the_dbt_page_names_no_folder_of_this_machine(pages, night):
    html = pages["dbt.html"].read_text(encoding="utf-8")
    assert "stg_customers" in html
    assert str(night) not in html


def test_the_files_are_for_the_group_to_read_and_nothing_else_is_written(pages, night):
    site = pages["index.html"].parent
    assert {path.stat().st_mode & 0o777 for path in pages.values()} == {0o640}
    assert {path.stat().st_mode & 0o777 for path in (site, *site.rglob("*")) if path.is_dir()} == {0o750}
    assert {path.name for path in night.iterdir()} == {"work", "scratch", "reports"}
    assert {path.name for path in (night / "reports").iterdir()} == {"docs"}
    assert {path.name for path in (night / "work").iterdir()} == {"warehouse.duckdb"}


def test_a_failure_leaves_the_last_documentation_whole(pages, night, tmp_path):
    before = {name: path.read_bytes() for name, path in pages.items()}
    with pytest.raises(OutsideError, match="dbt could not describe the tables"):
        document(night, project=tmp_path)
    assert {name: path.read_bytes() for name, path in pages.items()} == before
    assert {path.name for path in (night / "reports").iterdir()} == {"docs"}


def test_documentation_can_be_written_again(pages, night):
    (night / "reports" / "latest").mkdir()
    index = document(night)
    (night / "reports" / "latest").rmdir()
    assert {str(path.relative_to(index.parent)) for path in index.parent.rglob("*") if path.is_file()} == pages.keys()
    assert "../latest/index.html" in index.read_text()


def test_without_a_night_there_is_nothing_to_document(tmp_path):
    with pytest.raises(InputError, match="no night"):
        document(tmp_path)
    assert list(tmp_path.iterdir()) == []
