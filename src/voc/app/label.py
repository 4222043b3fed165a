"""Audit labels: people label texts one by one, and each label is stored at once."""

import getpass
from datetime import UTC, date, datetime, timedelta

from voc.adapters import lock
from voc.adapters.control_store import audit_labels, control
from voc.app.project import Project
from voc.domain import weeks
from voc.domain.labelling import LabelCounts, Sheet, TextToLabel


class LabellingSession:
    """One person labels the texts of a sheet, one after the other, and may take labels back, the newest first."""

    def __init__(self, where: Project, sheet: Sheet, by: str | None = None) -> None:
        """by: who labels; whoever is logged in unless said."""
        self.where, self.sheet, self.by = where, sheet, by or getpass.getuser()
        self.position = 0
        """How many texts of the sheet are done."""
        self._given: list[tuple[int, int | None]] = []

    def asked(self) -> TextToLabel | None:
        """The text that is to be labelled now, None after the last; what somebody has labelled meanwhile is passed."""
        with control.opened(self.where.state) as store:
            for text in self.sheet.asked[self.position :]:
                if not audit_labels.is_labelled(store, text.text_id):
                    return text
                self.position += 1
        return None

    def answer(self, label: float | None) -> None:
        """Keeps how the text was read: 1 warm, 0 cold, 0.5 neither; None leaves it for another session."""
        audit_id = None
        if label is not None:
            with control.opened(self.where.state) as store:
                now = datetime.now(UTC).replace(tzinfo=None)
                audit_id = audit_labels.add(store, self.sheet.asked[self.position].text_id, label, by=self.by, at=now)
        self._given.append((self.position, audit_id))
        self.position += 1

    def undo(self) -> bool:
        """Takes the newest answer of this session back and asks that text again; False where there is none."""
        if not self._given:
            return False
        self.position, audit_id = self._given.pop()
        if audit_id is not None:
            with control.opened(self.where.state) as store:
                audit_labels.take_back(store, audit_id)
        return True

    def counts(self) -> LabelCounts:
        """Everybody's labels of the channel, as they are now."""
        from voc.steps import label as label_step  # as in `labelling`

        of_channel = {*self.sheet.labels, *(text.text_id for text in self.sheet.asked)}
        labels = audit_labels.known_in(self.where.state)
        return label_step.count_labels([labels[text_id] for text_id in of_channel & labels.keys()])

    @property
    def counts_from(self) -> date:
        """The Monday on which the next four-week block begins: labels of today count in its nights."""
        today = self.where.last_whole_day + timedelta(days=1)
        return weeks.block_start(today) + timedelta(weeks=weeks.BLOCK_WEEKS)


def labelling(
    where: Project,
    n: int,
    *,
    source: str | None = None,
    question: str | None = None,
    language: str | None = None,
    by: str | None = None,
) -> LabellingSession:
    """A session with the next ``n`` texts of a channel: of those that match, the one where labels help most.

    Holds the writer's lock only while it reads them.
    Raises  LockHeld while a night is writing; InputError when there is nothing to label.
    """
    from voc.steps import label as label_step  # scikit-learn takes seconds to import

    with lock.writer_lock(where.state, "voc label", where.lease):
        sheet = label_step.run(where.work, state=where.state, n=n, source=source, question=question, language=language)
    return LabellingSession(where, sheet, by)
