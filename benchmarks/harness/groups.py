"""What became of the groups of a night: which were surfaced, and which of their members are listed."""

from dataclasses import dataclass

import numpy as np
from worlds import World

from voc.detection.findings import Findings
from voc.domain.kinds import Kind


@dataclass(frozen=True)
class GroupSeen:
    """A judged group's entry: ``members`` and of them ``planted`` ones, ``listed`` as carrying it and of them
    ``listed_planted``; planted are those that moved together. ``is_natural``: nobody planted it, yet it is there."""

    level: str
    subject: str
    kind: str
    is_surfaced: bool
    explained_by: str
    p: float
    q: float
    members: int
    planted: int
    listed: int
    listed_planted: int
    is_natural: bool


def groups_seen(found: Findings, world: World) -> tuple[GroupSeen, ...]:
    """All entries of groups."""
    panel = world.panel
    planted = world.together.rows if world.together else np.zeros(0, np.int64)
    unfelt = {("region", panel.groups[0][region]) for region in world.unfelt}
    told, ids, out = found.evidence, set(panel.customers[planted].tolist()), []
    pieces = list(zip(told.entry, told.part, told.name, strict=True))
    for i in np.flatnonzero(found.customer < 0).tolist():
        listed = {name for entry, part, name in pieces if (entry, part) == (i, "member")}
        out.append(
            GroupSeen(
                level=str(found.level[i]),
                subject=str(found.subject[i]),
                kind=str(found.kind[i]),
                is_surfaced=bool(found.is_surfaced[i]),
                explained_by=str(found.explained_by[i]),
                p=float(found.p_value[i]),
                q=float(found.q_value[i]),
                members=len(found.members[i]),
                planted=int(np.isin(planted, found.members[i]).sum()),
                listed=len(listed),
                listed_planted=len(listed & ids),
                is_natural=found.kind[i] is Kind.SILENT_RISK and (found.level[i], found.subject[i]) in unfelt,
            )
        )
    return tuple(out)
