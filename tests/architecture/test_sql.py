"""SQL that shapes data is dbt's: Python reads and writes rows, and hands values over where a function needs them."""

import ast
import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "voc"

SHAPES = re.compile(r"\bjoin\b(?!\()|\bgroup by\b|\bover \(|\bqualify\b", re.IGNORECASE)
KEEPS = re.compile(r"\bcreate (or replace )?temp", re.IGNORECASE)

MAY_SHAPE = {
    "adapters/files/": "casts one file before it has landed, so before dbt sees it",
    "adapters/erasure/dated_texts.py": "looks at the records of one file as it is cast",
    "adapters/control_store/": "SQLite, which dbt does not reach",
    "adapters/erasure/control_rows.py": "takes a customer out of the same SQLite",
    "adapters/published/": "a published file holds marts and nothing else; its readers join what they show",
    "adapters/work_file/warehouse.py": "the landed door judges a file's metrics by their units before dbt runs",
    "adapters/gx/suite.py": "counts what breaks a rule, of whatever relation a door looks at",
    "cli/show/night.py": "a query that a person is told to try",
}
MAY_KEEP = {"adapters/files/": "a file in hand is staged, cast and dropped again (`staging.clear`)"}


def strings(file: Path) -> list[str]:
    """Every string of a file but docstrings; of an f-string the parts that stand in the file, in one."""
    tree = ast.parse(file.read_text())
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value for part in node.values if isinstance(part, ast.Constant))
            found.append(" … ".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (bare | inner):
            found.append(node.value)
    return found


def files_with(pattern: re.Pattern[str]) -> Counter[str]:
    """File -> how many of its strings the pattern finds."""
    return Counter(
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        for text in strings(file)
        if pattern.search(" ".join(text.split()))
    )


def not_allowed(found: Counter[str], allowed: dict[str, str]) -> set[str]:
    return {file for file in found if not file.startswith(tuple(allowed))}


def test_python_holds_no_sql_that_joins_groups_or_ranks_but_where_dbt_cannot():
    assert not_allowed(files_with(SHAPES), MAY_SHAPE) == set()


def test_no_temporary_table_is_left_for_another_function_to_find():
    assert not_allowed(files_with(KEEPS), MAY_KEEP) == set()


def test_every_exception_is_still_needed():
    for allowed, pattern in ((MAY_SHAPE, SHAPES), (MAY_KEEP, KEEPS)):
        found = files_with(pattern)
        assert {place for place in allowed if not any(file.startswith(place) for file in found)} == set()


def test_the_door_alone_joins_in_the_work_file():
    found = {file: n for file, n in files_with(SHAPES).items() if file.startswith("adapters/work_file/")}
    assert found == {"adapters/work_file/warehouse.py": 1}
