"""What is said of an entry, and how often it is so: its probability and its start."""

import numpy as np

from harness.measuring import OURS, Floats, Night
from harness.tables import by_world, share, table

CUTS = (0.05, 0.10, 0.20, 0.30, 0.40, 0.50)
"""Stated shares of false ones at which lists are cut."""


def reliability(nights: list[Night]) -> str:
    """Lists of judged customers, the surest first, cut where the stated share of false ones reaches a bound: how long
    they are, and how many of them are false."""
    rows = []
    for world, some in [*by_world(nights), ("all", nights)]:
        lists = [_list(night) for night in some]
        row = [world]
        for cut in CUTS:
            kept = [planted[: np.searchsorted(stated, cut, side="right")] for stated, planted in lists]
            row.append(share(sum(int((~planted).sum()) for planted in kept), sum(planted.size for planted in kept)))
        rows.append(row)
    return table(["world", *(f"false, of a list cut at {cut:.2f}" for cut in CUTS)], rows)


def starts(nights: list[Night]) -> str:
    """Of what is surfaced and of the right kind, whose planted start lies within the interval that is told."""
    rows = []
    for world, some in [*by_world(nights), ("all", nights)]:
        weeks = np.concatenate([night.start_weeks[night.start_weeks > 0] for night in some])
        row = [world, share(sum(int(night.started.sum()) for night in some), weeks.size)]
        rows.append([*row, *(f"{np.quantile(weeks, part):.0f}" if weeks.size else "-" for part in (0.25, 0.5, 0.75))])
    head = ["world", "start within its interval", "weeks of a quarter of the intervals", "of half", "of three quarters"]
    return table(head, rows)


def _list(night: Night) -> tuple[Floats, np.ndarray]:
    """The stated share of false ones in the lists of the first 1, 2, ... judged customers, and which are planted."""
    wrong = 1 / (1 + 10.0 ** np.clip(night.score[OURS][night.judged], -300, 300))
    order = np.argsort(wrong, kind="stable")
    return np.cumsum(wrong[order]) / np.arange(1, wrong.size + 1), night.planted[night.judged][order]
