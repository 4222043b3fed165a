"""What one list says, others follow: columns of inputs and units of metrics reach every place that must know them."""

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from voc.detection.inputs.kpi_normalisation import UNIT_FACTORS
from voc.domain.contract import CONTRACT, Table
from voc.domain.kpi import Unit
from voc.settings.model import SourceSettings
from voc.sources.registry import PRESETS

ROOT = Path(__file__).resolve().parents[2]
ENDS_AT_STAGING = {(Table.TICKETS, "priority")}
"""Kept for who queries the work file; no model reads them."""


@pytest.mark.parametrize("table", Table)
def test_every_column_of_an_input_is_staged(table):
    (model,) = yaml.safe_load((ROOT / f"dbt_project/models/staging/stg_{table}.yml").read_text())["models"]
    assert {column.name for column in CONTRACT[table]} <= {column["name"] for column in model["columns"]}
    sql = (ROOT / f"dbt_project/models/staging/stg_{table}.sql").read_text()
    assert [column.name for column in CONTRACT[table] if not re.search(rf"\b{column.name}\b", sql)] == []


@pytest.mark.parametrize("table", Table)
def test_every_column_of_an_input_is_read_by_a_model_after_staging(table):
    models = (
        path for room in ("intermediate", "marts") for path in (ROOT / "dbt_project/models" / room).rglob("*.sql")
    )
    sql = "\n".join(re.sub(r"--.*", "", path.read_text()) for path in models)
    unread = [column.name for column in CONTRACT[table] if not re.search(rf"\b{column.name}\b", sql)]
    assert [name for name in unread if (table, name) not in ENDS_AT_STAGING] == []


@pytest.mark.parametrize("table", Table)
def test_the_security_page_says_of_every_text_of_an_input_whether_it_is_shown(table):
    shown, private = re.search(
        r"\*\*Shown by contract:\*\*(.*?)Every other field \((.*?)\)",
        (ROOT / "docs/security.md").read_text(),
        re.DOTALL,
    ).groups()
    texts = [column.name for column in CONTRACT[table] if column.type == "text"]
    assert [name for name in texts if not re.search(rf"\b{name}\b", shown + private)] == []


def test_of_every_unit_it_is_known_how_it_may_change():
    assert set(UNIT_FACTORS) == set(get_args(Unit))


def test_every_unit_passes_the_door_of_the_marts():
    rules = yaml.safe_load((ROOT / "expectations/marts_dim_kpi.yml").read_text())["expectations"]
    (allowed,) = (
        rule["kwargs"]["value_set"]
        for rule in rules
        if rule["kwargs"].get("column") == "unit" and "value_set" in rule["kwargs"]
    )
    assert set(allowed) == set(get_args(Unit))


def test_every_unit_is_named_in_the_docs_and_in_the_template():
    pages = (ROOT / "docs/configuration.md", ROOT / "docs/marts.md", ROOT / "src/voc/settings/template.py")
    texts = {page.name: page.read_text() for page in pages}
    assert [(n, u) for n, text in texts.items() for u in get_args(Unit) if not re.search(rf"\b{u}\b", text)] == []


def test_every_preset_may_be_named_in_settings_and_is_documented():
    text = (ROOT / "docs/configuration.md").read_text()
    assert set(PRESETS) == set(get_args(SourceSettings.model_fields["preset"].annotation))
    assert [name for name in PRESETS if f"`{name}`" not in text] == []
