"""An independent look at a state folder: every file, unpacked, row by row."""

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb


def said_in(state: Path) -> Iterator[tuple[Path, bytes]]:
    """Each file below ``state`` with its bytes and whatever is packed in them."""
    for path in state.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        said = path.read_bytes()
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = connection.execute("select schema_name, table_name from duckdb_tables").fetchall()
                said += repr([connection.sql(f'from "{s}"."{t}"').fetchall() for s, t in tables]).encode()
        elif path.suffix == ".sqlite":
            said += "\n".join(sqlite3.connect(path).iterdump()).encode()
        elif path.suffix == ".npz":
            with zipfile.ZipFile(path) as packed:
                said += b"".join(map(packed.read, packed.namelist()))
        yield path, said
