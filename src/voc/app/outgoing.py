"""What reaches people of a published night: the report, the owners' mails, notices to the operator, the docs."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from voc.adapters import lock, places
from voc.adapters.channels.channel import MessageChannel
from voc.adapters.channels.eml_files import FilesChannel
from voc.adapters.channels.smtp import SmtpChannel
from voc.adapters.published import publisher, reading
from voc.adapters.published.manifest import Manifest
from voc.app import project
from voc.app.progress import SILENT, Progress
from voc.app.project import Project
from voc.errors import InputError
from voc.steps import alert as alert_step
from voc.steps.alert_counts import NO_ALERTS, Alerted

HeldMail = Literal["send", "drop"]


def report(where: Project, as_of: date | None = None, progress: Progress = SILENT) -> Path:
    """Writes the report of the newest published night, or of the one of a day; where it is."""
    with lock.writer_lock(where.state, "voc report", where.lease):
        return write_report(where, _published(where, as_of).run_id, progress)


def alert(
    where: Project,
    as_of: date | None = None,
    progress: Progress = SILENT,
    held: HeldMail | None = None,
    refused: bool = False,
) -> Alerted:
    """Sends what waits for owners, of published nights only; an older night mails nothing.

    held: what becomes of notices that were held. refused: try mails again that a server had refused for good.
    """
    with lock.writer_lock(where.state, "voc alert", where.lease):
        night = _published(where, as_of)
        if not publisher.is_current(where.marts, night.run_id):
            if held or refused:
                raise InputError(f"the night of {night.as_of} is not the newest one", "leave out --as-of")
            return NO_ALERTS
        return send(where, night.run_id, progress, held, refused)


def docs(where: Project, progress: Progress = SILENT) -> Path:
    """Builds Great Expectations' Data Docs and dbt's docs beside the reports; their first page."""
    from voc.steps import docs as docs_step  # Great Expectations takes seconds to import

    with lock.writer_lock(where.state, "voc docs", where.lease), progress.step("docs") as say:
        page = docs_step.run(
            where.work,
            reports=where.reports,
            suites=places.expectations(),
            project=places.dbt_project(),
            scratch=where.state / "work" / "dbt",
        )
        say(str(page.relative_to(where.state.parent)))
    return page


def notify_operator(where: Project, subject: str, lines: Sequence[str]) -> None:
    """Tells the operator, by mail if `alerts.operator` names one; without customers' words or secrets."""
    alert_step.tell_operator(where.state, subject=subject, lines=lines, now=datetime.now(UTC), delivery=delivery(where))


def write_report(where: Project, run_id: str, progress: Progress) -> Path:
    """The report of a published run; the newest one becomes `reports/latest`."""
    from voc.steps import report as report_step  # draws with matplotlib, which takes a second to import

    with progress.step("report") as say:
        page = report_step.run(
            publisher.file_of(where.marts, run_id),
            run_id=run_id,
            reports=where.reports,
            make_latest=publisher.is_current(where.marts, run_id),
            keep=frozenset(night.run_id for night in publisher.published(where.marts)),
        )
        say(str(page.relative_to(where.state.parent)))
    return page


def send(
    where: Project, run_id: str, progress: Progress, held: HeldMail | None = None, refused: bool = False
) -> Alerted:
    """Composes and sends what waits; a server that refuses delays mails, it does not fail the night."""
    path = publisher.file_of(where.marts, run_id)
    with progress.step("alert") as say:
        alerted = alert_step.run(
            where.state,
            marts_file=path,
            run_id=run_id,
            is_published=lambda run: publisher.is_published(where.marts, run),
            now=datetime.now(UTC),
            max_per_mail=where.settings.cases.max_per_mail,
            report_url=where.settings.alerts.report_url,
            late=[source["held_because"] for source in reading.run_of(path)["sources"] if source["is_held"]],
            held=held,
            refused=refused,
            delivery=delivery(where),
        )
        say(alerted.sentence)
    for line in alerted.warnings:
        progress.warn(line)
    return alerted


def _published(where: Project, as_of: date | None) -> Manifest:
    """The night of a day, the newest run of it, or the current one."""
    nights = [night for night in publisher.published(where.marts) if as_of in (None, night.as_of)]
    current = publisher.latest(where.marts)
    if as_of is None and current is not None:
        return current
    if not nights:
        raise InputError(
            f"no night{f' of {as_of}' if as_of else ''} is published in {where.marts}",
            f"run it first: voc run{f' --as-of {as_of}' if as_of else ''}",
        )
    return nights[0]


def delivery(where: Project) -> alert_step.Delivery:
    """How messages leave this project. Raises InputError where a secret that a channel needs is not set."""
    channels = [channel for build in CHANNELS if (channel := build(where)) is not None]
    return alert_step.Delivery(channels, project.owners(where).may_mail, where.settings.alerts.operator)


def _smtp(where: Project) -> SmtpChannel | None:
    """The mail server, where one is set; its password is read here, and nowhere written."""
    alerts = where.settings.alerts
    server, password = alerts.smtp, None
    if server is None:
        return None
    if server.password_env:
        password = os.environ.get(server.password_env)
        if password is None:
            raise InputError(
                f"alerts.smtp.password_env names {server.password_env}, which is not set",
                "export it where voc runs, or take `password_env` out of voc.yml",
            )
    return SmtpChannel(alerts.sender, server.host, server.port, server.starttls, server.user, password)


def _eml_files(where: Project) -> FilesChannel | None:
    """Files in the state folder, where there is no mail server."""
    alerts = where.settings.alerts
    return None if alerts.smtp else FilesChannel(alerts.sender, where.state / "outbox")


CHANNELS: tuple[Callable[[Project], MessageChannel | None], ...] = (_smtp, _eml_files)
"""Every channel there is: what the settings make of it, None where they do not ask for it."""
