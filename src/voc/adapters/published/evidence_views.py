"""Reads the evidence of a published night, as the report draws it and a terminal prints it."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from voc.adapters.published import reading
from voc.domain.display_text import display_text
from voc.domain.evidence.evidence import Evidence, Item, LeftOut, Member, Rival, Series, Theme, WeighedHypothesis
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

Rows = list[dict[str, Any]]

_PLAIN = (
    "contradiction_id", "level", "started_week", "started_low", "started_high", "as_of", "n_items", "n_items_before",
    "sentiment_change", "sentiment_change_low", "sentiment_change_high", "q_value", "is_surfaced",
    "explained_by", "kpi_before", "kpi_after",
)  # fmt: skip

_FOUND = """
    select found.*, coalesce(customer.name, found.subject) as name
    from marts.fct_contradictions as found
    left join marts.dim_customer as customer on found.customer_id = customer.customer_id
"""
_PARTS = """
    select evidence.*, coalesce(member.name, evidence.name) as member_name
    from marts.fct_case_evidence as evidence
    left join marts.dim_customer as member on evidence.part = 'member' and evidence.name = member.customer_id
    where list_contains($ids, evidence.contradiction_id)
    order by evidence.contradiction_id, evidence.part, evidence.position
"""
_OF_CASES = """
    select cases.case_id, found.contradiction_id
    from marts.fct_cases as cases
    inner join marts.fct_contradictions as found
        on cases.level = found.level and cases.subject = found.subject
    where list_contains($ids, cases.case_id) and (found.is_surfaced or found.explained_by is not null)
    qualify row_number() over (
        partition by cases.case_id
        order by cases.kind = found.kind and cases.kpi is not distinct from found.kpi desc, found.score desc
    ) = 1
"""
_EXPLAINED = """
    select
        found.level, found.subject, coalesce(customer.name, found.subject) as name, found.kind, kpi.label as kpi,
        found.started_week, found.explained_by, rival.sentence, found.contradiction_id, count(*) over () as n
    from marts.fct_contradictions as found
    left join marts.dim_customer as customer on found.customer_id = customer.customer_id
    left join marts.dim_kpi as kpi on found.kpi = kpi.kpi
    left join marts.fct_case_evidence as rival
        on found.contradiction_id = rival.contradiction_id and rival.part = 'rival' and found.explained_by = rival.name
    where found.explained_by is not null
    order by found.score desc, found.contradiction_id
    limit $most
"""


def of_cases(marts_file: Path, case_ids: Sequence[str]) -> dict[str, Evidence]:
    """The evidence of cases, by case; a case of which nothing was surfaced or explained tonight has none.

    Raises  OutsideError when another version of voc has published the file.
    """
    with reading.opened(marts_file) as connection:
        of_case = dict(connection.execute(_OF_CASES, {"ids": list(case_ids)}).fetchall())
        found = reading.rows(
            connection, f"{_FOUND} where list_contains($ids, contradiction_id)", {"ids": list(of_case.values())}
        )
        evidence = {tested.contradiction_id: tested for tested in _with_parts(connection, found)}
    return {case_id: evidence[contradiction_id] for case_id, contradiction_id in of_case.items()}


def of_subject(marts_file: Path, level: str, subject: str) -> list[Evidence]:
    """Everything that was tested of a subject: what is surfaced first, then what is explained, then by certainty."""
    query = (
        f"{_FOUND} where found.level = $level and found.subject = $subject "
        "order by found.is_surfaced desc, found.explained_by is null, found.score desc, found.contradiction_id"
    )
    with reading.opened(marts_file) as connection:
        return _with_parts(connection, reading.rows(connection, query, {"level": level, "subject": subject}))


def named(marts_file: Path, name: str) -> list[tuple[str, str, str | None]]:
    """(level, subject, contradiction id) of all that a name can mean: a customer, a group, else a contradiction.

    A subject may have its level before it, as `region:north`; its id is None. Of a contradiction the beginning of its
    id is enough.
    """
    with reading.opened(marts_file) as connection:
        subjects = connection.execute(
            "with subjects as (select 'customer' as level, customer_id as subject from marts.dim_customer "
            "union select level, subject from marts.fct_contradictions) "
            "select level, subject, null from subjects "
            "where $name in (subject, level || ':' || subject) order by level",
            {"name": name},
        ).fetchall()
        return (
            subjects
            or connection.execute(
                "select level, subject, contradiction_id from marts.fct_contradictions "
                "where starts_with(contradiction_id, $name) order by contradiction_id limit 6",
                {"name": name.lower()},
            ).fetchall()
        )


def explained(marts_file: Path, most: int) -> tuple[Rows, int]:
    """What something simpler explains, the most certain first, at most ``most`` rows, and how many there are."""
    with reading.opened(marts_file) as connection:
        found = reading.rows(connection, _EXPLAINED, {"most": most})
    return found, found[0]["n"] if found else 0


def catalogue(connection: duckdb.DuckDBPyConnection) -> dict[str, Kpi]:
    """The metrics of a published file by name, their labels fit to be shown."""
    rows = reading.rows(connection, "select * from marts.dim_kpi")
    return {row["kpi"]: Kpi(name=row.pop("kpi"), **{**row, "label": display_text(row["label"])}) for row in rows}


def _with_parts(connection: duckdb.DuckDBPyConnection, found: Rows) -> list[Evidence]:
    """Rows of ``_FOUND`` with what speaks for and against them, in their order; two queries, however many."""
    kpis = catalogue(connection)
    parts: defaultdict[str, defaultdict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in reading.rows(connection, _PARTS, {"ids": [entry["contradiction_id"] for entry in found]}):
        parts[row["contradiction_id"]][row["part"]].append(row)
    return [_evidence(row, kpis.get(row["kpi"]), parts[row["contradiction_id"]]) for row in found]


def _evidence(found: Mapping[str, Any], kpi: Kpi | None, parts: Mapping[str, Rows]) -> Evidence:
    plain: dict[str, Any] = {name: _known(found[name]) for name in _PLAIN}
    rivals = [
        Rival(
            display_text(row["name"]), _known(row["value"]), Plausibility(row["verdict"]), display_text(row["sentence"])
        )
        for row in parts["rival"]
    ]
    return Evidence(
        **plain,
        subject=display_text(found["subject"]),
        name=display_text(found["name"]),
        kind=Kind(found["kind"]),
        kpi=kpi,
        reason=display_text(found["reason"] or ""),
        said=_series(parts["sentiment"]),
        expected=_series(parts["expected"]),
        metric=_series([row for row in parts["kpi"] if row["name"] == found["kpi"]]),
        left_out=next((LeftOut(row["value"], row["low"], row["high"]) for row in parts["leave_one_out"]), None),
        stories=tuple(
            sorted(
                (WeighedHypothesis(display_text(row["name"]), row["value"]) for row in parts["story"]),
                key=lambda hypothesis: -hypothesis.weight,
            )
        ),
        rivals=tuple(sorted(rivals, key=lambda rival: -rival.verdict.strength)),
        items=tuple(Item(display_text(row["name"]), row["value"]) for row in parts["item"]),
        members=tuple(
            Member(display_text(row["name"]), display_text(row["member_name"]), row["value"]) for row in parts["member"]
        ),
        themes=tuple(
            Theme(
                display_text(row["sentence"]),
                tuple(display_text(item["name"]) for item in parts["theme_item"] if item["theme"] == row["theme"]),
            )
            for row in parts["theme"]
        ),
    )


def _series(rows: Rows) -> Series:
    """The weeks that have a value."""
    with_value = [row for row in rows if _known(row["value"]) is not None]
    weeks, values = tuple(row["week"] for row in with_value), tuple(row["value"] for row in with_value)
    return Series(weeks, values, *(tuple(_known(row[end]) for row in with_value) for end in ("low", "high")))


def _known(value: Any) -> Any:
    """None also for NaN: a database has both for what is not known."""
    return None if isinstance(value, float) and math.isnan(value) else value
