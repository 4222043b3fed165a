"""Cases that wait to be told: a real control store, real published marts, and a real mail server to send through."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from aiosmtpd.controller import Controller

from voc.adapters.channels.channel import MessageChannel
from voc.adapters.channels.eml_files import FilesChannel
from voc.adapters.channels.smtp import SmtpChannel
from voc.adapters.control_store import cases, control, notices
from voc.domain.cases.case import Case, News, State
from voc.domain.cases.owners import Owners
from voc.domain.kinds import Kind
from voc.steps import alert
from voc.steps.alert_counts import Alerted

AS_OF = date(2026, 3, 1)
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
RUN = "2026-03-01-aaaa"
SENDER = "voc@lumen.example"
OWNER, OTHER = "ann@lumen.example", "ben@lumen.example"
OWNERS = Owners((), OWNER, frozenset({"lumen.example"}))
CUSTOMERS_WORDS = "the fitter never came and nobody called me back"


def a_case(n: int, **changes: Any) -> Case:
    """A watermelon of the customer C<n>; the higher n, the less is at stake."""
    case = Case(
        case_id=f"c{n:05}", level="customer", subject=f"C{n}", customer_id=f"C{n}", kpi="on_time_rate",
        kind=Kind.WATERMELON, owner_email=OWNER, owner_why="the customer's owner", state=State.OPEN, opened_on=AS_OF,
        due_on=date(2026, 3, 15), last_seen_on=AS_OF, last_judged_on=AS_OF, started_week=date(2026, 1, 5), size=-0.8,
        size_low=-1.1, size_high=-0.5, value_at_stake=10_000.0 - n,
        reason="Visits on time held at 99\N{NO-BREAK SPACE}% since 5 January, while what this customer says fell.",
    )  # fmt: skip
    return replace(case, **changes)


def tell(
    state: Path, told: Sequence[Case], *, run_id: str = RUN, as_of: date = AS_OF, status: str = "pending",
    news: News = News.NEW,
) -> None:  # fmt: skip
    """Puts cases and a notice each into the control store, as a night's case step does."""
    with control.opened(state) as store, control.transaction(store):
        if not cases.has_run(store, run_id):
            cases.end_night(store, run_id, as_of, moved=False, now=NOW)
        for case in told:
            keep(store, case)
            notices.add(store, replace(case, news=news), run_id=run_id, as_of=as_of, now=NOW, status=status)


def keep(store: control.Control, case: Case) -> None:
    cases.record(store, [cases.Event("seen", AS_OF, case)], run_id=None, now=NOW)


def change(state: Path, case: Case) -> None:
    """A person or a later night does something to a case."""
    with control.opened(state) as store:
        keep(store, case)


def first_night(state: Path, as_of: date) -> None:
    with control.opened(state) as store:
        cases.end_night(store, "first", as_of, moved=True, now=NOW)


def publish(file: Path, told: Sequence[Case], names: dict[str, str] | None = None, as_of: date = AS_OF) -> Path:
    """Marts of these cases, with ten weeks each; a customer is called by its id unless ``names`` says otherwise."""
    rows = pd.DataFrame([case.to_json() for case in told]).astype({"customer_id": "string", "kpi": "string"})
    called = pd.DataFrame({"customer_id": list(names or {}), "name": list((names or {}).values())}, dtype="string")
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as marts:
        marts.register("given", rows)
        marts.register("called", called)
        for statement in _MARTS.format(as_of=as_of).split(";"):
            marts.execute(statement)
    return file


_MARTS = """
create schema marts;
create table marts.mart_run as
select 'r' as run_id, date '{as_of}' as as_of, 'Lumen Broadband' as company, 'EUR' as currency;

create table marts.fct_cases as
select
    case_id, level, subject, customer_id, kpi, kind, owner_email, owner_why, state, opened_on::date as opened_on,
    due_on::date as due_on, last_seen_on::date as last_seen_on, closed_on::date as closed_on,
    verdict::varchar as verdict, started_week::date as started_week, started_low::date as started_low,
    started_high::date as started_high, is_drift::boolean as is_drift, value_at_stake::double as value_at_stake, reason,
    held_because::varchar as held_because, null::varchar as tonight, 0::bigint as n_restated
from given;

create table marts.dim_customer as
select
    customer_id, coalesce(called.name, customer_id) as name, 'enterprise' as segment, 'north' as region,
    'fibre' as plan
from (select distinct customer_id from given) left join called using (customer_id);

create table marts.dim_kpi as
select
    'on_time_rate' as kpi, 'Visits on time' as label, 'share' as unit, 'higher' as better, 'weekly' as cadence,
    'mean' as combine, 0.95 as target, null::varchar as owner, 'installation' as touchpoint;

create table marts.fct_contradictions as
select
    case_id as contradiction_id, level, subject, kpi, kind, started_week::date as started_week,
    started_low::date as started_low, started_high::date as started_high, 9.0 as score,
    0.5 as sentiment_before, -0.34 as sentiment_after,
    0.95 as kpi_before, 0.97 as kpi_after, 24 as n_items, 31 as n_items_before, -0.84 as sentiment_change,
    -1.1 as sentiment_change_low, -0.5 as sentiment_change_high, 0.02 as kpi_change,
    0.01 as kpi_change_low, 0.03 as kpi_change_high, 0.0138 as q_value,
    'metric' as presumed_wrong, []::varchar[] as agreeing_kpis
from given;

create table marts.mart_kpi_trust as
select
    'on_time_rate' as kpi, 3 as n_verdicts, 2 as n_metric_wrong, 1 as n_metric_right, 0.4 as trust,
    0.1 as trust_low, 0.8 as trust_high;

create table marts.fct_customer_week as
select
    customer_id, (date '2025-12-22' + (7 * week)::int)::date as week, true as is_complete, 3 as n_feedback,
    0.5 - 0.1 * week as sentiment, 0.2 - 0.1 * week as sentiment_low, 0.8 - 0.1 * week as sentiment_high
from marts.dim_customer, range(10) as weeks (week);

create table marts.fct_kpi_week as
select customer_id, 'on_time_rate' as kpi, week, 0.97 as value, false as is_imputed from marts.fct_customer_week;

create table marts.mart_group_week as
select
    'region' as level, 'north' as subject, week, 1 as n_feedback, 0.1 as sentiment, 0.0 as sentiment_low,
    0.2 as sentiment_high
from marts.fct_customer_week
"""


def delivery(state: Path, smtp: SmtpChannel | None = None, operator: str | None = None) -> alert.Delivery:
    return alert.Delivery([smtp or FilesChannel(SENDER, state / "outbox")], OWNERS.may_mail, operator)


def run(state: Path, marts_file: Path, smtp: SmtpChannel | None = None, now: datetime = NOW, **options: Any) -> Alerted:
    """The alert step, through a mail server or into files; ``channels`` instead of both, where a test says which."""
    sending = delivery(state, smtp, options.pop("operator", None))
    channels: Sequence[MessageChannel] = options.pop("channels", sending.channels)
    return alert.run(
        state,
        **{
            "marts_file": marts_file,
            "run_id": RUN,
            "is_published": lambda run_id: True,
            "now": now,
            "delivery": replace(sending, channels=channels),
            "max_per_mail": 10,
        }
        | options,
    )


class Mailbox:
    """What a mail server was sent: (recipient, bytes); ``answers`` are given to RCPT or to DATA instead of 250."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.answers: dict[str, str] = {}
        self.answer_to_data: str | None = None
        self.answer_to_mail: str | None = None

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd asks for it by this name
        envelope.mail_from = address
        return self.answer_to_mail or "250 2.1.0 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd asks for it by this name
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd asks for it by this name
        if self.answer_to_data:
            return self.answer_to_data
        self.arrived += [(recipient, envelope.original_content) for recipient in envelope.rcpt_tos]
        return "250 2.0.0 taken"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=default) for _, content in self.arrived]


@contextmanager
def mail_server(mailbox: Mailbox, port: int | None = None, **options: Any) -> Iterator[SmtpChannel]:
    """A mail server on this machine, for as long as the context lasts."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    try:
        yield SmtpChannel(SENDER, "127.0.0.1", controller.port, starttls=False)
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rows(state: Path, query: str) -> list[tuple[Any, ...]]:
    with control.opened(state) as store:
        return [tuple(row) for row in store.execute(query)]


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)
