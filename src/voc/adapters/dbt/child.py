"""The child that runs dbt: one order a line in, one answer a line out, until its input ends.

It lives as long as its parent, so that a night's three layers pay once for dbt's imports and its parsing.
"""

import json
import os
import sys


def serve() -> None:
    """Reads ``{"arguments": [...], "environment": {...}}`` a line; answers ``{"error": text or null}``."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    # what dbt prints stands in its log as well, and must not be taken for an answer
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    # after the silencing, as dbt keeps the streams it finds
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    for line in sys.stdin:
        order = json.loads(line)
        os.environ.update(order["environment"])
        done = dbtRunner().invoke(order["arguments"])
        DuckDBConnectionManager.close_all_connections()  # else the work file stays locked until the child ends
        answers.write(json.dumps({"error": None if done.exception is None else str(done.exception)}) + "\n")


if __name__ == "__main__":
    serve()
