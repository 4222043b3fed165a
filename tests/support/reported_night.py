"""A small published night with cases, its tables made from the marts' own contracts, and a reader of pages."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import yaml

from support import ROOT

MARTS = ROOT / "dbt_project" / "models" / "marts"
AS_OF = date(2026, 3, 1)
N_WEEKS = 60
WEEKS = [date(2025, 1, 6) + timedelta(weeks=i) for i in range(N_WEEKS + 1)]
"""The last one begins after the night: it is not complete."""
START = WEEKS[50]


class Night:
    """A marts file that can still be written to, as a published one would be before it was published."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        of_names: dict[tuple[str, ...], list[Any]] = {}
        for row in rows:
            of_names.setdefault(tuple(row), []).append(row.values())
        with duckdb.connect(str(self.path)) as connection:
            connection.begin()  # else each statement is a commit, and each commit is written to the disk
            for names, values in of_names.items():
                marks = ", ".join(["(" + ", ".join("?" * len(names)) + ")"] * len(values))
                connection.execute(
                    f"insert into marts.{table} ({', '.join(names)}) values {marks}", list(chain(*values))
                )
            connection.commit()

    def do(self, statement: str, *bound: object) -> None:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(statement, list(bound))

    def add_case(self, case_id: str, **changes: Any) -> None:
        self.add("fct_cases", [case(case_id) | changes])


def case(case_id: str) -> dict[str, Any]:
    return {
        "case_id": case_id, "level": "customer", "subject": "C1", "customer_id": "C1", "kpi": "on_time",
        "kind": "watermelon", "owner_email": "owner@acme.example", "owner_why": "fallback", "state": "open",
        "opened_on": AS_OF, "due_on": date(2026, 3, 15), "last_seen_on": AS_OF, "started_week": START, "size": -0.8,
        "size_low": -1.0, "size_high": -0.6, "value_at_stake": 1000.0, "reason": "It held, they did not.",
        "tonight": "opened", "n_restated": 0,
    }  # fmt: skip


def small_night(path: Path) -> Night:
    """Two metrics, two customers and a segment; on_time contradicted for C1; no case yet."""
    path.write_bytes(_small_night())
    return Night(path)


@cache
def _small_night() -> bytes:
    with TemporaryDirectory() as folder:
        night = Night(Path(folder) / "night.duckdb")
        _fill(night)
        return night.path.read_bytes()


def _fill(night: Night) -> None:
    night.do("create schema marts")
    for contract in sorted(MARTS.glob("*.yml")):
        (model,) = yaml.safe_load(contract.read_text())["models"]
        columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
        night.do(f"create table marts.{model['name']} ({columns})")
    source = {"newest_at": "2026-03-01 20:00", "is_fresh": True, "rows_rejected": 0, "rows_unmatched": 0,
              "rows_conflicting": 0, "held_because": None, "is_held": False}  # fmt: skip
    night.add("mart_run", [{
        "run_id": "2026-03-01-5e5e5e5e", "as_of": AS_OF, "started_at": "2026-03-02 05:00", "company": "Acme",
        "timezone": "Europe/Amsterdam", "currency": "EUR", "rows_landed": 1234, "rows_rejected": 2,
        "rows_unmatched": 1, "n_files_refused": 0, "n_files_quarantined": 0, "n_customers": 2,
        "n_customers_judged": 1, "n_tested": 4, "n_surfaced": 1, "is_calibrated": True,
        "calibration_verdict": "calibrated on 900 comparisons",
        "sources": [source | {"source": "bi", "kind": "kpis", "rows_landed": 1000},
                    source | {"source": "nps", "kind": "surveys", "rows_landed": 234}],
    }])  # fmt: skip
    night.add("dim_kpi", [
        {"kpi": "on_time", "label": "Visits on time", "unit": "share", "better": "higher", "cadence": "weekly",
         "combine": "mean", "target": 0.95, "touchpoint": "installation"},
        {"kpi": "spend", "label": "Invoiced a month", "unit": "money", "better": "higher", "cadence": "monthly",
         "combine": "last"},
    ])  # fmt: skip
    night.add("mart_kpi_trust", [
        {"kpi": "on_time", "n_contradicted": 1, "n_cases": 1, "n_verdicts": 3, "n_metric_wrong": 2,
         "n_metric_right": 1, "trust": 0.4, "trust_low": 0.07, "trust_high": 0.81},
        {"kpi": "spend", "n_contradicted": 0, "n_cases": 0, "n_verdicts": 0, "n_metric_wrong": 0,
         "n_metric_right": 0, "trust": 0.5, "trust_low": 0.025, "trust_high": 0.975},
    ])  # fmt: skip
    night.add("dim_customer", [
        {"customer_id": "C1", "name": "Jansen Bakery", "segment": "home", "region": "Utrecht", "plan": "Fibre 500"},
        {"customer_id": "C2", "name": "Quiet Quarry", "segment": "home"},
    ])  # fmt: skip
    night.add("fct_coverage", [
        {"customer_id": "C1", "state": "judged", "n_items_recent": 9, "n_items_before": 40},
        {"customer_id": "C2", "state": "not_asked", "n_items_recent": 0, "n_items_before": 0},
    ])  # fmt: skip
    found = {"level": "customer", "subject": "C1", "customer_id": "C1", "kind": "watermelon", "started_week": START,
             "as_of": AS_OF, "is_surfaced": True, "sentiment_change": -0.8, "sentiment_change_low": -1.0,
             "sentiment_change_high": -0.6, "agreeing_kpis": ["spend"], "presumed_wrong": "metric"}  # fmt: skip
    night.add("fct_contradictions", [
        found | {"contradiction_id": "a", "kpi": "on_time", "n_items": 10, "n_items_before": 50, "q_value": 0.02},
        found | {"contradiction_id": "b", "kpi": "spend", "n_items": 77, "n_items_before": 77, "q_value": 0.7},
    ])  # fmt: skip
    night.add("mart_rejects", [
        {"source": "nps", "file_name": "nps.csv", "batch": 1, "line": 3, "column_name": "score",
         "reason": "not_a_number"},
    ])  # fmt: skip
    night.do(
        """
        insert into marts.fct_customer_week by name
        select 'C1' as customer_id, week, week < date '2026-02-24' as is_complete,
            case when i % 7 = 3 then 0 else 2 end as n_feedback,
            case when i % 7 = 3 then null when i < 50 then 0.6 else -0.2 end as sentiment,
            sentiment - 0.3 as sentiment_low, sentiment + 0.3 as sentiment_high
        from (select i, date '2025-01-06' + 7 * i::integer as week from range(61) as weeks(i))
        """
    )
    night.do(
        """
        insert into marts.fct_kpi_week by name
        select customer_id, kpi.kpi, week, is_complete,
            kpi.kpi = 'spend' and month(week) = month(week + 7) as is_imputed,
            case kpi.kpi when 'spend' then 41 when 'on_time' then if(n_feedback = 0, 0.94, 0.97) end as value
        from marts.fct_customer_week cross join marts.dim_kpi as kpi
        """
    )
    night.do(
        """
        insert into marts.mart_group_week by name
        select 'segment' as level, 'home' as subject, week, 2 as n_feedback, sentiment, sentiment_low, sentiment_high
        from marts.fct_customer_week where n_feedback > 0 and week >= date '2025-02-03'
        """
    )


class Page(HTMLParser):
    """What a browser would make of a page; ``faults`` names elements that are not closed where they should be."""

    VOID = frozenset({"meta", "link", "br", "img", "hr", "input", "path", "use"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())
