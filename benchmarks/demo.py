"""How much of what the demo plants is found, and how much of what is found was planted: whole nights from raw files.

    python benchmarks/demo.py 101 102 103 104 105

Prints a line a seed, then the pooled shares with 95 % Wilson intervals, and the false ones by decoy. A case counts as
found when its customer surfaced with its kind. A surfaced customer with no planted contradiction is false; gamed
metrics, labelled but not looked for yet, are neither found nor false.
"""

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from voc import app, demo
from voc.domain.kinds import Kind

LOOKED_FOR = {Kind.WATERMELON, Kind.SILENT_RISK}


@dataclass(frozen=True)
class Result:
    """One seed: (kind, whether found) of each answerable plant; the decoy behind each false one, else 'ordinary'."""

    plants: list[tuple[str, bool]]
    surfaced: int
    false: list[str]
    seconds: float


def night(seed: int, folder: Path) -> Result:
    """Writes the company of ``seed`` and runs its night."""
    planted = demo.write(folder, seed)
    began = time.perf_counter()
    outcome = app.run(app.open_project(folder / "voc.yml"), planted.as_of)
    seconds = time.perf_counter() - began
    with duckdb.connect(str(outcome.path), read_only=True) as marts:
        surfaced = marts.execute(
            "select customer_id, kind from marts.fct_contradictions where is_surfaced and level = 'customer'"
        ).fetchall()
    planted_kinds = {row.customer_id: row.kind for row in planted.truth if row.customer_id}
    contradictions = {customer for customer, kind in planted_kinds.items() if kind in set(Kind)}
    plants = [
        (row.kind, (row.customer_id, row.kind) in surfaced)
        for row in planted.truth
        if row.kind in LOOKED_FOR and row.answerable
    ]
    customers = {customer for customer, _ in surfaced}
    false = [planted_kinds.get(customer, "ordinary") for customer in customers - contradictions]
    return Result(plants, len(customers), false, seconds)


def interval(hits: int, n: int) -> str:
    """Share with its 95 % interval (Wilson, 1927)."""
    if not n:
        return "none"
    z, share = 1.96, hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return f"{hits} of {n} = {share:.2f} (95 % {centre - half:.2f} to {centre + half:.2f})"


def main(seeds: list[int]) -> None:
    """Prints the table."""
    results = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            result = night(seed, Path(folder))
        results.append(result)
        found = sum(hit for _, hit in result.plants)
        print(
            f"seed {seed:>4}: found {found:>2} of {len(result.plants):>2} answerable, surfaced {result.surfaced:>2}, "
            f"false {len(result.false):>2}, night {result.seconds:.0f} s",
            flush=True,
        )
    plants = [plant for result in results for plant in result.plants]
    false = [decoy for result in results for decoy in result.false]
    print("\nfound, answerable:", interval(sum(hit for _, hit in plants), len(plants)))
    for kind in sorted(LOOKED_FOR):
        hits = [hit for planted, hit in plants if planted == kind]
        print(f"  {kind}:", interval(sum(hits), len(hits)))
    print("false among surfaced:", interval(len(false), sum(result.surfaced for result in results)))
    for decoy, n in Counter(false).most_common():
        print(f"  {decoy}: {n}")


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [101, 102, 103, 104, 105])
