"""The work file's side of cases: what a night surfaced and holds back, and the snapshot that marts are built from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, transaction
from voc.domain.cases.case import Case, Sighting, Verdict
from voc.domain.cases.trust import Trust
from voc.domain.kinds import Kind

_LEVELS = ("segment", "region", "plan", "touchpoint")


@dataclass(frozen=True)
class Surfaced:
    """A sighting, and what routing asks of its subject."""

    seen: Sighting
    about: dict[str, str | None]
    customers_owner: str | None


def surfaced(connection: Connection) -> list[Surfaced]:
    """What was surfaced tonight, the most certain of each subject first.

    Reads  int.int_surfaced, of what the detect step found.
    """
    rows = connection.execute(
        """
        select
            level, subject, customer_id, kpi, kind, started_week, size, size_low, size_high, score, value_at_stake,
            reason, segment, region, plan, touchpoint, owner_email, started_low, started_high, is_drift, plausible
        from int.int_surfaced
        order by level, subject, score desc, kind, kpi
        """
    ).fetchall()
    return [_surfaced(*row) for row in rows]


def _surfaced(level: str, subject: str, customer_id: str | None, kpi: str | None, kind: str, started_week: date,
              size: float | None, size_low: float | None, size_high: float | None, score: float,
              value: float | None, reason: str, segment: str | None, region: str | None, plan: str | None,
              touchpoint: str | None, customers_owner: str | None, started_low: date | None, started_high: date | None,
              is_drift: bool | None, plausible: list[dict[str, Any]] | None) -> Surfaced:  # fmt: skip
    measured = _number(size)
    centre = 0.0 if measured is None else measured
    low, high = _number(size_low), _number(size_high)
    about = {"segment": segment, "region": region, "plan": plan, "touchpoint": touchpoint, "kpi": kpi}
    if level in _LEVELS:
        about[level] = subject
    seen = Sighting(
        level, subject, customer_id, kpi, Kind(kind), started_week, centre,
        centre if low is None else low, centre if high is None else high, score, _number(value), reason,
        started_low, started_high, bool(is_drift),
        frozenset((Kind(one["kind"]), one["kpi"]) for one in plausible or []),
    )  # fmt: skip
    return Surfaced(seen, about, customers_owner)


def _number(value: float | None) -> float | None:
    """None for what was not measured; the database has both NULL and NaN for it."""
    return None if value is None or value != value else float(value)


@dataclass(frozen=True)
class Held:
    """What cannot be judged tonight, and why. ``everywhere`` is about groups, which rest on every source."""

    by_customer: dict[tuple[str, str | None], str]
    everywhere: str | None

    def why(self, customer_id: str | None, kpi: str | None) -> str | None:
        """Why a case is held: its customer's feedback, or its metric, rests on a source that is held."""
        if customer_id is None:
            return self.everywhere
        return self.by_customer.get((customer_id, None)) or self.by_customer.get((customer_id, kpi))


def held(connection: Connection) -> Held:
    """What rests on sources that are late, or whose newest file was put aside."""
    # of several reasons the first in the alphabet stays
    rows = connection.execute(
        "select customer_id, kpi, held_because from int.int_held order by held_because desc"
    ).fetchall()
    everywhere = connection.execute("select min(held_because) from int.int_source").fetchone()
    return Held({(customer, kpi): why for customer, kpi, why in rows}, everywhere[0] if everywhere else None)


def late(connection: Connection) -> list[str]:
    """Why each held source is held, in the order of their names."""
    rows = connection.execute(
        "select held_because from int.int_source where held_because is not null order by source"
    ).fetchall()
    return [why for (why,) in rows]


def save(
    connection: Connection,
    cases: Sequence[Case],
    tonight: Mapping[str, str],
    verdicts: Sequence[tuple[str, str | None, str, Verdict, date]],
    trusts: dict[str, Trust],
) -> None:
    """Writes ml.cases, ml.verdicts and ml.kpi_trust, replacing the last night's."""
    columns = {
        table: [row[0] for row in connection.execute(f"describe ml.{table}").fetchall()]
        for table in ("cases", "verdicts", "kpi_trust")
    }
    described = [{**vars(case), "tonight": tonight.get(case.case_id)} for case in cases]
    rows = {
        "cases": [[case[name] for name in columns["cases"]] for case in described],
        "verdicts": [list(verdict) for verdict in verdicts],
        "kpi_trust": [[kpi, t.n_verdicts, t.n_wrong, t.n_right, t.mean, t.low, t.high] for kpi, t in trusts.items()],
    }
    with transaction(connection):
        for table, values in rows.items():
            connection.execute(f"delete from ml.{table}")
            if values:  # a frame of objects: an empty one would have no types
                connection.register("said", pd.DataFrame(values, columns=columns[table], dtype=object))
                connection.execute(f"insert into ml.{table} by name select * from said")
                connection.unregister("said")
