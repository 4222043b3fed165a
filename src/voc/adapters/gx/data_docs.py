"""Data Docs: what the doors ask of each table and what it answers tonight, as pages of names, rules and counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from numbers import Real
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from voc.adapters.gx import gate
from voc.adapters.gx.suite import Rule, read
from voc.adapters.work_file import ledger, warehouse
from voc.errors import OutsideError

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Tested:
    """What the pages say of one table. ``page``: its address as seen from the site's folder."""

    name: str
    page: str
    n_rules: int
    """Those that apply to a table of its size; the whole suite where there is no such table."""
    n_rows: int | None = None
    """None where there is no such table tonight."""
    is_sample: bool = False
    broken: tuple[gate.Broken, ...] = ()


@contextmanager
def opened(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work file to read only: who describes it must neither make its tables nor put it aside.

    Raises  OutsideError when it can't be opened.
    """
    try:
        connection = duckdb.connect(str(work), read_only=True)
    except duckdb.Error as error:
        raise OutsideError(
            f"{work} can't be read ({type(error).__name__})", "close whatever writes it, or run `voc run`"
        ) from None
    with connection:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        yield connection


def write_site(
    connection: duckdb.DuckDBPyConnection, suites: Path, night: warehouse.RunMeta, site: Path, *, limit: int = 2_000_000
) -> tuple[Tested, ...]:
    """What each table answers, having written Great Expectations' pages about it.

    Judges as the doors do, except that above ``limit`` rows every rule sees the gate's repeatable sample. Of what
    landed, the newest accepted file of each source. Only numbers of an answer are kept: no value reaches a page.

    Reads   raw.* and marts.* of the work file behind ``connection``, and every suite in ``suites``.
    Writes  the folder ``site``: pages that run no script and load nothing.
    Raises  InputError when a suite is wrong; OutsideError when Great Expectations leaves out a page.
    """
    context = gate.new_context()  # of its own: suites and answers stay with it
    with gate.quiet():
        tested = [
            table
            for suite_file in sorted(suites.glob("*.yml"))
            for table in _tested(context, connection, suite_file, night, limit)
        ]
        _render(context, site)
    if missing := [table.page for table in tested if not (site / table.page).is_file()]:
        raise OutsideError(f"Great Expectations left out {', '.join(missing)}", "run again; report it if it stays so")
    return tuple(tested)


def write_index(page: Path, tested: Sequence[Tested], night: warehouse.RunMeta, *, has_report: bool) -> None:
    """Writes the page that leads to the data tests and the dbt documentation, each lying beside it."""
    env = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    env.filters["sentence"] = gate.sentence
    template = env.get_template("docs.html.j2")
    html = template.render(tables=tested, run_id=night.run_id, as_of=night.as_of, has_report=has_report)
    page.write_text(html, encoding="utf-8")


def _tested(
    context: Any, connection: duckdb.DuckDBPyConnection, suite_file: Path, night: warehouse.RunMeta, limit: int
) -> Iterator[Tested]:
    """What each table that the suite is meant for answers; leaves suite and answers with ``context``."""
    from great_expectations import __version__
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    rules = read(suite_file).expectations
    context.suites.add(_suite(suite_file, rules))
    run = RunIdentifier(night.run_id, night.started_at.replace(tzinfo=UTC))
    relations = dict(_relations(connection, suite_file.stem))
    for source, relation in relations.items():
        name = f"{suite_file.stem} from {source}" if source else suite_file.stem
        answers, outcome = _asked(context, connection, relation, suite_file, rules, limit)
        answers.meta = {
            "run_id": run,
            "batch_spec": {"data_asset_name": name},
            "great_expectations_version": __version__,
        }
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(suite_file.stem), run, source or "night")
        context.validation_results_store.set(key, answers)
        yield Tested(name, f"validations/{'/'.join(key.to_tuple())}.html", **outcome)
    if not relations:
        yield Tested(suite_file.stem, f"expectations/{suite_file.stem}.html", len(rules))


def _relations(connection: duckdb.DuckDBPyConnection, suite: str) -> Iterator[tuple[str, str]]:
    """What a suite is held against: (the source's name, or nothing for a mart; the relation)."""
    door, _, table = suite.partition("_")
    if door == "landed":
        for entry in ledger.in_force(connection).values():  # in the order of landing: the newest is the last
            if entry.kind == table and entry.status == "accepted" and entry.n_landed:
                yield entry.source, warehouse.batch_relation(entry.kind, entry.batch)
    elif gate.query(
        connection,
        suite,
        "from information_schema.tables where table_schema = 'marts' and table_name = $t",
        {"t": table},
    ).size:
        yield "", f'marts."{table}"'


def _suite(suite_file: Path, rules: Sequence[Rule]) -> Any:
    """The suite as Great Expectations shows it, with the reason of each rule."""
    import great_expectations as gx

    expectations = [gate.expectation(i, rule, suite_file) for i, rule in enumerate(rules)]
    for expectation, rule in zip(expectations, rules, strict=True):
        expectation.notes = f"{rule.severity}: {rule.meta.why}"
    return gx.ExpectationSuite(suite_file.stem, expectations)


def _asked(
    context: Any,
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    suite_file: Path,
    rules: Sequence[Rule],
    limit: int,
) -> tuple[Any, dict[str, Any]]:
    """Great Expectations' answers without any value, and what they come to."""
    name = suite_file.stem
    types, n_rows = gate.shape_of(connection, name, relation)
    applying, is_sample = [rule for rule in rules if rule.applies_to(n_rows)], n_rows > limit
    frame = gate.rows_of(connection, name, relation, applying, types, limit if is_sample else None)
    answers = gate.ask(context, _suite(suite_file, applying), frame)
    broken = _broken(answers, suite_file, applying, len(frame))
    return answers, {"n_rows": n_rows, "n_rules": len(applying), "is_sample": is_sample, "broken": broken}


def _broken(answers: Any, suite_file: Path, rules: Sequence[Rule], n_seen: int) -> tuple[gate.Broken, ...]:
    """The rules that don't hold, in the order of the file; leaves nothing but numbers in the answers."""
    broken = {}
    for answer in answers.results:
        if not answer.result:  # it raised, and what it raised may quote a value
            why = "it can't be judged on this table"
            answer.exception_info = {"raised_exception": True, "exception_message": why, "exception_traceback": ""}
        answer.result = {key: value for key, value in answer.result.items() if isinstance(value, Real)}
        if not answer.success:
            i = answer.expectation_config.meta["rule"]
            rule, n = rules[i], answer.result.get("unexpected_count")
            n_rows = answer.result.get("element_count", n_seen)
            columns = ", ".join(rule.columns)
            broken[i] = gate.Broken(suite_file.stem, rule.type, columns, rule.severity, rule.meta.why, n, n_rows)
    return tuple(broken[i] for i in sorted(broken))


def _render(context: Any, site: Path) -> None:
    """The pages, with our templates before Great Expectations' own, which load a dozen files from the network."""
    from great_expectations.render.renderer.site_builder import SiteBuilder

    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)}
    builder = SiteBuilder(
        context, backend, site_name="voc", show_how_to_buttons=False, site_section_builders={"profiling": "None"}
    )
    sections = [*builder.site_section_builders.values(), builder.site_index_builder]
    for section in sections:
        env = section.view_class.env
        env.loader = ChoiceLoader([FileSystemLoader(_TEMPLATES / "data_docs"), env.loader])
    for section in sections:  # the builder's own build() would add 4 MB of fonts and pictures that no page of ours uses
        section.build()
