"""Step: open, continue and clear cases by what the night surfaced, and leave a snapshot of them for the marts."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from voc.adapters.control_store import cases, control, notices
from voc.adapters.control_store.control import Control
from voc.adapters.crash import crash_point
from voc.adapters.work_file import case_tables, warehouse
from voc.adapters.work_file.case_tables import Held, Surfaced
from voc.domain.cases.case import LIVE, Case, Event, News, Sighting
from voc.domain.cases.life_cycle import Night, continued, may_notify, opened
from voc.domain.cases.owners import Owners
from voc.domain.cases.trust import trust
from voc.domain.formatting import counted
from voc.domain.kpi import Kpi

USUAL_NIGHTS = 28
"""Usual is the busiest of so many nights: weeks end on Sundays, so that a mean would be too low."""
UNUSUAL = 3
"""News is held as a likely fault above so many times the usual number (at least one full mail), plus the live cases
that owners know of already. The factor is a choice; it was not measured."""


@dataclass(frozen=True)
class Casework:
    """What the night did to cases: events by name, live cases, and how many of these are held or the fallback's."""

    moved: bool
    events: dict[str, int]
    n_live: int
    n_held: int
    n_fallback: int
    n_told: int
    is_unusual: bool
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One line for people."""
        if not self.moved:
            return "an older night moves no case"
        words = ("opened", "worse", "reopened", "cleared", "woken", "reassigned")
        changes = [f"{self.events[word]:,} {word}" for word in words if self.events.get(word)]
        held = f", {self.n_held:,} held" if self.n_held else ""
        return f"{', '.join(changes) or 'nothing new'}; {counted(self.n_live, 'live case')}{held}"


def run(
    path: Path,
    state: Path,
    as_of: date,
    *,
    owners: Owners,
    kpis: Sequence[Kpi],
    due_days: int,
    max_per_mail: int,
    newest_published: date | None,
    is_published: Callable[[str], bool],
    now: datetime,
) -> Casework:
    """Updates cases by the night of ``as_of``; a run that has done so before changes nothing.

    Reads   ml.contradictions and int.* of the work file at ``path``.
    Writes  state/control.sqlite, cases and their notices in one transaction; ml.cases, ml.verdicts, ml.kpi_trust.
            A night older than the newest one writes a snapshot only.
    Raises  InputError when the night in hand is another one.
    """
    with warehouse.opened(path) as connection, control.opened(state) as store:
        run_id = warehouse.require_night(connection, as_of).run_id
        newest = max(filter(None, (cases.newest_night(store), newest_published)), default=as_of)
        is_newest, is_new = as_of >= newest, not cases.has_run(store, run_id)
        events: Counter[str] = Counter()
        n_told, is_unusual = 0, False
        if is_new:
            with control.transaction(store):
                cases.note_published(store, is_published)
                if is_newest:
                    update = _NightlyUpdate(
                        store, run_id, Night(as_of, due_days), owners, {k.name: k for k in kpis}, now
                    )
                    update.move(case_tables.surfaced(connection), case_tables.held(connection))
                    n_told, is_unusual = update.tell(max_per_mail)
                    events = update.counted
                cases.end_night(store, run_id, as_of, moved=is_newest, now=now)
            crash_point("case:committed")
        snapshot = cases.as_left_by(store, run_id)
        verdicts = cases.verdicts(store, as_of)
        trusts = {k.name: trust(verdict for _, kpi, _, verdict, _ in verdicts if kpi == k.name) for k in kpis}
        case_tables.save(connection, snapshot, cases.main_events(store, run_id), verdicts, trusts)
        late = case_tables.late(connection)
    live = [case for case in snapshot if case.state in LIVE]
    n_fallback = sum(case.owner_why == "fallback" for case in live)
    warnings = [f"{why}; cases that rest on it are held" for why in late]
    if is_unusual:
        warnings.append(
            f"{n_told:,} pieces of news are far more than usual: their mails are held until somebody has looked; "
            "then: voc alert --held send, or --held drop"
        )
    if n_fallback:
        warnings.append(f"{n_fallback:,} of {counted(len(live), 'live case')} have nobody but the fallback owner")
    return Casework(
        moved=is_newest,
        events=dict(events),
        n_live=len(live),
        n_held=sum(case.held_because is not None for case in live),
        n_fallback=n_fallback,
        n_told=n_told,
        is_unusual=is_unusual,
        warnings=tuple(warnings),
    )


@dataclass
class _NightlyUpdate:
    """One night's work on the store, inside its transaction."""

    store: Control
    run_id: str
    night: Night
    owners: Owners
    kpis: dict[str, Kpi]
    now: datetime

    def move(self, found: Sequence[Surfaced], held: Held) -> None:
        """Opens, continues, clears and reopens."""
        self.counted: Counter[str] = Counter()
        withdrawn = notices.withdraw_unpublished(self.store)
        self.held_before = {case_id for case_id, (_, was_held) in withdrawn.items() if was_held}
        self.last_notices = notices.last_by_case(self.store)
        standing = self._with_withdrawn_news(cases.standing(self.store), withdrawn)
        surfaced = _one_each(found, standing)
        notified = notices.known_cases(self.store)
        self.n_known = sum(case.state in LIVE and case.case_id in notified for case in standing.values())
        self.after: dict[tuple[str, str], Case] = {}
        for key in sorted(surfaced.keys() | standing.keys()):
            events = self._events(key, standing.get(key), surfaced.get(key), held)
            cases.record(self.store, events, run_id=self.run_id, now=self.now)
            self.counted.update(event.what for event in events)
            if events and key in surfaced:
                self.after[key] = events[-1].after

    def tell(self, max_per_mail: int) -> tuple[int, bool]:
        """Queues notices of tonight's news; how many, and whether they are held as unusual."""
        news = [
            case
            for case in self.after.values()
            if may_notify(case, self.last_notices.get(case.case_id), self.night.as_of)
        ]
        usual = notices.count_by_night(self.store, self.night.as_of, USUAL_NIGHTS)
        first = cases.first_night(self.store)
        is_first = first is None or first == self.night.as_of
        limit = UNUSUAL * max([max_per_mail, *usual]) + self.n_known
        is_unusual = not is_first and len(news) > limit
        as_of = self.night.as_of
        for case in news:
            status = "held" if is_unusual or case.case_id in self.held_before else "pending"
            notices.add(self.store, case, run_id=self.run_id, as_of=as_of, now=self.now, status=status)
            event = Event("told", as_of, replace(case, news=None), note=str(case.news))
            cases.record(self.store, [event], run_id=self.run_id, now=self.now)
        return len(news), is_unusual

    def _with_withdrawn_news(
        self, standing: dict[tuple[str, str], Case], withdrawn: dict[str, tuple[News, bool]]
    ) -> dict[tuple[str, str], Case]:
        """The cases, with the news whose notices were withdrawn because their night was never published."""
        for key, case in standing.items():
            if case.state in LIVE and case.news is None and case.case_id in withdrawn:
                standing[key] = replace(case, news=withdrawn[case.case_id][0])
                event = Event("untold", self.night.as_of, standing[key], "the night was not published")
                cases.record(self.store, [event], run_id=self.run_id, now=self.now)
        return standing

    def _events(self, key: tuple[str, str], case: Case | None, found: Surfaced | None, held: Held) -> tuple[Event, ...]:
        if case is None:
            assert found is not None
            seen = found.seen
            why = held.why(seen.customer_id, seen.kpi)
            return opened(case_id(*key), seen, self._owner(found), why, self.night)
        why = held.why(case.customer_id, case.kpi)
        return continued(
            case,
            found.seen if found else None,
            self._owner(found) if found else (case.owner_email, case.owner_why),
            why or (held.why(case.customer_id, found.seen.kpi) if found else None),
            self.last_notices.get(case.case_id),
            self.night,
        )

    def _owner(self, found: Surfaced) -> tuple[str, str]:
        kpi = self.kpis.get(found.seen.kpi or "")
        about = {**found.about, "touchpoint": found.about["touchpoint"] or (kpi.touchpoint if kpi else None)}
        return self.owners.owner_of(about, found.customers_owner, kpi.owner if kpi else None)


def case_id(level: str, subject: str) -> str:
    """Ten hex digits of a subject's case: the same on every machine, and revealing nothing of the subject."""
    return hashlib.sha256(f"{level}|{subject}".encode()).hexdigest()[:10]


def _one_each(found: Sequence[Surfaced], standing: dict[tuple[str, str], Case]) -> dict[tuple[str, str], Surfaced]:
    """One sighting a subject: the one that continues its live case, or began after its case was closed; else the most
    certain."""
    preferred: dict[tuple[str, str], Surfaced] = {}
    for sighting in found:
        key = (sighting.seen.level, sighting.seen.subject)
        case = standing.get(key)
        if key not in preferred or (case is not None and _is_preferred(sighting.seen, case)):
            preferred[key] = sighting
    return preferred


def _is_preferred(seen: Sighting, case: Case) -> bool:
    if case.closed_on is not None:
        return seen.started_week > case.closed_on
    return seen.matches(case)
