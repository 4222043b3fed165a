"""Whatever a run of nights and people do to a case, some things never happen."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from support.sightings import OWNER, SEEN, night

from voc.domain.cases import acts
from voc.domain.cases.case import LIVE, Event, State, Verdict
from voc.domain.cases.life_cycle import MAIL_EVERY, QUIET_NIGHTS, LastNotice, continued, may_notify, opened
from voc.domain.kinds import Kind
from voc.errors import InputError

OTHER = ("bob@lumen.example", "the metric's owner")


@dataclass(frozen=True)
class Step:
    """One night, and what a person does in the morning after."""

    size: float | None  # None: not surfaced
    kind: Kind
    weeks_ago: int  # of the start that is seen
    held: bool
    owner: tuple[str, str]
    act: str | None


STEPS = st.lists(
    st.builds(
        Step,
        size=st.one_of(st.none(), st.floats(-2, 0)),
        kind=st.sampled_from([Kind.WATERMELON, Kind.SILENT_RISK]),
        weeks_ago=st.integers(0, 8),
        held=st.booleans(),
        owner=st.sampled_from([OWNER, OWNER, OTHER]),
        act=st.sampled_from([None, None, None, "acknowledge", "snooze", "close", "reopen"]),
    ),
    min_size=1,
    max_size=40,
)


def person(case, what, on):
    """What a person does, if the case is in a state for it."""
    try:
        match what:
            case "acknowledge":
                return acts.acknowledge(case, on, "ann")
            case "snooze":
                return acts.snooze(case, on + timedelta(days=5), on, "ann")
            case "close":
                return acts.close(case, Verdict.TIMING, "late", on, "ann")
            case "reopen":
                return acts.reopen(case, 14, on, "ann")
    except InputError:
        return None


def live(steps) -> tuple[list[Event], list[tuple[date, str]]]:
    """Every event of one subject's case, and when which owner was told of it."""
    events: list[Event] = []
    mails: list[tuple[date, str]] = []
    last_notice = None
    for n, step in enumerate(steps):
        tonight = night(n)
        seen = None
        if step.size is not None:
            started = tonight.as_of - timedelta(weeks=step.weeks_ago)
            size = {"size": step.size, "size_low": step.size - 0.2, "size_high": step.size + 0.2}
            seen = replace(SEEN, kind=step.kind, started_week=started, **size)
        held = "source bi is late" if step.held else None
        if events:
            new = continued(events[-1].after, seen, step.owner, held, last_notice, tonight)
        else:
            new = opened("0123456789", seen, step.owner, held, tonight) if seen else ()
        events += new
        if new and seen and may_notify(case := events[-1].after, last_notice, tonight.as_of):
            last_notice = LastNotice(tonight.as_of, case.owner_email, case.kind, case.kpi, case.size_low)
            mails.append((tonight.as_of, case.owner_email))
            events.append(Event("told", tonight.as_of, replace(case, news=None)))
        if events and step.act and (done := person(events[-1].after, step.act, tonight.as_of)):
            events.append(done)
    return events, mails


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_a_case_is_opened_once_and_its_days_never_go_back(steps):
    events, _ = live(steps)
    assert [event.what for event in events].count("opened") == (1 if events else 0)
    assert [event.on for event in events] == sorted(event.on for event in events)
    assert len({event.after.opened_on for event in events}) <= 1


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_what_a_person_closed_opens_again_only_by_a_person_or_a_newer_start(steps):
    for before, event in ((one.after, other) for one, other in pairwise(live(steps)[0])):
        if before.state is State.CLOSED and event.after.state is not State.CLOSED:
            assert event.what == "reopened"
            assert event.by or event.after.started_week > before.closed_on


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_a_night_clears_only_what_was_not_surfaced_on_three_nights_it_could_judge(steps):
    events, _ = live(steps)
    for i, event in enumerate(events):
        if event.what == "cleared":
            quiet = [one.on for one in events[:i] if one.what == "quiet"][-(QUIET_NIGHTS - 1) :]
            assert len(quiet) == QUIET_NIGHTS - 1
            since = quiet[0]
            assert not any(one.what in ("seen", "worse", "changed", "woken") for one in events[:i] if one.on >= since)
            assert event.after.held_because is None


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_an_owner_hears_of_a_case_at_most_weekly_and_never_of_one_that_is_over_snoozed_or_held(steps):
    events, mails = live(steps)
    for (one, first), (other, second) in pairwise(mails):
        assert first != second or other - one >= MAIL_EVERY
    for event in events:
        if event.what == "told":
            assert event.after.state in LIVE - {State.SNOOZED}
            assert event.after.held_because is None
            assert event.after.last_seen_on == event.on


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_a_verdict_stands_exactly_while_a_case_is_closed(steps):
    for event in live(steps)[0]:
        closed = event.after.state is State.CLOSED
        assert (event.after.verdict is not None, event.after.closed_on is not None) == (closed, closed)
        assert event.after.news is None or event.after.state in LIVE
