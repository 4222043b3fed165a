"""A queue of one channel, `smtp`, as the tests of the control store fill and empty it."""

from support.told_cases import AS_OF, NOW, OWNER, RUN, rows
from voc.adapters.control_store import cases, control, mail_queue, notices
from voc.adapters.control_store.mail_queue import Mail

SMTP = ["smtp"]


def all_published(run_id: str) -> bool:
    return True


def regroup(state, is_published=all_published, channels=SMTP):
    """(case, news) by owner."""
    with control.opened(state) as store:
        cases.note_published(store, is_published)
        by_channel = notices.regroup(store, channels)
    return {
        owner: [(case.case_id, case.news) for case in waiting]
        for by_owner in by_channel.values()
        for owner, waiting in by_owner.items()
    }


def queue(state, recipient=OWNER, now=NOW) -> str:
    """Puts what waits for an owner into a mail."""
    with control.opened(state) as store:
        cases.note_published(store, all_published)
        waiting = notices.regroup(store, SMTP)["smtp"][recipient]
        notice_ids = [notice for case in waiting for notice in case.notices]
        name = mail_queue.mail_id(recipient, notice_ids)
        mail = Mail(name, "smtp", recipient, RUN, AS_OF, mail_queue.CASES, b"bytes")
        assert mail_queue.queue(store, mail, notice_ids, now)
        notices.mark_mailed(store, SMTP)
    return name


def attempt(state, name, outcome, now=NOW):
    """What a try comes to; None when it is nobody's turn."""
    with control.opened(state) as store:
        claimed = mail_queue.claim(store, "smtp", name, now)
        return claimed and mail_queue.settle(store, claimed, outcome, now)


def due(state, now):
    with control.opened(state) as store:
        return mail_queue.due(store, "smtp", now)


def statuses(state):
    return [status for (status,) in rows(state, "select status from outbox order by notice_id")]
