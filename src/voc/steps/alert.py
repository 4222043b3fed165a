"""Step: alert. Every owner is told once of what is new or worse, the operator of what needs attention."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from voc.adapters.channels import compose
from voc.adapters.channels.channel import Message, MessageChannel
from voc.adapters.channels.outcome import Dead, Sent
from voc.adapters.control_store import cases, control, mail_queue, notices
from voc.adapters.control_store.control import Control
from voc.adapters.control_store.notices import Waiting
from voc.adapters.crash import crash_point
from voc.adapters.published import case_views, reading
from voc.domain.cases.case_view import CaseView
from voc.domain.formatting import counted
from voc.steps.alert_counts import Alerted, ChannelCounts


@dataclass(frozen=True)
class Delivery:
    """The channels, each of which carries every message, and the addresses to which messages may go.

    ``operator`` hears of late data, held notices and failed nights; None for nobody.
    """

    channels: Sequence[MessageChannel]
    may_mail: Callable[[str], bool]
    operator: str | None = None

    @property
    def names(self) -> list[str]:
        """The channels' names, under which the control store knows them."""
        return [channel.name for channel in self.channels]


def run(
    state: Path,
    *,
    marts_file: Path,
    run_id: str,
    is_published: Callable[[str], bool],
    now: datetime,
    delivery: Delivery,
    max_per_mail: int,
    report_url: str | None = None,
    late: Sequence[str] = (),
    held: Literal["send", "drop"] | None = None,
    refused: bool = False,
) -> Alerted:
    """Composes one message per owner out of all waiting notices, then sends what is due. Safe to run again.

    now:  aware UTC.
    late: a sentence per source that is late or quarantined; the same sentence while nothing newer has come.
    held: what to do with the notices that the circuit breaker holds; None leaves them.
    refused: try messages again that were refused for good.

    Reads   notices of published runs, and the published marts. Writes  the queues of the control store, and whatever
            the channels write.
    A message that cannot be sent now is no error: it waits, and ``warnings`` name it. A channel that is down does not
    keep others from sending.
    """
    summary = reading.run_of(marts_file)
    context = _MessageContext(run_id, summary["as_of"], summary["company"], now, delivery)
    with control.opened(state) as store:
        cases.note_published(store, is_published)
        if held:
            notices.release(store, held)
        if refused:
            mail_queue.try_again(store, now)
        mail_queue.retire(store, delivery.names)
        waiting = notices.regroup(store, delivery.names)
        _queue_digests(store, context, waiting, marts_file, max_per_mail, report_url, late)
        notices.mark_mailed(store, delivery.names)
        published = cases.published(store)
        still_held = {run: n for run, n in notices.held(store).items() if run in published}
        operator_notes = [
            *(("Data late", line, f"late {line}") for line in late),
            *(("Notices held", _held(run, n), f"held {run}") for run, n in still_held.items()),
        ]
        for subject, text, about in operator_notes:
            _queue_for_operator(store, context, f"{subject}: {context.company}", [text], about)
        crash_point("alert:queued")
        counts, failures = [], []
        for channel in delivery.channels:
            of_channel, why = _deliver(store, channel, mail_queue.due(store, channel.name, now), context)
            counts.append(of_channel)
            failures += why
    return Alerted(
        channels=tuple(counts),
        held=sum(still_held.values()),
        warnings=(*(text for _, text, _ in operator_notes), *failures),
    )


def tell_operator(state: Path, *, subject: str, lines: Sequence[str], now: datetime, delivery: Delivery) -> None:
    """Sends lines to the operator, if there is one: the same ones once a day. A message that cannot be sent waits."""
    context = _MessageContext("", now.date(), "", now, delivery)
    with control.opened(state) as store:
        mail_id = _queue_for_operator(store, context, subject, lines, f"{now.date()} {subject}: {' '.join(lines)}")
        if mail_id is not None:
            for channel in delivery.channels:
                _deliver(store, channel, [mail_id], context)


@dataclass(frozen=True)
class _MessageContext:
    """What every message of one run has in common."""

    run_id: str
    as_of: date
    company: str
    now: datetime
    delivery: Delivery

    def envelope(self, mail_id: str, recipient: str) -> compose.Envelope:
        return compose.Envelope(mail_id, recipient, self.company, self.as_of, self.now)

    def mail(
        self, mail_id: str, channel: MessageChannel, recipient: str, about: str, content: bytes
    ) -> mail_queue.Mail:
        return mail_queue.Mail(mail_id, channel.name, recipient, self.run_id, self.as_of, about, content)


def _queue_digests(
    store: Control,
    context: _MessageContext,
    waiting: Mapping[str, Mapping[str, Sequence[Waiting]]],
    marts_file: Path,
    max_per_mail: int,
    report_url: str | None,
    late: Sequence[str],
) -> None:
    """Queues a message for every owner in every channel. A case that is not in the marts waits."""
    in_full = {
        case.case_id for by_owner in waiting.values() for news in by_owner.values() for case in news[:max_per_mail]
    }
    if not in_full:
        return
    views = {view.case_id: view for view in case_views.read(marts_file, sorted(in_full))}
    first_night = cases.first_night(store)
    for owner in dict.fromkeys(owner for by_owner in waiting.values() for owner in by_owner):
        messages: dict[str, Message] = {}  # most often the same for all channels, and its charts take time to draw
        for channel in context.delivery.channels:
            news = waiting.get(channel.name, {}).get(owner, ())
            shown, others = [case for case in news[:max_per_mail] if case.case_id in views], news[max_per_mail:]
            if not shown:
                continue
            notice_ids = [notice for case in (*shown, *others) for notice in case.notices]
            mail_id = mail_queue.mail_id(owner, notice_ids)
            content = b""  # a message to a forbidden address is not rendered; `_deliver` marks it dead
            if context.delivery.may_mail(owner):
                if mail_id not in messages:
                    digest = compose.Digest(
                        items=[_item(views[case.case_id], case) for case in shown],
                        others=[case.case_id for case in others],
                        late=late,
                        is_first=any(case.as_of == first_night for case in news),
                        report_url=report_url,
                    )
                    messages[mail_id] = compose.compose_digest(context.envelope(mail_id, owner), digest)
                content = channel.render(messages[mail_id])
            mail = context.mail(mail_id, channel, owner, mail_queue.CASES, content)
            mail_queue.queue(store, mail, notice_ids, context.now)


def _item(view: CaseView, waiting: Waiting) -> compose.DigestCase:
    # matplotlib takes a second to import, which a night without news does not need
    from voc.adapters.report import case_chart

    return compose.DigestCase(view, waiting.news, case_chart.png(view), case_chart.alt(view))


def _queue_for_operator(
    store: Control, context: _MessageContext, subject: str, lines: Sequence[str], about: str
) -> str | None:
    """Queues a message to the operator unless it was queued before; its id, None where there is no operator."""
    operator = context.delivery.operator
    if operator is None:
        return None
    mail_id = mail_queue.mail_id(operator, about)
    message = compose.compose_plain(context.envelope(mail_id, operator), subject, lines)
    for channel in context.delivery.channels:
        mail_queue.queue(
            store, context.mail(mail_id, channel, operator, about, channel.render(message)), (), context.now
        )
    return mail_id


def _deliver(
    store: Control, channel: MessageChannel, mail_ids: Sequence[str], context: _MessageContext
) -> tuple[ChannelCounts, list[str]]:
    """Sends a channel's messages until it says that it is down; the counts, and why others were not sent."""
    sent, dead, failures = 0, 0, []
    for mail_id in mail_ids:
        claimed = mail_queue.claim(store, channel.name, mail_id, context.now)
        if claimed is None:
            continue
        crash_point("alert:claimed")
        if context.delivery.may_mail(claimed.recipient):
            outcome = channel.deliver(claimed.content, message_id=mail_id, recipient=claimed.recipient)
        else:
            outcome = Dead("the recipient is outside alerts.allowed_domains")
        if isinstance(outcome, Sent):
            crash_point("alert:sent")
        outcome = mail_queue.settle(store, claimed, outcome, context.now)
        if isinstance(outcome, Sent):
            sent += 1
        elif isinstance(outcome, Dead):
            dead += 1
            failures.append(f"{channel.noun} {mail_id} is not sent: {outcome.why}; see `voc status`")
        else:
            failures.append(f"{channel.noun} {mail_id} is delayed: {outcome.why}")
            if outcome.is_everybodys:
                break  # each of the others of this channel would meet the same
    delayed = mail_queue.unsettled(store, channel.name)
    return ChannelCounts(channel.name, channel.noun, channel.destination, sent, delayed, dead), failures


def _held(run_id: str, n: int) -> str:
    return (
        f"{counted(n, 'notice')} of the night {run_id} held, far more than usual, and not told to anybody yet: "
        "look at `voc case list`, then run `voc alert --held send` or `voc alert --held drop`"
    )
