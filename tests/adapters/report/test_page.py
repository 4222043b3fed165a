"""The report of a small published night: what it says, that it stands alone, and where it is put."""

import os
import re
import stat
from datetime import date
from itertools import pairwise

import pytest
from support.reported_night import AS_OF, Page, small_night
from support.written_report import RUN, full_page, written

from voc.errors import OutsideError
from voc.steps import report


@pytest.fixture
def night(tmp_path):
    return small_night(tmp_path / "night.duckdb")


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "state" / "reports"


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return full_page(tmp_path_factory.mktemp("full"))


def test_a_page_stands_alone(full):
    (policy,) = [meta["content"] for meta in full.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not full.all("script", "link", "iframe", "object", "embed", "form", "base", "img", "image")
    links = [a["href"] for a in full.all("a")]
    assert {link for link in links if not link.startswith("#")} == {"../docs/index.html"}
    assert not re.search(r"url\(\s*['\"]?(?!#)", " ".join(full.texts))


def test_a_page_is_well_formed_and_its_ids_and_links_hold(full):
    ids = [attributes["id"] for _, attributes in full.elements if "id" in attributes]
    referred = [a["href"][1:] for a in full.all("a", "use") if a["href"].startswith("#")]
    referred += [i for _, attributes in full.elements for i in attributes.get("aria-labelledby", "").split()]
    assert full.faults == []
    assert len(ids) == len(set(ids))
    assert referred
    assert set(referred) <= set(ids)


def test_a_page_can_be_read_by_ear(full):
    headings = [int(tag[1]) for tag, _ in full.elements if re.fullmatch(r"h[1-6]", tag)]
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert full.all("html") == [{"lang": "en"}]
    assert full.all("th")
    assert all(th.get("scope") in ("row", "col") for th in full.all("th"))
    drawings = full.all("svg")
    assert len(drawings) == 5  # three cases, and the evidence of two
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in drawings)
    assert all(box["aria-label"] and box["tabindex"] == "0" for box in full.all("div") if box.get("class") == "wide")
    assert full.elements[[tag for tag, _ in full.elements].index("body") + 1] == (
        "a",
        {"class": "skip", "href": "#cases"},
    )


def test_the_night_is_said_in_three_sentences(full):
    assert "It shows everyone's cases" in full.text
    assert "1,234 rows from 2 sources stand behind this night, and 1 of 2 customers could be judged" in full.text
    assert "5 cases are open (tonight 1 new, 1 cleared); 1 cleared and 1 closed by people so far." in full.text
    assert "1 customer could not be judged; sources held: nps (late), and 1 open case waited for that." in full.text


def test_a_case_is_told_with_its_evidence(full):
    for said in (
        "1. Jansen Bakery (C1)",
        "the metric looks fine, the customer does not",
        "EUR 1,000 a month",
        "It began in the week of 22 December 2025. 10 messages since, 50 before",
        "about 1 in 50 cases at least as clear is a false alarm",
        "In agreement with the customer: Invoiced a month",
        "the metric, to be examined; trusted 0.40 (0.07 to 0.81) after 3 verdicts",
        "open, opened 1 March, due 15 March",
        "owner@acme.example",
        "voc case acknowledge live",
        "voc case close live --verdict",
    ):
        assert said.casefold() in full.text.casefold()


def test_what_rests_on_a_late_source_says_so(full):
    assert "Not judged tonight: source nps is late." in full.text


def test_cases_beyond_the_pictures_and_those_that_are_over_are_rows(full):
    assert {"more0", "more1", "cleared", "closed"} <= set(full.texts)
    assert len(full.all("article")) == 3
    assert "closed on 11 February" in full.text
    assert "Definition gap" in full.text


def test_every_metric_state_source_and_reject_is_there(full):
    for said in (
        "Visits on time", "0.40 (0.07 to 0.81)", "Invoiced a month", "no verdicts yet", "Churned", "Stale feed",
        "Too little feedback", "2026-03-01 20:00", "Not a number", "calibrated on 900 comparisons", RUN, "held: late",
    ):  # fmt: skip
        assert said in full.text


def test_a_night_without_cases_says_so_and_what_it_does_not_mean(night, reports):
    page = Page(written(night, reports).read_text())
    assert "No case is open, and none has ever been." in page.text
    assert "No case is open (tonight nothing new); 0 cleared and 0 closed by people so far." in page.text
    assert "1 customer could not be judged; no source is held." in page.text
    assert not page.all("article")
    assert not [a for a in page.all("a") if "docs" in a["href"]]


def test_a_night_that_could_not_be_judged_says_why(night, reports):
    night.do(
        "update marts.mart_run set n_customers = 0, n_customers_judged = 0, sources = null, "
        "is_calibrated = false, calibration_verdict = '3 customers are too few to calibrate (100 are needed)'"
    )
    night.do("delete from marts.fct_coverage")
    night.do("delete from marts.mart_rejects")
    page = Page(written(night, reports).read_text())
    assert "3 customers are too few to calibrate" in page.text
    assert "Every row could be used." in page.text


def test_no_customers_words_are_in_it(night, reports):
    night.add("fct_feedback", [{"feedback_id": "nps:1", "customer_id": "C1", "safe_text": "canary-7391"}])
    night.add_case("a")
    assert "canary-7391" not in written(night, reports).read_text()


def test_the_same_night_gives_the_same_bytes(night, reports):
    night.add_case("a")
    first = written(night, reports).read_bytes()
    night.do("update marts.mart_run set started_at = '2031-01-01'")
    assert written(night, reports).read_bytes() == first


def test_only_the_group_may_read_a_report(night, reports):
    before = os.umask(0)
    try:
        page = written(night, reports)
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (page, page.parent, reports)]
    assert modes == [0o640, 0o750, 0o750]
    assert [path.name for path in page.parent.iterdir()] == ["index.html"]


def test_latest_leads_to_the_newest_night_and_an_older_one_leaves_it(night, reports):
    written(night, reports)
    written(night, reports, run_id="2026-02-01-0a0a0a0a", make_latest=False)
    assert (reports / "latest").readlink().name == RUN
    written(night, reports, run_id="2026-03-02-0b0b0b0b")
    assert (reports / "latest" / "index.html").exists()
    assert (reports / "latest").readlink().name == "2026-03-02-0b0b0b0b"


def test_reports_of_runs_that_are_not_kept_go_and_nothing_else(night, reports):
    old, kept, latest = "2026-02-01-0a0a0a0a", "2026-02-02-0a0a0a0a", "2026-02-03-0a0a0a0a"
    for run_id in (old, kept, latest):
        written(night, reports, run_id=run_id)
    (reports / "docs").mkdir()
    (reports / "somebody's own").mkdir()

    written(night, reports, make_latest=False, keep=frozenset({kept}))

    assert {path.name for path in reports.iterdir()} == {kept, latest, RUN, "latest", "docs", "somebody's own"}


def test_a_report_that_cannot_be_written_leaves_the_one_before(night, reports):
    page = written(night, reports)
    before = page.read_bytes()
    night.do("drop table marts.fct_cases")
    with pytest.raises(OutsideError, match="published by another version"):
        written(night, reports)
    assert page.read_bytes() == before
    with pytest.raises(OutsideError):
        report.run(reports / "no such.duckdb", run_id=RUN, reports=reports, make_latest=True, keep=None)


def test_days_of_another_year_have_their_year(night, reports):
    night.add_case("a", opened_on=date(2025, 12, 30))
    assert AS_OF.year == 2026
    assert "opened 30 December 2025" in Page(written(night, reports).read_text()).text
