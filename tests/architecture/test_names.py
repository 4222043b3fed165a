"""One meaning a name: across src/voc a class, a constant and a file are called by a name of their own."""

import ast
from collections import defaultdict
from pathlib import Path

from typer.main import get_command

from voc.cli.main import cli

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "voc"
FILES = sorted(PACKAGE.rglob("*.py"))
TREES = {file: ast.parse(file.read_text()) for file in FILES}


def assigned(tree: ast.Module) -> list[tuple[str, str]]:
    """Public module constants of a file, each with its value as written."""
    pairs = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        pairs += [(t.id, ast.unparse(value)) for t in targets if isinstance(t, ast.Name) and value and t.id.isupper()]
    return [(name, value) for name, value in pairs if not name.startswith("_")]


def test_no_class_has_its_name_in_two_rooms():
    rooms = defaultdict(set)
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                rooms[node.name].add(str(file.parent.relative_to(PACKAGE)))
    assert {name: sorted(of) for name, of in rooms.items() if len(of) > 1} == {}


def test_no_constant_has_two_values_under_one_name():
    values = defaultdict(dict)
    for file, tree in TREES.items():
        for name, value in assigned(tree):
            values[name].setdefault(value, str(file.relative_to(PACKAGE)))
    assert {n: list(of.values()) for n, of in values.items() if len(of) > 1} == {}


def test_no_file_has_its_name_twice_but_for_the_verbs_of_commands():
    verbs = {f"{command}.py" for command in get_command(cli).commands}
    places = defaultdict(list)
    for file in FILES:
        places[file.name].append(str(file.relative_to(PACKAGE)))
    free = verbs | {"__init__.py"}
    assert {name: of for name, of in places.items() if len(of) > 1 and name not in free} == {}
