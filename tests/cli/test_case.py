"""`voc case` as people use it: what it prints, what it writes, what it refuses."""

import csv
import io
import json
from datetime import date

import pytest
import yaml
from support.hand_made_nights import hand_made
from typer.testing import CliRunner

from voc.cli.main import cli
from voc.errors import InputError
from voc.settings import template


@pytest.fixture
def config(tmp_path):
    """A project whose first night has opened two cases; nothing is published yet."""
    path = template.write(tmp_path / "project")
    company = hand_made(path.parent / yaml.safe_load(path.read_text()).get("state", "state"))
    company.finds({"customer_id": "C1"}, {"customer_id": "C2", "reason": "=1+1"})
    company.night(0)
    return path


def run(config, *arguments):
    ran = CliRunner().invoke(cli, ["case", *arguments, "--config", str(config)])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.stdout


def listed(config, *arguments):
    return json.loads(run(config, "list", "--json", *arguments))["cases"]


def test_live_cases_are_listed_and_those_that_are_over_only_when_asked_for(config):
    first, second = listed(config)
    run(config, "close", first["case_id"], "--verdict", "both_true", "--note", "another matter")
    assert [case["case_id"] for case in listed(config)] == [second["case_id"]]
    assert len(listed(config, "--all")) == 2
    assert listed(config, "--owner", "nobody@lumen.example") == []


def test_a_case_is_acknowledged_snoozed_closed_and_reopened_by_the_beginning_of_its_id(config):
    case_id = listed(config)[0]["case_id"]
    for arguments, said in (
        (("acknowledge", case_id[:5]), "is acknowledged"),
        (("snooze", case_id[:5], "--until", "2026-03-09"), "is snoozed until 2026-03-09"),
        (("close", case_id[:5], "--verdict", "timing", "--note", "late"), "is closed with verdict timing"),
        (("reopen", case_id[:5], "--by", "ann"), "is reopened"),
    ):
        assert said in run(config, *arguments)
    history = json.loads(run(config, "show", case_id, "--json"))["history"]
    assert [event["what"] for event in history] == ["opened", "told", "acknowledged", "snoozed", "closed", "reopened"]
    assert (history[-1]["by"], history[-2]["note"]) == ("ann", "timing: late")
    assert {event["on"] for event in history} == {str(date(2026, 3, 1))}
    shown = run(config, "show", case_id)
    assert "closed by" in shown
    assert "timing: late" in shown


def test_a_spreadsheet_opens_the_list_without_running_anything_in_it(config):
    rows = list(csv.DictReader(io.StringIO(run(config, "list", "--csv"))))
    assert [row["reason"] for row in sorted(rows, key=lambda row: row["subject"])] == ["Because.", "'=1+1"]
    assert {row["size"] for row in rows} == {"-0.6"}  # a number, not a text that begins with a minus


def test_what_cannot_be_done_is_told_with_the_fix(config):
    case_id = listed(config)[0]["case_id"]
    with pytest.raises(InputError, match="no case ffff"):
        run(config, "show", "ffff")
    with pytest.raises(InputError, match="name a later day"):
        run(config, "snooze", case_id, "--until", "2026-03-01")
    with pytest.raises(InputError, match="not over yet"):
        run(config, "reopen", case_id)
    assert "Invalid value for '--verdict'" in CliRunner().invoke(
        cli, ["case", "close", case_id, "--verdict", "whatever", "--note", "x", "--config", str(config)]
    ).stderr  # fmt: skip


def test_every_command_of_case_has_help_with_an_example(config):
    said = CliRunner().invoke(cli, ["case", "--help"]).stdout
    for command in ("list", "show", "acknowledge", "snooze", "close", "reopen", "night"):
        assert command in said
        assert f"Example: voc case {command}" in CliRunner().invoke(cli, ["case", command, "--help"]).stdout


def test_status_counts_cases_as_they_are_now(config):
    case_id = listed(config)[0]["case_id"]
    run(config, "close", case_id, "--verdict", "timing", "--note", "late")
    said = CliRunner().invoke(cli, ["status", "--json", "--config", str(config)])
    assert json.loads(said.stdout)["cases"] == {"closed": 1, "open": 1}


def test_without_a_night_there_is_nothing_to_act_on(tmp_path):
    path = template.write(tmp_path / "project")
    assert "No case is live" in run(path, "list")
    with pytest.raises(InputError, match="no case"):
        run(path, "acknowledge", "a")
