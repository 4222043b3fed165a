"""Leaving out: what is left of a contradiction without any one of the items it rests on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voc.detection import satisfaction
from voc.detection.company import Company
from voc.detection.night import LOOKBACK, Seen
from voc.detection.observations import Observations
from voc.detection.satisfaction import MAX_VOICES
from voc.detection.starts import STARTS
from voc.detection.weighing import weigh

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AT_ONCE = 3_000_000
"""Voices of copies that are held at a time."""


@dataclass(frozen=True)
class LeftOut:
    """Scores (log10 odds) of one customer without each of its voices, and the panel's items these stand for."""

    score: Floats
    item: Ints


def without_each(said: Observations, seen: Seen, rows: Ints, end: int, company: Company, least: int) -> list[LeftOut]:
    """For each customer of ``rows`` its score without each voice of the window, in their order."""
    first = np.searchsorted(said.customer, rows, side="left")
    stop = np.searchsorted(said.customer, rows, side="right")
    out: list[LeftOut] = []
    waiting: list[int] = []
    size = 0
    for i in range(rows.size):
        waiting.append(i)
        size += int(stop[i] - first[i]) ** 2
        if size > AT_ONCE or i == rows.size - 1:
            at = np.array(waiting)
            out += _without_each(said, seen, rows[at], first[at], stop[at], end, company, least)
            waiting, size = [], 0
    return out


def _without_each(
    said: Observations, seen: Seen, rows: Ints, first: Ints, stop: Ints, end: int, company: Company, least: int
) -> list[LeftOut]:
    """Every copy of a customer lacks one voice; the copies are judged as customers of their own."""
    kept, copy, left_out, owner = [], [], [], []
    n = 0
    for i in range(rows.size):
        voices = np.arange(first[i], stop[i])
        in_view = voices[(said.week[voices] < end) & (said.week[voices] >= end - LOOKBACK)][-MAX_VOICES:]
        all_but_one = np.broadcast_to(voices, (in_view.size, voices.size))[voices != in_view[:, None]]
        kept.append(all_but_one)
        copy.append(n + np.repeat(np.arange(in_view.size), voices.size - 1))
        left_out.append(in_view)
        owner.append(np.full(in_view.size, i))
        n += in_view.size
    of = said[np.concatenate(kept)]
    copies = replace(of, customer=np.concatenate(copy))
    whose = np.concatenate(owner)
    moves = seen.of(rows[whose]).moves
    steps = satisfaction.steps(copies, company.process, n, end, STARTS, LOOKBACK)
    score = weigh(Seen(steps, moves), copies, end, company, least).log_odds(company.shares) / np.log(10)
    return [LeftOut(score[whose == i], said.item[left_out[i]]) for i in range(rows.size)]
