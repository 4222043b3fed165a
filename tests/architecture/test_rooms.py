"""The rooms and who may enter which: the table of the design, held by reading every import."""

import ast
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
