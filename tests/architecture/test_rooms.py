"""The rooms and who may enter which: the table of the design, held by reading every import."""

import ast
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "voc"

MAY_IMPORT = {  # room -> rooms it may import; errors are open to all
    "errors": set(),
    "settings": {"domain"},  # the words a KPI may use are said once, in the domain
    "domain": set(),
    "detection": {"domain"},
    "language": {"domain"},
    "sources": {"domain"},
    "adapters": {"domain"},
    "demo": {"domain"},
    "steps": {"domain", "detection", "language", "sources", "adapters"},
    "app": {"domain", "settings", "steps", "adapters", "demo"},
    "cli": {"app", "domain"},
}


def room(parts: tuple[str, ...]) -> str:
    return "cli" if parts[0] == "__main__" else parts[0]


def imports(file: Path) -> set[str]:
    """Rooms that ``file`` imports, its own left out."""
    own = room((*file.relative_to(PACKAGE).with_suffix("").parts,))
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "voc":
            inside = node.module.split(".")[1:]
            found |= {room((inside[0],))} if inside else {room((alias.name,)) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {room(tuple(a.name.split(".")[1:])) for a in node.names if a.name.startswith("voc.")}
    return found - {own, "errors", "__version__"}


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def test_there_are_files_in_every_room():
    assert {room(file.relative_to(PACKAGE).with_suffix("").parts) for file in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_enters_only_the_rooms_open_to_it(file):
    own = room(file.relative_to(PACKAGE).with_suffix("").parts)
    assert imports(file) <= MAY_IMPORT[own]


def place(file: Path) -> str:
    """Where a file lies: its folder, or the file itself where its folder holds rooms of its own."""
    is_loose = any(path.name != "__pycache__" for path in file.parent.iterdir() if path.is_dir() and path != file)
    return str((file if is_loose and file.name != "__init__.py" else file.parent).relative_to(PACKAGE))


def places_entered(file: Path) -> set[str]:
    """Places that ``file`` imports from, its own left out."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "voc":
            for name in node.names:
                path = PACKAGE.joinpath(*node.module.split(".")[1:], name.name)
                if not path.is_dir() and not path.with_suffix(".py").is_file():
                    path = path.parent  # a name inside a file
                found.add(place(path / "__init__.py" if path.is_dir() else path.with_suffix(".py")))
    return found - {place(file)}


def test_no_room_leads_back_to_itself():
    entered = defaultdict(set)
    for file in FILES:
        entered[place(file)] |= places_entered(file)
    assert list(TopologicalSorter(entered).static_order())
