"""What others find on the same nights: tables of our figures beside those of peers and of the oracle."""

import numpy as np

from harness.measuring import EARS, ORACLE, OURS, Floats, Night
from harness.tables import by_world, false_share, interval, precision, ratio, table
from voc.domain.kinds import Kind

RESAMPLED = 500
"""Bootstrap samples of the nights for the recall beside the oracle's."""


def methods(nights: list[Night]) -> str:
    """Average precision, false share and seconds of all methods by world, each on the nights it was asked about."""
    head = ["world", "method", "nights", "AP", "AP, answerable", "false share at a promise of 0.10", "s of a core"]
    rows = []
    for world, some in by_world(nights):
        for name in dict.fromkeys(name for night in some for name in night.score):
            asked = _asked(some, name)
            row = [world, name, str(len(asked)), *(interval(asked, precision(name, a)) for a in (False, True))]
            row.append(false_share(asked, name) if name in asked[0].surfaced else "-")
            took = ["fit", "find"] if name == OURS else [name]
            known = [sum(night.seconds[part] for part in took) for night in asked if took[0] in night.seconds]
            rows.append([*row, f"{np.mean(known):.1f}" if known else "-"])
    return table(head, rows)


def ratios(nights: list[Night]) -> str:
    """Our average precision over others': of all planted ones, then of the answerable; the best peer is the one that
    did best on these very nights."""
    head = ["world"]
    head += [
        f"AP{of} over {other}"
        for other in ("best raw peer's", "t-tests' on cleaned inputs", "the oracle's", "the oracle's with our ears")
        for of in ("", ", answerable,")
    ]
    rows = []
    for world, some in by_world(nights):
        cells = [world]
        for names in (_raw(some), ["two t-tests, cleaned"], [ORACLE], [EARS]):
            for answerable in (False, True):
                cells.append(_ratio(some, names, answerable))
        rows.append(cells)
    return table(head, rows)


def watermelons(nights: list[Night]) -> str:
    """Recall of answerable watermelons beside an oracle's at the same false share.

    The customers of all nights of a row make one list by the oracle's log odds. Of the lists of its surest it is given
    the longest whose actual false share is no larger than that of all we surfaced on the same nights.
    """
    return "\n\n".join(_watermelons(asked, name) for name in (ORACLE, EARS) if (asked := _asked(nights, name)))


def _watermelons(nights: list[Night], name: str) -> str:
    head = [name, "nights", "our false share", "surfaced, ours", "surfaced, oracle", "answerable watermelons"]
    head += ["found, ours", "found, oracle", "recall, ours", "recall, oracle", "ratio"]
    pooled = by_world(nights)
    rows = []
    for world, some in [*pooled, ("together", nights)] if len(pooled) > 1 else pooled:
        counts = _at_our_false_share(some, name, np.ones((1, len(some))))[0]
        drawn = np.random.default_rng(0).multinomial(len(some), np.full(len(some), 1 / len(some)), RESAMPLED)
        again = _at_our_false_share(some, name, drawn)
        false, ours, oracle, asked, found, theirs = (int(count) for count in counts)
        row = [world, str(len(some)), f"{false / max(ours, 1):.3f}", *map(str, (ours, oracle, asked, found, theirs))]
        row += [f"{part / max(asked, 1):.3f}" for part in (found, theirs)]
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = np.nanquantile(again[:, 4] / again[:, 5], [0.025, 0.975])
        rows.append([*row, f"{found / theirs:.3f} ({low:.3f} to {high:.3f})" if theirs else "-"])
    return table(head, rows)


def _at_our_false_share(nights: list[Night], oracle: str, times: Floats) -> Floats:
    """Counts (B, 6) with each night taken ``times`` (B, nights): our false and surfaced ones, the oracle's surfaced,
    answerable watermelons, and how many of them we and the oracle found."""
    false, water, ours, score = (
        np.concatenate(of)
        for of in (
            [~night.planted for night in nights],
            [night.answerable & (night.role == Kind.WATERMELON) for night in nights],
            [night.surfaced[OURS] for night in nights],
            [night.score[oracle] for night in nights],
        )
    )
    which = np.repeat(np.arange(len(nights)), [night.planted.size for night in nights])
    order = np.argsort(-score, kind="stable")
    out = []
    for of_night in times:
        weight = of_night[which]
        all_ours, false_ours = (weight * ours).sum(), (weight * ours * false).sum()
        listed, false_listed = np.cumsum(weight[order]), np.cumsum((weight * false)[order])
        allowed = false_listed * all_ours <= false_ours * listed
        length = np.flatnonzero(allowed & (listed > 0)).max(initial=-1) + 1 if all_ours else 0
        in_list = order[:length]
        found = [(weight * water * ours).sum(), (weight * water)[in_list].sum()]
        out.append([false_ours, all_ours, weight[in_list].sum(), (weight * water).sum(), *found])
    return np.array(out)


def _ratio(nights: list[Night], names: list[str], answerable: bool) -> str:
    """Over the best of ``names``, on the nights that they were asked about."""
    asked = [night for night in nights if any(name in night.score for name in names)]
    if not asked:
        return "-"
    theirs = {name: np.array([precision(name, answerable)(night) for night in asked]) for name in names}
    best = max(theirs, key=lambda name: np.nanmean(theirs[name]))
    ours = np.array([precision(OURS, answerable)(night) for night in asked])
    known = np.isfinite(ours) & np.isfinite(theirs[best])
    told = ratio(ours[known], theirs[best][known])
    return f"{told}, {best.removesuffix(', raw')}" if len(names) > 1 else told


def _raw(nights: list[Night]) -> list[str]:
    return list(dict.fromkeys(name for night in nights for name in night.score if name.endswith(", raw")))


def _asked(nights: list[Night], name: str) -> list[Night]:
    return [night for night in nights if name in night.score]
