"""Markdown tables over many nights, shares and means with 95 % intervals."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score
from worlds import WORLDS

from harness.measuring import Floats, Night

DRAWS = 2000
"""Bootstrap samples of the nights."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def interval(nights: list[Night], of: Callable[[Night], float]) -> str:
    """Mean over nights with the 95 % interval of a bootstrap of nights."""
    values = np.array([of(night) for night in nights])
    if not values.size or np.isnan(values).all():
        return "-"
    drawn = np.random.default_rng(0).choice(values, (DRAWS, values.size))
    low, high = np.nanquantile(np.nanmean(drawn, 1), [0.025, 0.975])
    return f"{np.nanmean(values):.3f} ({low:.3f} to {high:.3f})"


def ratio(part: Floats, whole: Floats) -> str:
    """Sum over nights by sum over nights, with the 95 % interval of a bootstrap of nights; both (nights,)."""
    if not whole.sum():
        return "-"
    at = np.random.default_rng(0).integers(0, part.size, (DRAWS, part.size))
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = np.nanquantile(part[at].sum(1) / whole[at].sum(1), [0.025, 0.975])
    return f"{part.sum() / whole.sum():.3f} ({low:.3f} to {high:.3f})"


def share(part: int, whole: int) -> str:
    """A share with its Wilson interval."""
    if not whole:
        return "0/0"
    low, high = binomtest(part, whole).proportion_ci(method="wilson")
    return f"{part}/{whole} = {part / whole:.3f} ({low:.3f} to {high:.3f})"


def false_share(nights: list[Night], method: str) -> str:
    """False ones among all surfaced customers."""
    false, surfaced = false_and_all(nights, method)
    return share(int(false.sum()), int(surfaced.sum()))


def precision(method: str, answerable: bool = False) -> Callable[[Night], float]:
    """Average precision of a method on a night; ``answerable``: of a list that planted ones without enough feedback
    are left out of. Customers that the method left out are left out."""

    def of(night: Night) -> float:
        rows = np.isfinite(night.score[method])
        if answerable:
            rows &= night.answerable | ~night.planted
        if not night.planted[rows].any():
            return np.nan
        return float(average_precision_score(night.planted[rows], night.score[method][rows]))

    return of


def by_world(nights: list[Night]) -> list[tuple[str, list[Night]]]:
    """The nights of each world."""
    of = {name: [night for night in nights if night.job.world == name] for name in WORLDS}
    return [(name, some) for name, some in of.items() if some]


def false_and_all(nights: list[Night], method: str) -> tuple[Floats, Floats]:
    """False and all surfaced customers of each night."""
    surfaced = [(night.surfaced[method], night.planted) for night in nights]
    return np.array([(s & ~p).sum() for s, p in surfaced]), np.array([s.sum() for s, _ in surfaced])
