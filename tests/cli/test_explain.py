"""`voc explain` as people use it: on a surfaced case, an explained one, a group, and where there is nothing."""

import json
from datetime import date

import pytest
import yaml
from rich.console import Console
from support.evidenced_night import add_evidence, add_group, add_unheard, explain_by
from support.reported_night import START, small_night
from support.told_cases import a_case, change
from typer.testing import CliRunner

from voc.cli.main import cli
from voc.cli.show import explain as show_explain
from voc.domain.cases.case import State
from voc.errors import InputError
from voc.settings import template


@pytest.fixture(autouse=True)
def _a_wide_terminal(monkeypatch):
    """A console takes its width from the environment of whoever imported it first."""
    monkeypatch.setattr(show_explain, "_out", Console(width=100, highlight=False, markup=False))


@pytest.fixture
def config(tmp_path):
    """A project in which nothing is published yet."""
    return template.write(tmp_path / "project")


@pytest.fixture
def state(config):
    return config.parent / yaml.safe_load(config.read_text()).get("state", "state")


@pytest.fixture
def night(state):
    """A published night on which C1 has a surfaced contradiction on on_time, and C2 could not be judged."""
    (state / "marts").mkdir(parents=True)
    night = small_night(state / "marts" / "marts-2026-03-01-5e5e5e5e.duckdb")
    (state / "marts" / "current.duckdb").symlink_to(night.path.name)
    night.do("update marts.fct_contradictions set reason = 'Visits held, they did not.', score = 3")
    night.do("update marts.fct_contradictions set is_surfaced = false where contradiction_id = 'b'")
    night.do("update marts.fct_coverage set why = '2 messages since 5 January', state = 'too_little_feedback' "
             "where customer_id = 'C2'")  # fmt: skip
    add_evidence(night)
    return night


def run(config, *arguments):
    ran = CliRunner().invoke(cli, ["explain", *arguments, "--config", str(config)])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.stdout


def as_json(config, what):
    return json.loads(run(config, what, "--json"))


def test_a_surfaced_contradiction_is_told_with_everything_that_speaks_for_and_against_it(config, night):
    said = run(config, "C1")
    for words in (
        "Jansen Bakery (C1)",
        "Visits held, they did not.",
        "Watermelon on Visits on time: the metric looks fine, the customer does not. Surfaced tonight.",
        "● a week  ░ to be expected  │ start",
        "Visits on time  (target 95\u00a0%, higher is better)",
        "what is said lay below what was to be expected",
        "Only the customer fell: likely (84\u00a0%)",
        "may explain  Mix of channels. Part of it could come from more tickets.",
        "ruled out    Few items.",
        "About 1 in 50 cases at least as clear is a false alarm.",
        "Leaving out any one message, the score stays between 3.1 and 4.0; with all of them it is 3.9.",
        "nps:1 +0.42",
    ):
        assert words in said
    assert said.count("●") > 90
    assert max(map(len, said.splitlines())) <= 100


def test_a_case_a_contradiction_and_their_subject_are_explained_alike(config, state, night):
    change(state, a_case(1, case_id="3f9c000000", kpi="on_time", started_week=START))
    by_customer = run(config, "C1")
    assert "case 3f9c000000: open" in by_customer
    assert {run(config, name) for name in ("3f9c", "3F9C0", "customer:C1", "a")} == {by_customer}


def test_a_group_is_explained_with_those_who_carry_it(config, night):
    add_group(night)
    said = run(config, "home")
    assert "home, a segment" in said
    assert "They held." in said
    assert "What its members say" in said
    assert "mood taken out" not in said
    assert "any one customer" in said
    assert "Jansen Bakery (C1) 70\u00a0%" in said
    assert run(config, "segment:home") == run(config, "9a") == said


def test_what_a_case_is_about_comes_before_what_is_clearer_and_the_rest_is_named(config, state, night):
    night.do("update marts.fct_contradictions set is_surfaced = true, score = 9 where contradiction_id = 'b'")
    add_evidence(night, "b", kpi="spend")
    assert as_json(config, "C1")["evidence"]["contradiction_id"] == "b"
    change(state, a_case(1, kpi="on_time"))
    found = as_json(config, "C1")
    assert found["evidence"]["contradiction_id"] == "a"
    assert [other["contradiction_id"] for other in found["others"]] == ["b"]
    assert "Watermelon on Invoiced a month: Surfaced tonight. voc explain b" in run(config, "C1")


def test_what_something_simpler_explains_says_so(config, night):
    explain_by(night, "a", "mix_of_channels")
    said = " ".join(run(config, "C1").split())
    assert "Not surfaced: explained by mix of channels." in said
    assert "What else could explain it" in said


def test_a_customer_without_a_contradiction_hears_why(config, night):
    said = run(config, "C2")
    assert "Nothing is surfaced here as of 2026-03-01." in said
    assert "Too little feedback: 2 messages since 5 January." in said
    night.do("update marts.fct_contradictions set is_surfaced = false")
    said = " ".join(run(config, "C1").split())
    assert "2 comparisons tested; the clearest is Watermelon on Visits on time: about 1 in 50 cases" in said


def test_a_customer_whom_nobody_heard_is_told_of_without_a_promise(config, night):
    add_unheard(night, "mart_fell_silent", "C2")
    add_unheard(night, "mart_nobody_asked", "C1")
    said = " ".join(run(config, "C2").split())
    assert "Fell silent Visits on time went from 96 % to 81 % since 22 December 2025" in said
    assert "Listed, not tested against chance" in said
    assert "Nobody asked" in run(config, "C1")
    assert as_json(config, "C2")["fell_silent"]["was_asked"] is True


def test_a_case_that_was_not_found_tonight_is_still_known(config, state, night):
    change(state, a_case(7, case_id="77aa", subject="C7", customer_id="C7", state=State.CLEARED))
    said = run(config, "77")
    assert "case 77aa: cleared" in said
    assert "Nothing is surfaced here" in said


def test_json_holds_everything(config, night):
    found = as_json(config, "C1")
    assert found["as_of"] == str(date(2026, 3, 1))
    assert len(found["evidence"]["expected"]["weeks"]) == 60
    assert found["evidence"]["rivals"][0]["verdict"] == "may_explain"
    assert found["evidence"]["kpi"]["target"] == 0.95
    assert found["coverage"]["state"] == "judged"


def test_what_nobody_knows_or_what_means_two_things_is_told_with_the_fix(config, state, night):
    with pytest.raises(InputError, match="no customer, group, case or contradiction is called ffff") as error:
        run(config, "ffff")
    assert error.value.exit_code == 2
    assert "voc case list --all" in error.value.fix
    with pytest.raises(InputError, match="called nothing"):
        run(config, "")
    add_group(night)
    night.do("update marts.fct_contradictions set subject = 'C1', level = 'plan' where contradiction_id = '9a'")
    with pytest.raises(InputError, match="C1 can mean customer:C1, plan:C1") as error:
        run(config, "C1")
    assert "voc explain customer:C1" in error.value.fix
    for case_id in ("77aa", "77bb"):
        change(state, a_case(7, case_id=case_id, subject=case_id, customer_id=case_id))
    with pytest.raises(InputError, match="77 can mean customer:77aa, customer:77bb"):
        run(config, "77")


def test_before_the_first_night_there_is_nothing_to_explain(config):
    with pytest.raises(InputError, match="nothing is published yet"):
        run(config, "C1")


def test_a_hostile_name_writes_no_control_sequence(config, night):
    night.do("update marts.dim_customer set name = 'Jan\x1b[31m\u202esen [bold]x[/bold]' where customer_id = 'C1'")
    night.do("update marts.fct_case_evidence set sentence = '\x1b]0;title\x07 words' where part = 'rival'")
    said = run(config, "C1")
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[bold]x[/bold]" in said
