"""The work file written anew without what some sources have landed: what is deleted stays on a database's free pages.

What is left out is landed again from state/landed before the new file takes its place; dbt's tables are made by the
night.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from voc.adapters.disk import sync
from voc.adapters.sql import literal
from voc.adapters.work_file.schema import ddl
from voc.domain.contract import Table
from voc.errors import OutsideError

_OF_TEXTS = ("texts", "text_scores", "text_themes")
"""What was read from a text, which would be read again if it were not kept."""


def copy(path: Path, stale: Sequence[str], words_from: datetime) -> Path:
    """A new work file beside the one at ``path``, without what the ``stale`` sources have landed; where it is.

    words_from: naive UTC; what was read from texts stays where its words were said since.
    Raises  OutsideError when it can't be written.
    """
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(new)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(ddl())
            connection.execute(f"attach {literal(str(path))} as old (read_only)")
            _copy(connection, stale, words_from)
            connection.execute("detach old")
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OutsideError(
            f"the work file could not be written anew ({type(error).__name__})",
            "free disk space or memory, then run again",
        ) from error
    return new


def replace(path: Path, new: Path) -> None:
    """Puts the ``new`` work file in place of the one at ``path``, in one step; files put aside as broken go too."""
    sync(new)
    new.replace(path)
    sync(path.parent)
    for broken in path.parent.glob(f"{path.name}*.broken"):
        broken.unlink()


def _copy(connection: duckdb.DuckDBPyConnection, stale: Sequence[str], words_from: datetime) -> None:
    values = {"stale": list(stale)}
    connection.execute("insert into raw.ledger from old.raw.ledger where not list_contains($stale, source)", values)
    connection.execute("insert into raw.rejects from old.raw.rejects where batch in (select batch from raw.ledger)")
    for table in Table:
        connection.execute(
            f"insert into raw.{table} from old.raw.{table} where not list_contains($stale, _source)", values
        )
    connection.execute("insert into ml.finished from old.ml.finished")
    connection.execute("insert into ml.scorers from old.ml.scorers")
    night = "from duckdb_tables where database_name = 'old' and schema_name = 'int' and table_name = 'int_feedback'"
    if connection.execute(night).fetchall():
        for name in _OF_TEXTS:
            connection.execute(
                f"insert into ml.{name} from old.ml.{name} where text_id in "
                "(select text_id from old.int.int_feedback where said_at >= $since)",
                {"since": words_from},
            )
