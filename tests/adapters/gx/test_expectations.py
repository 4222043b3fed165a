"""The doors themselves: every rule says why, lets an ordinary company through, and stops what it is there to stop."""

import duckdb
import pytest
import yaml
from great_expectations.expectations.registry import list_registered_expectation_implementations
from support import ROOT
from support.ordinary_company import FAULTS, ORDINARY

from voc.adapters.gx import gate, suite
from voc.adapters.work_file.schema import ddl
from voc.domain.contract import CONTRACT, Table

DOORS = ROOT / "expectations"
LANDED = {f"landed_{table}" for table in Table}
MARTS = {
    "marts_dim_customer",
    "marts_dim_kpi",
    "marts_dim_theme",
    "marts_fct_feedback",
    "marts_fct_feedback_theme",
    "marts_fct_kpi_week",
    "marts_fct_customer_week",
    "marts_fct_case_evidence",
    "marts_fct_cases",
    "marts_fct_contradictions",
    "marts_fct_coverage",
    "marts_mart_fell_silent",
    "marts_mart_group_week",
    "marts_mart_kpi_trust",
    "marts_mart_nobody_asked",
    "marts_mart_run",
    "marts_mart_rejects",
    "marts_mart_survey_agreement",
    "marts_mart_theme_growth",
    "marts_mart_scorer",
}
KPIS = "(select r.*, k.unit from raw.kpis r left join raw.config_kpis k using (kpi))"


def table_of(door: str) -> str:
    return door.replace("landed_", "raw.").replace("marts_", "marts.", 1)


def relation(door: str) -> str:
    return KPIS if door == "landed_kpis" else table_of(door)


def rules_of(door: str) -> set[tuple[str, str, str]]:
    rules = suite.read(DOORS / f"{door}.yml").expectations
    return {(rule.type, ", ".join(rule.columns), rule.severity) for rule in rules}


@pytest.fixture
def company():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(ddl())
        connection.execute(ORDINARY)
        yield connection


def test_every_table_has_its_door():
    assert {file.stem for file in DOORS.glob("*.yml")} == LANDED | MARTS


@pytest.mark.parametrize("door", sorted(LANDED | MARTS))
def test_every_rule_is_a_real_expectation_with_a_reason_and_a_severity(door):
    content = yaml.safe_load((DOORS / f"{door}.yml").read_text())
    real = set(list_registered_expectation_implementations())

    assert content["name"] == door
    for rule in content["expectations"]:
        assert rule["type"] in real
        assert rule["severity"] in {"critical", "warning"}
        assert len(rule["meta"]["why"]) > 10


@pytest.mark.parametrize("table", list(Table))
def test_a_landed_door_names_only_columns_of_the_contract(table):
    contract = {column.name for column in CONTRACT[table]} | ({"unit"} if table == Table.KPIS else set())
    rules = suite.read(DOORS / f"landed_{table}.yml").expectations
    assert {name for rule in rules for name in rule.columns} <= contract


@pytest.mark.parametrize("door", sorted(MARTS))
def test_a_marts_door_names_only_columns_of_the_mart(door):
    mart = door.removeprefix("marts_")
    (model,) = yaml.safe_load((ROOT / "dbt_project" / "models" / "marts" / f"{mart}.yml").read_text())["models"]
    contract = [column["name"] for column in model["columns"]]
    assert set(suite.columns_of(suite.read(DOORS / f"{door}.yml").expectations, contract)) <= set(contract)


@pytest.mark.parametrize("table", list(Table))
def test_a_landed_door_holds_every_id_and_time_that_must_be_filled(table):
    rules = suite.read(DOORS / f"landed_{table}.yml").expectations
    held = {
        rule.columns[0]
        for rule in rules
        if rule.type == "expect_column_values_to_not_be_null" and rule.severity == "critical" and not rule.condition
    }
    assert held == {column.name for column in CONTRACT[table] if column.filled}


@pytest.mark.parametrize("door", sorted(LANDED | MARTS))
def test_an_ordinary_company_passes_without_a_word(company, door):
    checked = gate.check(company, relation(door), DOORS / f"{door}.yml")
    assert [gate.sentence(broken) for broken in checked.broken] == []


@pytest.mark.parametrize("door", sorted(LANDED | MARTS))
def test_every_rule_can_be_broken(company, door):
    broken = set()

    for fault in FAULTS[door]:
        company.execute("begin")
        company.execute(f"update {table_of(door)} {fault}" if fault.startswith("set ") else fault)
        checked = gate.check(company, relation(door), DOORS / f"{door}.yml")
        broken |= {(one.expectation, one.column, one.severity) for one in checked.broken}
        company.execute("rollback")

    assert broken == rules_of(door)


@pytest.mark.parametrize("door", sorted(LANDED | MARTS))
def test_an_empty_table_passes_unless_it_is_the_run(company, door):
    checked = gate.check(company, f"(select * from {relation(door)} limit 0)", DOORS / f"{door}.yml")

    assert checked.n_rows == 0
    assert [broken.expectation for broken in checked.broken] == (
        ["expect_table_row_count_to_equal"] if door == "marts_mart_run" else []
    )


def test_a_unit_error_is_stopped_at_the_door(company):
    company.execute("update raw.kpis set value = value * 100 where kpi = 'on_time'")

    (broken,) = gate.check(company, KPIS, DOORS / "landed_kpis.yml").critical

    assert (broken.column, broken.n_unexpected, broken.n_rows) == ("value", 1, 2)


def test_one_typing_error_in_a_hundred_shares_is_not_a_unit_error(company):
    company.execute("""
        insert into raw.kpis (customer_id, kpi, measured_on, value, _source, _batch, _row)
        select 'c' || i, 'on_time', '2026-01-19', if(i = 0, 95, 0.5), 'bi', 4, i from range(190) t(i)
    """)
    assert gate.check(company, KPIS, DOORS / "landed_kpis.yml").critical == ()


def test_no_text_leaves_before_it_has_been_redacted(company):
    company.execute("update marts.fct_feedback set safe_text = 'I am ada@mail.example' where feedback_id = 'nps:r1'")

    (broken,) = gate.check(company, "marts.fct_feedback", DOORS / "marts_fct_feedback.yml").critical

    assert (broken.column, broken.n_unexpected) == ("safe_text", 1)
