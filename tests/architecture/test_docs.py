"""Documentation that fails the build when it stops being true."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import BaseModel
from typer.main import get_command
from typer.testing import CliRunner

from voc.cli.main import cli
from voc.domain.contract import CONTRACT
from voc.settings import model

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md"))]
ROOMS = sorted(path.parent for path in (ROOT / "src" / "voc").rglob("__init__.py"))[1:]
SETTING = re.compile(r"^(kpis|detection|owners|cases|alerts|privacy|marts)((?:\.\w+)+)$")


def fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def code_of(page: Path) -> list[str]:
    """What a page sets as code: spans, and the lines of fenced blocks."""
    text = page.read_text()
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line for block in fenced for line in block.splitlines()] + spans


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


def type_words(data_type):
    return "list of structs" if data_type.startswith("struct") and data_type.endswith("[]") else data_type


@pytest.mark.parametrize("model", sorted((ROOT / "dbt_project/models/marts").glob("*.yml")), ids=lambda path: path.stem)
def test_every_mart_and_its_columns_are_documented_in_the_words_of_dbt(model):
    (table,) = yaml.safe_load(model.read_text())["models"]
    section = re.search(rf"## {table['name']}\n(.*?)(?=\n## |\Z)", (DOCS / "marts.md").read_text(), re.DOTALL)
    assert section, f"docs/marts.md has no section on {table['name']}"
    rows = [
        f"| `{column['name']}` | {type_words(column['data_type'])} | {' '.join(column['description'].split())} |"
        for column in table["columns"]
    ]
    assert [row for row in rows if row not in section[1].splitlines()] == []


def test_every_command_has_help_with_an_example():
    commands = get_command(cli).commands
    assert {"init", "demo", "run", "land", "check", "build", "score", "detect", "publish", "status"} <= set(commands)
    assert [name for name, command in commands.items() if f"Example: voc {name}" not in (command.help or "")] == []


def test_help_lists_every_command_once_in_the_order_of_a_night_then_peoples_then_upkeep():
    text = CliRunner().invoke(cli, ["--help"]).output
    sections = re.split(r"\n(?=\S[^\n]*:\n)", text)
    listed = {
        section.split(":")[0]: re.findall(r"^  ([a-z]+)  ", section, re.MULTILINE)
        for section in sections
        if not section.startswith(("Usage", "Options"))
    }
    assert list(listed) == ["Begin", "A night and its steps", "People", "Upkeep"]
    assert listed["A night and its steps"] == [
        "run", "land", "check", "build", "score", "detect", "publish", "report", "alert",
    ]  # fmt: skip
    names = [name for section in listed.values() for name in section]
    assert sorted(names) == sorted(get_command(cli).commands)


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_constant_that_a_page_names_is_in_the_code(page):
    code = "\n".join(
        path.read_text()
        for folder in ("src", "dags", "dbt_project", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sql", ".yml"}
    )
    named = {name for span in code_of(page) for name in re.findall(r"\b[A-Z]+_[A-Z_]*[A-Z]\b", span)}
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_may_be_set(page):
    known = {
        path for name, field in model.Settings.model_fields.items() for path in paths_below(name, field.annotation)
    }
    marts = {f"marts.{path.stem}" for path in (ROOT / "dbt_project/models/marts").glob("*.sql")}
    named = {span for span in code_of(page) if SETTING.match(span)}
    assert sorted(named - known - marts) == []


def paths_below(path: str, annotation: object) -> set[str]:
    """``path`` and the dotted paths of every setting below it."""
    groups = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type) and issubclass(a, BaseModel)]
    below = {
        deeper
        for group in groups
        for name, field in group.model_fields.items()
        for deeper in paths_below(f"{path}.{field.alias or name}", field.annotation)
    }
    return {path} | below


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    folders = "src|tests|benchmarks|dags|dbt_project|expectations"
    plain = [span for span in code_of(page) if "<" not in span]
    named = {path for span in plain for path in re.findall(rf"(?<![\w./])(?:{folders})/[\w./*-]*\w", span)}
    assert [path for path in sorted(named) if not any(ROOT.glob(path))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_one(page):
    commands = get_command(cli).commands
    cases = commands["case"].commands
    wrong = []
    for line in code_of(page):
        for verb, act in re.findall(r"(?:^|/bin/|&& )voc ([a-z]+)(?: ([a-z]+))?", line):
            if verb not in commands or (verb == "case" and act and act not in cases):
                wrong.append(line)
    assert wrong == []


def test_every_command_is_in_a_page():
    text = "\n".join(line for page in PAGES for line in code_of(page))
    assert [name for name in get_command(cli).commands if not re.search(rf"\bvoc {name}\b", text)] == []


def test_every_test_that_a_page_names_is_there():
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    files = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    named = {name for page in PAGES for span in code_of(page) for name in re.findall(r"\btest_\w+", span)}
    assert [n for n in sorted(named - files) if f"def {n}(" not in tests] == []


def test_the_readme_shows_one_run():
    text = (ROOT / "README.md").read_text()
    assert len(set(re.findall(r"\b\d{4}-\d\d-\d\d-[0-9a-f]{8}\b", text))) == 1


def test_the_readme_is_read_in_a_few_minutes():
    assert len((ROOT / "README.md").read_bytes()) < 9_000


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_has_a_line_of_its_own_and_one_in_the_guide(room):
    line = (ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or "").splitlines()[:1]
    assert line
    assert line[0].endswith(".")
    tree = (ROOT / "CONTRIBUTING.md").read_text().split("src/voc/\n")[1].split("```")[0]
    assert re.search(rf"^ +{room.name}/ +\S", tree, re.MULTILINE)


def test_every_decision_stands_once_in_the_table_of_contents():
    contents, *decisions = re.split(r"^## ", (ROOT / "DECISIONS.md").read_text(), flags=re.MULTILINE)
    titles = [decision.splitlines()[0] for decision in decisions]
    anchors = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
    assert [int(title.split()[0]) for title in titles] == list(range(1, len(titles) + 1))
    assert sorted(re.findall(r"\]\(#([^)]+)\) [^|]+\| (?:holds|refined|replaced)", contents)) == sorted(anchors)
