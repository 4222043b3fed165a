"""One made-up night: a world, what is true of each customer, and what our detector, peers or the oracle say of it."""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from compared import oracle, oracle_ears
from compared.cleaned import cleaned
from compared.peers import PEERS, Opinion, raw
from numpy.typing import NDArray
from scipy.stats import false_discovery_control
from threadpoolctl import threadpool_limits
from worlds import WORLDS, World, cut

from harness.groups import GroupSeen, groups_seen
from voc.detection.detector import ContradictionDetector
from voc.detection.findings import Findings

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]

OURS, ORACLE, EARS, PROMISE = "contradictions", "oracle", "oracle with our ears", 0.10
SINCE_LEARNED = 2
"""Weeks: a detector learns at the start of each four-week block, so on a night it is two weeks old on average."""
TOGETHER, AGREED = "together", "agreed together"
"""Roles of the customers of one region that fall weakly together, and of those of another whose metrics fall too."""
CLEANED = "two t-tests"
"""The peer that is also given our cleaned inputs."""


@dataclass(frozen=True)
class Job:
    """A night for one to judge: ``who`` judges; ``variant`` names the ``settings`` of the world."""

    who: Literal["ours", "peers", "oracle", "ears"]
    world: str
    seed: int
    customers: int
    variant: str = "as it is"
    settings: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Night:
    """Arrays (N,): ``role`` ('', a kind or a decoy), ``planted`` and ``answerable`` ones, and by method ``score`` (NaN:
    left out) and ``surfaced``. Of our own: who is ``judged``, the rival that explains ('' none), whether kind and
    metric are right, of a surfaced one of the right kind whether it ``started`` within the interval that is told and
    how many weeks that has (0 for others), what became of groups, and the most memory held, world included, in bytes.
    ``together``: names of the region with a weak fall and of the one that agreed, '' where there are none. ``seconds``
    of a core by method; ours are fit and find."""

    job: Job
    role: NDArray[np.str_]
    planted: Bools
    answerable: Bools
    explained: NDArray[np.str_]
    kind_right: Bools
    kpi_asked: Bools
    kpi_right: Bools
    judged: Bools
    started: Bools
    start_weeks: NDArray[np.int64]
    together: tuple[str, str] = ("", "")
    groups: tuple[GroupSeen, ...] = ()
    peak: int = 0
    score: dict[str, Floats] = field(default_factory=dict)
    surfaced: dict[str, Bools] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def judge(job: Job) -> Night:
    """What the one asked says of a night, on one core."""
    with threadpool_limits(1):
        world = WORLDS[job.world](job.seed, n=job.customers, **dict(job.settings))
        night = _truth(job, world)
        if job.who == "ours":
            return _ours(night, world)
        if job.who == "peers":
            inputs = raw(world.panel)
            for name, peer in PEERS.items():
                start = time.process_time()
                _note(night, f"{name}, raw", peer(inputs))
                night.seconds[f"{name}, raw"] = time.process_time() - start
            return night
        name, start = ORACLE if job.who == "oracle" else EARS, time.process_time()
        log_odds = oracle.log_odds(world) if name == ORACLE else oracle_ears.log_odds(world, _fitted(world))
        night.score[name], night.surfaced[name] = log_odds, _surest(log_odds)
        night.seconds[name] = time.process_time() - start
        return night


def together(nights: Iterable[Night]) -> list[Night]:
    """A night each of all that was said of it, in order; without our own word there is none."""
    by_night: dict[tuple, list[Night]] = {}
    for night in nights:
        by_night.setdefault((night.job.variant, night.job.seed, night.job.world, night.job.customers), []).append(night)
    out = []
    for parts in by_night.values():
        for ours in (night for night in parts if night.job.who == "ours"):
            said = {
                name: {method: of for part in parts for method, of in getattr(part, name).items()}
                for name in ("score", "surfaced", "seconds")
            }
            out.append(replace(ours, **said))
    return out


def peak() -> int:
    """Most bytes this process ever held, or since `forget_peak` (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def forget_peak() -> None:
    """Starts `peak` anew where the system allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _truth(job: Job, world: World) -> Night:
    """What is true of each customer."""
    role = np.full(job.customers, "", "U20")
    answerable, asked = np.zeros((2, job.customers), bool)
    for row, name in world.decoys.items():
        role[row] = name
    for row, planted in world.planted.items():
        role[row] = planted.kind
        answerable[row] = world.answerable(row)
        asked[row] = planted.kpi >= 0
    regions = ("", "")
    if moved := world.together:
        role[moved.rows], role[moved.agreed_rows] = TOGETHER, AGREED
        regions = tuple(world.panel.groups[0][region] for region in (moved.region, moved.agreed_region))
    planted = np.isin(np.arange(job.customers), list(world.planted))
    no, nobody = np.zeros(job.customers, bool), np.full(job.customers, "", "U40")
    none = np.zeros(job.customers, np.int64)
    of_ours = no.copy(), asked, no.copy(), no.copy(), no.copy(), none
    return Night(job, role, planted, answerable, nobody, *of_ours, regions)


def _ours(night: Night, world: World) -> Night:
    panel = world.panel
    forget_peak()
    start = time.process_time()
    detector = _fitted(world)
    night.seconds["fit"], start = time.process_time() - start, time.process_time()
    found = detector.find(panel)
    night.seconds["find"], most = time.process_time() - start, peak()
    night.score[OURS] = -found.agreement
    night.surfaced[OURS] = _compare(night, world, found)
    if detector.company_ is not None:
        _note(night, f"{CLEANED}, cleaned", PEERS[CLEANED](cleaned(detector.company_, panel)))
    return replace(night, judged=found.judged, peak=most, groups=groups_seen(found, world))


def _fitted(world: World) -> ContradictionDetector:
    return ContradictionDetector(PROMISE).fit(cut(world.panel, len(world.panel.weeks) - SINCE_LEARNED))


def _compare(night: Night, world: World, found: Findings) -> Bools:
    """Whether each customer is surfaced; notes what is explained and whether entries of planted ones say the truth."""
    surfaced = np.zeros(night.planted.size, bool)
    for entry in np.flatnonzero((found.customer >= 0) & (found.is_surfaced | (found.explained_by != ""))):
        row = int(found.customer[entry])
        night.explained[row] = found.explained_by[entry]
        surfaced[row] = found.is_surfaced[entry]
        if surfaced[row] and (planted := world.planted.get(row)):
            night.kind_right[row] = found.kind[entry] is planted.kind
            night.kpi_right[row] = night.kpi_asked[row] and found.kpi[entry] in (planted.kpi, planted.also)
            if night.kind_right[row]:
                low, high = found.started_low[entry], found.started_high[entry]
                night.started[row] = low <= world.panel.weeks[planted.onset] <= high
                night.start_weeks[row] = (high - low) // np.timedelta64(7, "D") + 1
    return surfaced


def _note(night: Night, name: str, opinion: Opinion) -> None:
    night.score[name] = opinion.score
    if opinion.p is not None:
        night.surfaced[name] = false_discovery_control(opinion.p) <= PROMISE


def _surest(log_odds: Floats) -> Bools:
    """As many of the surest as keep the mean probability of being wrong at the promise (Sun and Cai 2007)."""
    wrong = 1 / (1 + np.exp(np.clip(log_odds, -500, 500)))
    order = np.argsort(wrong)
    chosen = np.zeros(wrong.size, bool)
    chosen[order[np.cumsum(wrong[order]) <= PROMISE * np.arange(1, wrong.size + 1)]] = True
    return chosen
