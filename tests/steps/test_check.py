"""The landed door on real files: what it lets in, what it refuses, and what that means for the night."""

import pytest
import yaml

from voc import app
from voc.errors import GateFailed
from voc.settings import template

WEEKS = [f"2026-{month:02d}-{day:02d}" for month in (1, 2) for day in (4, 11, 18, 25)]


@pytest.fixture
def project(tmp_path):
    """A small company whose KPI is a share."""
    path = template.write(tmp_path)
    settings = yaml.safe_load(path.read_text())
    settings["sources"].pop("tickets")
    path.write_text(yaml.safe_dump(settings))
    inbox = tmp_path / "inbox"
    (inbox / "customers.csv").write_text(
        "customer_id,name\n" + "".join(f"C{i},Customer {i}\n" for i in range(20)), encoding="utf-8"
    )
    (inbox / "surveys.csv").write_text(
        "response_id,customer_id,responded_at,survey,score,scale_min,scale_max\n"
        + "".join(f"R{i},C{i},2026-01-0{1 + i % 9}T10:00:00Z,nps,{i % 11},0,10\n" for i in range(20)),
        encoding="utf-8",
    )
    write_kpis(inbox, 1)
    return app.open_project(path)


def write_kpis(inbox, top):
    rows = "".join(f"C{i},on_time_rate,{week},{0.9 * top}\n" for i in range(20) for week in WEEKS)
    (inbox / "kpis.csv").write_text("customer_id,kpi,measured_on,value\n" + rows, encoding="utf-8")


def test_ordinary_files_are_accepted(project):
    app.land(project)
    app.check(project, "landed")
    assert app.check(project, "landed") == ()  # nothing is left to judge


def test_percentages_in_a_share_are_refused_by_name_until_the_file_is_mended(project):
    inbox = project.config.parent / "inbox"
    write_kpis(inbox, 100)
    app.land(project)
    for _ in range(2):  # the second night must not pass in silence over what the first was woken for
        with pytest.raises(GateFailed, match=r"kpis\.csv of source bi .*value"):
            app.check(project, "landed")
    assert [path.suffix for path in (project.state / "quarantine").iterdir() if path.suffix == ".csv"]

    write_kpis(inbox, 1)
    landed = app.land(project)
    app.check(project, "landed")
    assert {file.file_name for file in landed.files if file.status == "landed"} == {"kpis.csv"}


def test_a_refused_file_that_was_taken_away_stops_no_night(project):
    inbox = project.config.parent / "inbox"
    write_kpis(inbox, 100)
    app.land(project)
    with pytest.raises(GateFailed):
        app.check(project, "landed")
    (inbox / "kpis.csv").unlink()
    app.land(project)
    app.check(project, "landed")
