"""Step: the mails. Every owner hears once of what is new or worse; the operator of what needs a hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from voc.adapters.channels import compose, smtp
from voc.adapters.control_store import cases, control, mail_queue, notices
from voc.adapters.control_store.control import Control
from voc.adapters.control_store.notices import Waiting
from voc.adapters.crash import crash_point
from voc.adapters.published import case_views, reading
from voc.domain.formatting import counted


@dataclass(frozen=True)
class Post:
    """How mail leaves: from whom, by which server (None: into files), and to which addresses it may go.

    ``operator`` hears of late data, held notices and failed nights; None for nobody.
    """

    sender: str
    smtp: smtp.Smtp | None
    may_mail: Callable[[str], bool]
    operator: str | None = None


@dataclass(frozen=True)
class Alerted:
    """What became of the mails: sent and dead now; delayed and on their way as they stand; notices still held."""

    sent: int
    delayed: int
    dead: int
    held: int
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One line for people."""
        said = [counted(self.sent, "mail") + " sent"]
        said += [f"{n:,} {what}" for n, what in ((self.delayed, "delayed"), (self.dead, "refused")) if n]
        return ", ".join(said + ([counted(self.held, "notice") + " held"] if self.held else []))


NOTHING = Alerted(0, 0, 0, 0, ())
"""What an older night alerts to."""


def run(
    state: Path,
    *,
    marts_file: Path,
    run_id: str,
    is_published: Callable[[str], bool],
    now: datetime,
    by: Post,
    max_per_mail: int,
    report_url: str | None = None,
    late: Sequence[str] = (),
    held: Literal["send", "drop"] | None = None,
    refused: bool = False,
) -> Alerted:
    """Composes one mail per owner out of all that waits to be told, then sends what is due. Safe to run again.

    now:  aware UTC.
    late: a sentence per source that is late or quarantined; the same sentence while nothing newer has come.
    held: what to do with the notices that the circuit breaker holds; None leaves them.
    refused: try mails again that a server had refused for good.

    Reads   notices of published runs, and the published marts. Writes  the outbox of the control store, and
            state/outbox/*.eml where no mail server is set.
    A mail that cannot be sent now is no error: it waits, and ``warnings`` tell of it.
    """
    ran = reading.run_of(marts_file)
    night = _Night(run_id, ran["as_of"], ran["company"], now, by)
    with control.opened(state) as store:
        cases.note_published(store, is_published)
        if held:
            notices.release(store, held)
        if refused:
            mail_queue.try_again(store, now)
        told = notices.regroup(store)
        _queue(store, night, told, marts_file, max_per_mail, report_url, late)
        published = cases.published(store)
        still_held = {run: n for run, n in notices.held(store).items() if run in published}
        notes = [
            *(("Data late", line, f"late {line}") for line in late),
            *(("Notices held", _held(run, n), f"held {run}") for run, n in still_held.items()),
        ]
        for subject, text, about in notes:
            _tell(store, night, f"{subject}: {night.company}", [text], about)
        crash_point("alert:queued")
        sent, dead, failures = _deliver(store, by, mail_queue.due(store, now), now, state / "outbox")
        standing = mail_queue.standing(store)
    return Alerted(
        sent=sent,
        delayed=standing["pending"] + standing["sending"],
        dead=dead,
        held=sum(still_held.values()),
        warnings=(*(text for _, text, _ in notes), *failures),
    )


def tell_operator(state: Path, *, subject: str, lines: Sequence[str], now: datetime, by: Post) -> None:
    """Mails the operator, if there is one: the same lines once a day. What cannot be sent waits like any mail."""
    night = _Night("", now.date(), "", now, by)
    with control.opened(state) as store:
        name = _tell(store, night, subject, lines, f"{now.date()} {subject}: {' '.join(lines)}")
        if name is not None:
            _deliver(store, by, [name], now, state / "outbox")


@dataclass(frozen=True)
class _Night:
    """What every mail of one run has in common."""

    run_id: str
    as_of: date
    company: str
    now: datetime
    by: Post

    def envelope(self, name: str, recipient: str) -> compose.Envelope:
        return compose.Envelope(name, self.by.sender, recipient, self.company, self.as_of, self.now)

    def mail(self, name: str, recipient: str, about: str, message: bytes) -> mail_queue.Mail:
        return mail_queue.Mail(name, recipient, self.run_id, self.as_of, about, message)


def _queue(
    store: Control,
    night: _Night,
    told: Mapping[str, Sequence[Waiting]],
    marts_file: Path,
    max_per_mail: int,
    report_url: str | None,
    late: Sequence[str],
) -> None:
    """A mail for every owner. A case that the marts in hand do not hold waits on."""
    if not told:
        return
    from voc.adapters.report import (
        case_chart,  # matplotlib takes a second to import, which a night without news does not need
    )

    in_full = [case.case_id for waiting in told.values() for case in waiting[:max_per_mail]]
    views = {view.case_id: view for view in case_views.read(marts_file, in_full)}
    first_night = cases.first_night(store)
    for owner, waiting in told.items():
        shown = [case for case in waiting[:max_per_mail] if case.case_id in views]
        others = waiting[max_per_mail:]
        if not shown:
            continue
        letter = compose.Letter(
            items=[
                compose.Item(
                    views[case.case_id],
                    case.news,
                    case_chart.png(views[case.case_id]),
                    case_chart.alt(views[case.case_id]),
                )
                for case in shown
            ],
            others=[case.case_id for case in others],
            late=late,
            is_first=any(case.as_of == first_night for case in waiting),
            report_url=report_url,
        )
        notice_ids = [notice for case in (*shown, *others) for notice in case.notices]
        name = mail_queue.mail_id(owner, notice_ids)
        # an address that no mail may go to is never put into a header; `_deliver` buries its mail
        message = compose.compose(night.envelope(name, owner), letter) if night.by.may_mail(owner) else b""
        mail_queue.queue(store, night.mail(name, owner, mail_queue.CASES, message), notice_ids, night.now)


def _tell(store: Control, night: _Night, subject: str, lines: Sequence[str], about: str) -> str | None:
    """Queues a mail to the operator unless it was told before; its name, None where there is no operator."""
    if night.by.operator is None:
        return None
    name = mail_queue.mail_id(night.by.operator, about)
    message = compose.compose_plain(night.envelope(name, night.by.operator), subject, lines)
    mail_queue.queue(store, night.mail(name, night.by.operator, about, message), (), night.now)
    return name


def _deliver(
    store: Control, by: Post, names: Sequence[str], now: datetime, folder: Path
) -> tuple[int, int, tuple[str, ...]]:
    """How many of the mails were sent and how many refused for good, and why others were not."""
    sent, dead, failures = 0, 0, []
    for name in names:
        claimed = mail_queue.claim(store, name, now)
        if claimed is None:
            continue
        crash_point("alert:claimed")
        if by.may_mail(claimed.recipient):
            outcome = smtp.deliver(
                claimed.message, name, claimed.recipient, sender=by.sender, smtp=by.smtp, outbox=folder
            )
        else:
            outcome = smtp.Dead("the recipient is outside alerts.allowed_domains")
        outcome = mail_queue.settle(store, claimed, outcome, now)
        if isinstance(outcome, smtp.Sent):
            sent += 1
        elif isinstance(outcome, smtp.Dead):
            dead += 1
            failures.append(f"mail {name} is not sent: {outcome.why}; see `voc status`")
        else:
            failures.append(f"mail {name} is delayed: {outcome.why}")
            if outcome.is_everybodys:
                break  # each of the others would wait for the same server
    return sent, dead, tuple(failures)


def _held(run_id: str, n: int) -> str:
    return (
        f"{counted(n, 'notice')} of the night {run_id} held, far more than usual, and not told to anybody yet: "
        "look at `voc case list`, then run `voc alert --held send` or `voc alert --held drop`"
    )
