"""A company whose nights are made by hand: a real work file and a real control store, findings made up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from support import dbt_views
from voc.adapters.control_store import cases, control
from voc.adapters.work_file import warehouse
from voc.domain.cases.owners import Owners
from voc.domain.kinds import CLAIMS
from voc.domain.kpi import Kpi
from voc.steps import case

FIRST = date(2026, 3, 1)
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KPIS = (
    Kpi("on_time", "On time", "share", "higher", owner="ops@lumen.example"),
    Kpi("reply", "Reply", "hours", "lower"),
)
OWNERS = Owners([], "lead@lumen.example", frozenset({"lumen.example"}))


@dataclass
class Company:
    """A state folder whose nights are made by hand."""

    state: Path
    published: set[str]

    @property
    def work(self) -> Path:
        return warehouse.path_in(self.state)

    def finds(self, *found: dict) -> None:
        """What the detector surfaces from now on: customer, and whatever differs from an ordinary watermelon."""
        ordinary = {
            "level": "customer", "kpi": "on_time", "kind": "watermelon", "started_week": "2026-01-05",
            "sentiment_change": -0.6, "sentiment_change_low": -0.8, "sentiment_change_high": -0.4,
            "kpi_change": 0.0, "kpi_change_low": -0.1, "kpi_change_high": 0.1, "q_value": 0.1, "score": 2.0,
            "is_surfaced": True, "reason": "Because.",
        }  # fmt: skip
        with duckdb.connect(str(self.work)) as work:
            work.execute("delete from ml.contradictions")
            for one in found:
                row = {**ordinary, "subject": one.get("customer_id"), **one}
                work.execute(
                    f"insert into ml.contradictions ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                    list(row.values()),
                )

    def holds(self, *rows: tuple) -> None:
        """(customer_id, kpi, source, why) of what rests on a held source."""
        with duckdb.connect(str(self.work)) as work:
            work.execute("delete from int.int_held; delete from int.int_source")
            if rows:
                work.executemany("insert into int.int_held values (?, ?, ?, ?)", rows)
                work.executemany("insert into int.int_source values (?, ?)", [(row[2], row[3]) for row in rows])

    def night(self, n: int, run: str = "", publish: bool = True, **settings) -> case.Casework:
        """The case step of the n-th night."""
        as_of = FIRST + timedelta(days=n)
        run_id = f"{as_of}-{run}"
        with warehouse.opened(self.work) as work:
            at = NOW.replace(tzinfo=None)
            warehouse.begin(work, warehouse.RunMeta(run_id, as_of, at, at, at))
        done = case.run(
            self.work,
            self.state,
            as_of,
            **{
                "owners": OWNERS, "kpis": KPIS, "due_days": 14, "max_per_mail": 10,
                "newest_published": max((date.fromisoformat(one[:10]) for one in self.published), default=None),
                "is_published": self.published.__contains__, "now": NOW, **settings,
            },
        )  # fmt: skip
        if publish:
            self.published.add(run_id)
        return done

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.work)) as work:
            return work.execute(query).fetchall()

    def outbox(self) -> list[tuple]:
        with control.opened(self.state) as store:
            return [tuple(row) for row in store.execute("select as_of, news, status from outbox order by notice_id")]

    def act(self, what) -> None:
        with control.opened(self.state) as store:
            (one,) = cases.standing(store).values()
            on = cases.newest_night(store)
            event = what(one, on)
            cases.record(store, [event], run_id=None, now=NOW)
            if event.after.verdict:
                cases.decide(store, event, event.after.verdict, "found", NOW)


def hand_made(state: Path) -> Company:
    """Five thousand customers of whom nothing has been found yet."""
    company = Company(state, set())
    with warehouse.opened(company.work) as work:
        work.execute("""
            create schema int;
            create table int.int_customer (customer_id varchar, segment varchar, region varchar, plan varchar,
                owner_email varchar);
            insert into int.int_customer select 'C' || i, 'smb', 'north', 'gold', null from range(1, 5001) as t(i);
            create table int.int_revenue (level varchar, subject varchar, monthly_revenue double);
            insert into int.int_revenue select 'customer', customer_id, 100 from int.int_customer;
            create table int.int_held (customer_id varchar, kpi varchar, source varchar, held_because varchar);
            create table int.int_source (source varchar, held_because varchar);
            insert into raw.config_kpis (kpi, better) values ('on_time', 'higher'), ('reply', 'lower');
        """)
        work.executemany(
            "insert into raw.config_kinds values (?, ?)",
            [(str(kind), str(claim.size_of)) for kind, claim in CLAIMS.items()],
        )
        dbt_views.create(work, *dbt_views.FOUND)
    return company
