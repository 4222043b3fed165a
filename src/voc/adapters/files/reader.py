"""A file of any format as staged text."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from voc.adapters.files import csv_file, encoding, json_file, parquet_file, staging
from voc.adapters.files.staging import Staged
from voc.domain.source import Source
from voc.errors import InputError

_READERS = {
    ".csv": csv_file.read,
    ".tsv": csv_file.read,
    ".txt": csv_file.read,
    ".jsonl": json_file.read,
    ".ndjson": json_file.read,
    ".parquet": parquet_file.read,
}
ENDINGS = frozenset(_READERS)
"""What a file's name may end in."""


def read(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, renames: Mapping[str, str]) -> Staged:
    """Stages the file at ``path`` as text, by its ending; only our own copies are read, never the inbox.

    renames: their column name -> ours, of preset and source together.
    Writes  the two relations that `Staged` names, replacing those of the last file.
    Raises  InputError when the file must be refused, EncodingError (an InputError) when it must be put aside.
    """
    staging.clear(connection)
    ending = path.suffix
    if ending not in ENDINGS:
        raise InputError("its ending names no format we read", f"send {', '.join(sorted(ENDINGS))}")
    if path.stat().st_size == 0:
        raise InputError("it is empty (0 bytes)", "send at least the header line, or no file")
    scratch = path.with_name(f"{path.name}.utf8{ending}")
    try:
        readable = path if ending == ".parquet" else encoding.as_utf8(path, source.encoding, scratch, source.name)
        return _READERS[ending](connection, readable, source, renames)
    except (duckdb.DataError, duckdb.InvalidInputException) as error:  # its text may quote the file
        raise InputError(
            f"DuckDB cannot read it ({type(error).__name__})", "open it where it was made and write it again"
        ) from None
    finally:
        scratch.unlink(missing_ok=True)
