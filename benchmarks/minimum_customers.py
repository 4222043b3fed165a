"""How many customers the detector needs before it may promise a false discovery rate: prints one row a size and world.

    python benchmarks/minimum_customers.py [seeds]

Companies of the tests' two small worlds, with plain contradictions for one customer in ten, and with nothing planted at
all. `voc.detection.detector.MIN_CUSTOMERS` is set from this table.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.small_worlds import WORLDS, World, cut

from voc.detection import detector

SIZES = (15, 26, 50, 100, 200, 400)
PLAIN = {"rate": 1.0, "size": 3.0, "risk": 6.0}
"""Enough said and large enough falls that so small a company can be sure of some."""


def found(world: World) -> set[int]:
    """Customers surfaced; learned two weeks before the end, as on a night."""
    fitted = detector.ContradictionDetector().fit(cut(world.panel, len(world.panel.weeks) - 2))
    return set(np.flatnonzero(fitted.predict(world.panel) == -1).tolist())


def row(name: str, n: int, seeds: range) -> str:
    """One line of the table."""
    hits = answerable = false = surfaced = false_alone = 0
    for seed in seeds:
        world = WORLDS[name](seed, n=n, share=0.1, share_decoys=0.1, **PLAIN)
        customers = found(world)
        surfaced += len(customers)
        false += sum(c not in world.planted for c in customers)
        could = {c for c in world.planted if world.answerable(c)}
        hits, answerable = hits + len(customers & could), answerable + len(could)
        calm = WORLDS[name](seed, n=n, share=0.0, share_decoys=0.0)
        false_alone += bool(found(calm))
    share = f"{false / surfaced:.2f} ({false}/{surfaced})" if surfaced else "-"
    recall = f"{hits / max(answerable, 1):.2f} ({hits}/{answerable})"
    return f"{name:8} {n:5}   {share:14} {recall:14} {false_alone}/{len(seeds)}"


def main() -> None:
    seeds = range(1000, 1000 + (int(sys.argv[1]) if len(sys.argv) > 1 else 20))
    detector.MIN_CUSTOMERS = detector.ENOUGH_PAST = 0  # what is measured is what happens without the limit
    print("world        n   false share    recall         calm companies with a surfaced one")
    with np.errstate(all="ignore"):
        for name in WORLDS:
            for n in SIZES:
                print(row(name, n, seeds), flush=True)


if __name__ == "__main__":
    main()
