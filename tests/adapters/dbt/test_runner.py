"""The adapter on real dbt: what a broken table or model looks like from outside."""

import shutil
from pathlib import Path

import duckdb
import pytest
from support import ROOT, planted_raw

from voc.adapters.dbt import runner
from voc.errors import GateFailed, OutsideError

pytestmark = pytest.mark.slow

PROJECT = ROOT / "dbt_project"


@pytest.fixture
def warehouse(tmp_path) -> Path:
    path = tmp_path / "state of a night" / "warehouse.duckdb"
    planted_raw.plant(path)
    return path


def change(path: Path, statements: str) -> None:
    with duckdb.connect(str(path)) as work:
        work.execute(statements)


def test_a_layer_says_what_it_built_and_lets_the_file_go(warehouse, tmp_path):
    done = runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path / "s c")
    assert (done.n_models, done.n_tests) == (14, 4)
    assert done.seconds > 0
    change(warehouse, "create table raw.free_again (i integer)")


def test_a_broken_key_comes_back_named(warehouse, tmp_path):
    change(warehouse, """
        update raw.surveys set response_id = 'T1' where response_id = 'S1';
        update raw.config_sources set source = 'nps' where source = 'desk';
        update raw.ledger set source = 'nps' where source = 'desk';
    """)  # fmt: skip
    runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path)
    change(warehouse, "insert into int.int_feedback by name select * from int.int_feedback where item_id = 'S2'")
    with pytest.raises(GateFailed) as failed:
        runner.build(warehouse, "panel", project=PROJECT, scratch=tmp_path)
    assert "unique_int_feedback_scored_feedback_id (unique_field nps:S2)" in str(failed.value)
    assert planted_raw.CANARY not in str(failed.value)


def test_a_broken_model_is_an_outside_error_that_points_at_the_log(warehouse, tmp_path):
    change(warehouse, "alter table raw.customers drop column locale")
    with pytest.raises(OutsideError, match=r"(?s)stg_customers: .*locale.*fix: see .*dbt\.log"):
        runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path)


def test_an_error_that_could_quote_a_value_keeps_it_to_itself(warehouse, tmp_path):
    change(warehouse, f"update raw.config_company set timezone = '{planted_raw.CANARY}'")
    with pytest.raises(OutsideError, match=r"int_feedback: [A-Za-z ]+ Error\n") as failed:
        runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path)
    assert planted_raw.CANARY not in str(failed.value)


def test_a_work_file_in_use_is_named_as_such(warehouse, tmp_path):
    with duckdb.connect(str(warehouse)), pytest.raises(OutsideError, match=r"(?i)conflicting lock is held"):
        runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path)


def test_a_project_that_does_not_parse_is_named_as_such(warehouse, tmp_path):
    broken = tmp_path / "project"
    shutil.copytree(PROJECT, broken)
    (broken / "models" / "marts" / "dim_kpi.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(OutsideError, match="nowhere"):
        runner.build(warehouse, "feedback", project=broken, scratch=tmp_path)


def test_a_child_that_died_is_named_and_replaced(warehouse, tmp_path):
    runner._child().kill()
    with pytest.raises(OutsideError, match="ended with exit code -9"):
        runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path)
    assert runner.build(warehouse, "feedback", project=PROJECT, scratch=tmp_path).n_models == 14
