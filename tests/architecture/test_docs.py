"""Documentation that fails the build when it stops being true."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel
from typer.main import get_command

from voc.cli.main import cli
from voc.domain.contract import CONTRACT
from voc.settings import model

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize(
    "group", [m for m in vars(model).values() if isinstance(m, type) and issubclass(m, model.Strict)]
)
def test_every_setting_is_documented(group):
    text = (DOCS / "configuration.md").read_text()
    assert [name for name in fields(group) if not re.search(rf"\b{name}\b", text)] == []


def test_the_documented_voc_yml_is_valid():
    example = (DOCS / "configuration.md").read_text().split("```yaml\n")[1].split("```")[0]
    assert model.Settings.model_validate(yaml.safe_load(example)).company == "Lumen Broadband"


def test_every_contract_column_is_documented():
    text = (DOCS / "configuration.md").read_text()
    assert [c.name for columns in CONTRACT.values() for c in columns if not re.search(rf"\b{c.name}\b", text)] == []


@pytest.mark.parametrize("model", sorted((ROOT / "dbt_project/models/marts").glob("*.yml")), ids=lambda path: path.stem)
def test_every_mart_and_its_columns_are_documented(model):
    text = (DOCS / "marts.md").read_text()
    (table,) = yaml.safe_load(model.read_text())["models"]
    section = re.search(rf"## {table['name']}\n(.*?)(?=\n## |\Z)", text, re.DOTALL)
    assert section, f"docs/marts.md has no section on {table['name']}"
    assert [c["name"] for c in table["columns"] if f"`{c['name']}`" not in section[1]] == []


def test_every_command_has_help_with_an_example():
    commands = get_command(cli).commands
    assert {"init", "demo", "run", "land", "check", "build", "score", "detect", "publish", "status"} <= set(commands)
    assert [name for name, command in commands.items() if f"Example: voc {name}" not in (command.help or "")] == []


def test_links_between_documents_lead_somewhere():
    pages = [ROOT / "README.md", ROOT / "DECISIONS.md", *DOCS.glob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
