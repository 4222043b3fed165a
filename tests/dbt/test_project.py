"""The dbt project as a whole: its unit tests, its layers, and what it promises of the marts."""

import json

import duckdb
import pytest

from voc.adapters.dbt import runner
from voc.adapters.places import dbt_project

pytestmark = pytest.mark.slow

LAYERS = ("feedback", "panel", "marts")
SCHEMA = {"staging": "stg", "intermediate": "int", "marts": "marts"}


@pytest.fixture(scope="module")
def nodes(built):
    return json.loads((built.scratch / "target" / "manifest.json").read_text())["nodes"].values()


@pytest.fixture(scope="module")
def models(nodes):
    return {node["unique_id"]: node for node in nodes if node["resource_type"] == "model"}


def test_every_unit_test_holds(copy):
    assert runner.unit_test(copy.warehouse, project=dbt_project(), scratch=copy.scratch).n_tests >= 40


def test_a_model_lies_in_one_layer_and_asks_only_that_or_earlier_ones(models):
    assert len(models) == 59
    for model in models.values():
        (layer,) = model["tags"]
        above = [models[name] for name in model["depends_on"]["nodes"] if name in models]
        assert all(LAYERS.index(parent["tags"][0]) <= LAYERS.index(layer) for parent in above), model["name"]


def test_a_folder_is_a_schema(models):
    for model in models.values():
        assert model["schema"] == SCHEMA[model["fqn"][1]], model["name"]
        assert (dbt_project() / model["original_file_path"]).with_suffix(".yml").exists()


def test_every_mart_is_a_contract_with_every_column_described(models, built):
    marts = {m["name"]: m for m in models.values() if m["schema"] == "marts"}
    assert len(marts) == 20
    for name, mart in marts.items():
        stored = [row[0] for row in built.ask(f"describe marts.{name}")]
        assert mart["config"]["contract"]["enforced"], name
        assert list(mart["columns"]) == stored, name
        assert mart["description"]
        assert all(column["description"] for column in mart["columns"].values()), name


def test_every_column_of_every_model_is_described(models, built):
    for model in models.values():
        stored = [row[0] for row in built.ask(f'describe "{model["schema"]}".{model["name"]}')]
        assert [n for n, c in model["columns"].items() if c["description"]] == stored, model["name"]


def test_only_the_layers_write_into_the_work_file(built):
    with duckdb.connect(str(built.warehouse), read_only=True) as reader:
        schemas = {
            row[0] for row in reader.execute("select distinct table_schema from information_schema.tables").fetchall()
        }
    assert schemas == {"raw", "ml", "stg", "int", "marts", "dbt_failures"}


def test_dbt_leaves_nothing_in_its_project(built):
    kinds = {path.suffix for path in dbt_project().rglob("*") if path.is_file()}
    assert kinds == {".sql", ".yml"}
