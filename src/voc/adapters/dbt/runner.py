"""dbt: builds one layer of the work file in a child process, and says in our words what went wrong."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import duckdb

from voc.errors import GateFailed, OutsideError

Layer = Literal["feedback", "panel", "marts"]

_KEYS = (
    "unique_field", "from_field", "feedback_id", "item_id", "customer_id", "kpi", "week", "measured_on", "batch",
    "row_no", "contradiction_id", "text_id", "level", "subject", "source", "kind", "run_id", "reason",
)  # fmt: skip
"""Columns of a failing row that may be named: ids, days and words of our own, never what a customer said."""

_SPEAKS_OF_SQL = re.compile("Compilation|Parser|Binder|Catalog|IO|Out of Memory|Dependency")
"""Errors whose text quotes our SQL or a path; every other kind may quote a value."""


_QUIET = ("--quiet", "--no-version-check", "--no-use-colors", "--no-send-anonymous-usage-stats")

_LOADS_NOTHING = (
    """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; """
    """style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'">"""
)
"""dbt's page is one script with everything in it; it holds an address of dbt's statistics that it must not reach."""


@dataclass(frozen=True)
class Built:
    """What one run of dbt did: nodes that succeeded, and wall-clock seconds with the start of the child."""

    n_models: int
    n_tests: int
    seconds: float


def build(warehouse: Path, layer: Layer, *, project: Path, scratch: Path) -> Built:
    """Build and test one layer, in a child process.

    Reads   raw.*, ml.* and the layers before it in ``warehouse``; nobody else may have the file open.
    Writes  the layer's schema and ``dbt_failures`` in ``warehouse``; dbt's artefacts and log in ``scratch``.
    Raises  GateFailed when a data test fails, with up to five keys of each; OutsideError when a model does.
    """
    # buildable: a test that also asks about a later layer waits for that layer
    select = ["--select", f"tag:{layer}", "--indirect-selection", "buildable", "--exclude", "resource_type:unit_test"]
    return _run(["build", *select], warehouse, project, scratch)


def unit_test(warehouse: Path, *, project: Path, scratch: Path) -> Built:
    """Run dbt's own unit tests; every layer must have been built once, for the types of its columns.

    Raises  GateFailed when one fails, OutsideError when one cannot run.
    """
    return _run(["test", "--select", "test_type:unit"], warehouse, project, scratch)


def docs(warehouse: Path, *, project: Path, scratch: Path) -> str:
    """dbt's own documentation of every table as one HTML page: names, types and SQL, no row; it loads nothing.

    Reads   the catalogue of ``warehouse``; nobody else may have the file open.
    Writes  dbt's artefacts and log in ``scratch``.
    Raises  OutsideError when dbt can't describe the project.
    """
    page = scratch / "target" / "static_index.html"
    page.unlink(missing_ok=True)
    error = _ask(["docs", "generate", "--static"], warehouse, project, scratch)
    if error is not None or not page.exists():
        raise OutsideError(
            f"dbt could not describe the tables: {' '.join((error or '').split())[-1000:]}", _fix(scratch)
        )
    # the page names where dbt compiled the SQL, which is this machine's business
    local_path = json.dumps(f"{scratch.resolve()}/")[1:-1]
    return page.read_text(encoding="utf-8").replace(local_path, "").replace("<head>", f"<head>{_LOADS_NOTHING}", 1)


def _run(command: Sequence[str], warehouse: Path, project: Path, scratch: Path) -> Built:
    started = time.monotonic()
    results_file = scratch / "target" / "run_results.json"
    results_file.unlink(missing_ok=True)
    error = _ask(command, warehouse, project, scratch)
    if not results_file.exists():
        raise OutsideError(
            f"dbt could not start: {' '.join((error or 'no reason given').split())[-1000:]}", _fix(scratch)
        )
    results = json.loads(results_file.read_text())["results"]
    _raise_on_errors(results, scratch)
    _raise_on_failures(results, warehouse)
    if error is not None:
        raise OutsideError("dbt broke off", _fix(scratch))
    return Built(
        n_models=sum(r["unique_id"].startswith("model.") for r in results),
        n_tests=sum(r["unique_id"].startswith(("test.", "unit_test.")) for r in results),
        seconds=time.monotonic() - started,
    )


def _ask(command: Sequence[str], warehouse: Path, project: Path, scratch: Path) -> str | None:
    """What dbt says stopped it, or None."""
    scratch.mkdir(parents=True, exist_ok=True)
    folder = str(project.resolve())
    return _invoke([*_QUIET, *command, "--project-dir", folder, "--profiles-dir", folder], _places(warehouse, scratch))


def _invoke(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """What dbt says stopped it, or None; runs in the child."""
    child = _child()
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(json.dumps({"arguments": arguments, "environment": environment}) + "\n")
        child.stdin.flush()
        answer = child.stdout.readline()
    except BrokenPipeError:
        answer = ""
    if not answer:
        _child.cache_clear()
        raise OutsideError(f"the process that runs dbt ended with exit code {child.wait()}", "run again")
    error: str | None = json.loads(answer)["error"]
    return error


@cache
def _child() -> subprocess.Popen[str]:
    """One child for this process's life: it ends when our end of its input closes."""
    # without the caller's settings of dbt, which would change what is built
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "voc.adapters.dbt.child"],
        env=kept,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _places(warehouse: Path, scratch: Path) -> dict[str, str]:
    return {
        "VOC_WAREHOUSE": str(warehouse.resolve()),
        "DBT_TARGET_PATH": str(scratch.resolve() / "target"),
        "DBT_LOG_PATH": str(scratch.resolve() / "logs"),
    }


def _fix(scratch: Path) -> str:
    return f"see {scratch / 'logs' / 'dbt.log'}"


def _raise_on_errors(results: Sequence[dict[str, Any]], scratch: Path) -> None:
    errors = [r for r in results if r["status"] == "error"]
    if errors:
        raise OutsideError(
            "; ".join(f"dbt {_name(r)}: {_without_data(r['message'] or '')}" for r in errors), _fix(scratch)
        )


def _without_data(message: str) -> str:
    """The message where it can only quote SQL, else the kind of error."""
    found = re.search(r"([A-Z][A-Za-z ]*) Error:", message)
    kind = found[1] if found else message.partition(" Error")[0].strip()
    if _SPEAKS_OF_SQL.fullmatch(kind) or "NOT NULL constraint failed" in message:
        return " ".join(message.split())[:1000]
    return f"{kind} Error"


def _raise_on_failures(results: Sequence[dict[str, Any]], warehouse: Path) -> None:
    failures = [r for r in results if r["status"] == "fail"]
    if not failures:
        return
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        broken = [f"{_name(r)}{_keys(connection, r.get('relation_name'))}" for r in failures]
    raise GateFailed(
        f"{len(broken)} data tests failed: " + "; ".join(broken),
        "look at the rows kept in the schema dbt_failures of the work file, then correct the source",
    )


def _keys(connection: duckdb.DuckDBPyConnection, relation: str | None) -> str:
    """Up to five keys of the rows a test kept, as ' (customer_id C1, week 2026-01-05; ...)'."""
    if relation is None:  # a unit test keeps none
        return ""
    columns = [str(row[0]) for row in connection.execute(f"describe {relation}").fetchall()]
    named = [column for column in _KEYS if column in columns]
    if not named:
        return ""
    rows = connection.execute(f"select distinct {', '.join(named)} from {relation} order by all limit 5").fetchall()
    return " (" + "; ".join(", ".join(f"{n} {v}" for n, v in zip(named, row, strict=True)) for row in rows) + ")"


def _name(result: dict[str, Any]) -> str:
    """The node's name out of 'test.voc.unique_fct_feedback_feedback_id.1a2b3c'."""
    return str(result["unique_id"]).split(".")[2]
