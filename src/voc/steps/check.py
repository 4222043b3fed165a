"""Step: check, the doors. Landed batches are accepted or refused; marts may be published or not."""

from dataclasses import dataclass
from pathlib import Path

from voc.adapters.files import inbox
from voc.adapters.gx import gate
from voc.adapters.work_file import ledger, warehouse
from voc.errors import GateFailed


@dataclass(frozen=True)
class Doors:
    """What the doors found: how many tables and rules were checked, and each broken warning as a sentence."""

    n_tables: int
    n_rules: int
    warnings: tuple[str, ...]


def landed(path: Path, *, state: Path, suites: Path) -> Doors:
    """Judges every batch that landed and was not judged yet: it becomes ``accepted`` or ``refused``.

    Reads   raw.<table> of the work file at ``path``, one batch at a time.
    Writes  the verdict into raw.ledger; refused bytes move from state/landed to state/quarantine.
    Raises  GateFailed naming each refused batch, also those refused on an earlier night whose file still lies in
            the inbox: the night stops until somebody looks.
    """
    warnings: list[str] = []
    n_tables = n_rules = 0
    with warehouse.opened(path) as connection:
        for batch, kind, source, file_name in ledger.landed_batches(connection):
            checked = gate.check(connection, warehouse.batch_relation(kind, batch), suites / f"landed_{kind}.yml")
            critical = "; ".join(gate.sentence(broken) for broken in checked.critical)
            if critical:
                inbox.refuse(state, connection, batch, critical)
            else:
                ledger.set_status(connection, batch, "accepted", None)
            warnings += [
                f"{source}, {file_name}: {gate.sentence(b)}" for b in checked.broken if b not in checked.critical
            ]
            n_tables, n_rules = n_tables + 1, n_rules + checked.n_rules
        refused = ledger.refused_at_door(connection)
    still_there = [
        f"{file_name} of source {source} ({why})"
        for source, sha256, file_name, why in refused
        if inbox.is_there(state, source, sha256)
    ]
    if still_there:
        raise GateFailed(
            f"the door refused {len(still_there)} file(s): " + "; ".join(still_there),
            "mend the file or take it out of the inbox, then run again; yesterday's marts stay as they are",
        )
    return Doors(n_tables, n_rules, tuple(warnings))


def marts(path: Path, *, suites: Path) -> Doors:
    """Judges every mart before it is published.

    Reads   schema marts of the work file at ``path``.
    Raises  GateFailed naming each broken critical rule; nothing is published then.
    """
    with warehouse.opened(path) as connection:
        checked = [
            gate.check(connection, f'marts."{suite.stem.removeprefix("marts_")}"', suite)
            for suite in sorted(suites.glob("marts_*.yml"))
        ]
    critical = [gate.sentence(broken) for tested in checked for broken in tested.critical]
    if critical:
        raise GateFailed(
            "the marts are not published: " + "; ".join(critical),
            "look at the table in state/work/warehouse.duckdb; yesterday's marts stay as they are",
        )
    warnings = tuple(gate.sentence(broken) for tested in checked for broken in tested.broken)
    return Doors(len(checked), sum(tested.n_rules for tested in checked), warnings)
