"""What we find on many nights: tables of our own figures."""

from collections import Counter
from collections.abc import Callable

import numpy as np
from scipy.stats import binomtest

from harness.groups import GroupSeen
from harness.measuring import AGREED, OURS, TOGETHER, Bools, Night
from harness.tables import by_world, false_and_all, false_share, interval, precision, ratio, share, table
from voc.domain.kinds import Kind


def worlds(nights: list[Night]) -> str:
    """Our own figures by world and, last, over all worlds."""
    head = ["world", "nights", "AP", "AP, answerable", "false share of surfaced customers", "explained, planted / not"]
    head += ["nights with one surfaced", "false groups surfaced", "fit + find, s of a core", "peak memory, GB"]
    rows = []
    for name, some in [*by_world(nights), ("all", nights)]:
        explained = [
            sum(int(((n.explained != "") & (n.planted == side)).sum()) for n in some) for side in (True, False)
        ]
        seconds = np.mean([n.seconds["fit"] + n.seconds["find"] for n in some])
        row = [name, str(len(some)), *_precisions(some), false_share(some, OURS), "{} / {}".format(*explained)]
        row += [_nights(some, _a_customer), f"{sum(map(_groups, some))}{_named(some)}", f"{seconds:.1f}"]
        rows.append([*row, f"{max(n.peak for n in some) / 1e9:.2f}"])
    return f"{table(head, rows)}\n\n{_pooled(nights)} {_natural(nights)}"


def found(nights: list[Night]) -> str:
    """Recall by kind on the answerable, and whether what is surfaced says the right kind and names the right metric."""
    head = ["world", *map(str, Kind), "all kinds", "of all planted", "kind right", "KPI named right"]
    rows = []
    for name, some in [*by_world(nights), ("all", nights)]:
        of = {kind: lambda n, kind=kind: n.answerable & (n.role == kind) for kind in Kind}
        of |= {"all kinds": lambda n: n.answerable, "planted": lambda n: n.planted}
        cells = [_part(some, lambda n: n.surfaced[OURS], asked) for asked in of.values()]
        cells.append(_part(some, lambda n: n.kind_right, lambda n: n.surfaced[OURS] & n.planted))
        cells.append(_part(some, lambda n: n.kpi_right, lambda n: n.surfaced[OURS] & n.kpi_asked))
        rows.append([name, *cells])
    return table(head, rows)


def decoys(nights: list[Night]) -> str:
    """False customers by what they are, of all there are, by world."""
    roles = sorted({str(role) for night in nights for role in night.role[~night.planted]})
    rows = []
    for world, some in [*by_world(nights), ("all", nights)]:
        false = Counter(str(r) for night in some for r in night.role[night.surfaced[OURS] & ~night.planted])
        there = Counter(str(r) for night in some for r in night.role[~night.planted])
        rows.append([world, *(f"{false[role]}/{there[role]}" for role in roles)])
    return table(["world", *(role or "ordinary" for role in roles)], rows)


def explained(nights: list[Night]) -> str:
    """Whom rivals explain, surfaced otherwise: planted ones by kind and others by what they are, by rival."""
    rows = []
    for name in sorted({str(name) for night in nights for name in night.explained} - {""}):
        for world, some in by_world(nights):
            roles = Counter(str(r) or "ordinary" for night in some for r in night.role[night.explained == name])
            right = sum(int((night.planted & (night.explained == name)).sum()) for night in some)
            told = ", ".join(f"{role} {n}" for role, n in roles.most_common())
            rows.append([name, world, str(right), str(sum(roles.values()) - right), told])
    return table(["rival", "world", "planted", "not planted", "what they are"], rows) if rows else "Nobody."


def empty(nights: list[Night]) -> str:
    """Nights of companies without contradictions on which anything is surfaced."""
    head = ["variant", "world", "nights with anything surfaced", "with a customer", "with a group", "customers in all"]
    rows = []
    for variant, world, some in _by_variant(nights):
        any_of = _nights(some, lambda n: _a_customer(n) or _groups(n) > 0)
        customers = sum(int(n.surfaced[OURS].sum()) for n in some)
        with_groups = f"{_nights(some, lambda n: _groups(n) > 0)}{_named(some)}"
        rows.append([variant, world, any_of, _nights(some, _a_customer), with_groups, str(customers)])
    return f"{table(head, rows)}\n\n{_natural(nights)}"


def variants(nights: list[Night]) -> str:
    """Our own figures by variant and world."""
    head = ["variant", "world", "nights", "AP", "AP, answerable", "false share of surfaced customers"]
    head += ["found of the answerable"]
    rows = []
    for variant, world, some in _by_variant(nights):
        recall = _part(some, lambda n: n.surfaced[OURS], lambda n: n.answerable)
        rows.append([variant, world, str(len(some)), *_precisions(some), false_share(some, OURS), recall])
    return table(head, rows)


def groups(nights: list[Night]) -> str:
    """A region's weak fall that its metrics do not show, beside a region where both fell.

    A region counts as surfaced when its entry is and holds most of those who fell; listed are members that the
    evidence names as carrying it.
    """
    head = ["world", "planted region surfaced", "called a watermelon", "listed members who fell"]
    head += ["of those who fell, listed", "agreed region surfaced", "other groups surfaced", "explained groups"]
    head += ["members surfaced or explained by themselves", "of the agreed"]
    rows = []
    for world, some in [*by_world(nights), ("all", nights)]:
        right = [[g for g in n.groups if _right(n, g)] for n in some]
        seen = [g for of in right for g in of]
        other = Counter(f"{g.level} {g.subject} {g.kind}" for n in some for g in _surfaced(n) if not _known(n, g))
        listed = [sum(getattr(g, name) for g in seen) for name in ("listed_planted", "listed", "planted")]
        row = [
            world,
            share(sum(map(bool, right)), len(some)),
            f"{sum(g.kind == Kind.WATERMELON for g in seen)}/{len(seen)}",
        ]
        row += [f"{listed[0]}/{listed[1]}", f"{listed[0]}/{listed[2]}"]
        row += [_nights(some, lambda n: any(_is(n, g, 1) for g in _surfaced(n))), _counted(other)]
        row.append(str(sum(g.explained_by != "" for n in some for g in n.groups)))
        for role in (TOGETHER, AGREED):
            there = [n.role == role for n in some]
            alone = [(n.surfaced[OURS] | (n.explained != "")) & at for n, at in zip(some, there, strict=True)]
            row.append(f"{sum(int(a.sum()) for a in alone)}/{sum(int(at.sum()) for at in there)}")
        rows.append(row)
    return table(head, rows)


def _by_variant(nights: list[Night]) -> list[tuple[str, str, list[Night]]]:
    names = dict.fromkeys(night.job.variant for night in nights)
    return [(v, world, some) for v in names for world, some in by_world([n for n in nights if n.job.variant == v])]


def _precisions(nights: list[Night]) -> list[str]:
    return [interval(nights, precision(OURS, answerable)) for answerable in (False, True)]


def _pooled(nights: list[Night]) -> str:
    """The false share of all worlds together, with three intervals."""
    false, surfaced = false_and_all(nights, OURS)
    groups = sum(map(_groups, nights))
    if not surfaced.sum():
        return "Nobody is surfaced."
    exact = binomtest(int(false.sum()), int(surfaced.sum())).proportion_ci(method="exact")
    return (
        f"Of all surfaced customers of all worlds false: Wilson {share(int(false.sum()), int(surfaced.sum()))}, "
        f"Clopper and Pearson {exact.low:.3f} to {exact.high:.3f}, bootstrap of nights {ratio(false, surfaced)}. "
        f"With groups: {share(int(false.sum()) + groups, int(surfaced.sum()) + groups)}."
    )


def _part(nights: list[Night], of: Callable[[Night], Bools], asked: Callable[[Night], Bools]) -> str:
    return share(sum(int((of(n) & asked(n)).sum()) for n in nights), sum(int(asked(n).sum()) for n in nights))


def _nights(nights: list[Night], is_so: Callable[[Night], bool]) -> str:
    return f"{sum(bool(is_so(night)) for night in nights)}/{len(nights)}"


def _a_customer(night: Night) -> bool:
    return bool(night.surfaced[OURS].any())


def _surfaced(night: Night) -> list[GroupSeen]:
    """Groups but for those where a metric did fall unfelt: nobody planted that, yet it is no false alarm."""
    return [group for group in night.groups if group.is_surfaced and not group.is_natural]


def _natural(nights: list[Night]) -> str:
    surfaced = sum(group.is_surfaced and group.is_natural for night in nights for group in night.groups)
    return (
        f"Not counted: {surfaced} regions where a metric did fall for everybody and nobody felt it, planted by nobody."
    )


def _groups(night: Night) -> int:
    return len(_surfaced(night))


def _named(nights: list[Night]) -> str:
    named = Counter(f"{g.level} {g.kind}" for night in nights for g in _surfaced(night))
    return f" ({_counted(named)})" if named else ""


def _counted(names: Counter[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in names.most_common()) or "0"


def _is(night: Night, group: GroupSeen, which: int) -> bool:
    """Whether it is the region that fell (0) or agreed (1)."""
    return (group.level, group.subject) == ("region", night.together[which])


def _known(night: Night, group: GroupSeen) -> bool:
    return _is(night, group, 0) or _is(night, group, 1)


def _right(night: Night, group: GroupSeen) -> bool:
    fell = int((night.role == TOGETHER).sum())
    return group.is_surfaced and _is(night, group, 0) and 2 * group.planted > fell
