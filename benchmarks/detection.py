"""What the detector finds, and how much of what it surfaces is false, in two made-up worlds on arrays.

    python benchmarks/detection.py [first seed] [companies]
    python benchmarks/detection.py --tails

600 customers over 104 weeks at 0.5 items a customer and week, very unequally spread; 6 % planted, 12 % decoys (half of
them agreed declines). `linear`: satisfaction forgets slowly and metrics follow it; `bursty`: people speak because
something happened, several respondents, counts, uneven coupling. Learned two weeks before the end, as on a night.
With --tails the same under other degrees of freedom of `voc.detection.calibration.FREEDOM`.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "detection"))

from worlds import WORLDS, cut

from voc.detection import calibration
from voc.detection.detector import ContradictionDetector

SETTINGS = {
    "planted −2.2 sd": {},
    "planted −1.5 sd": {"size": 1.5},
    "decoys only": {"share": 0.0},
    "nothing": {"share": 0.0, "share_decoys": 0.0},
}


def row(name: str, seeds: range, **settings: float) -> str:
    """One line: false of surfaced, found of answerable by kind, companies in which anything surfaced."""
    found, answerable, n_false, n_surfaced, n_any = Counter(), Counter(), 0, 0, 0
    for seed in seeds:
        world = WORLDS[name](seed, **settings)
        fitted = ContradictionDetector().fit(cut(world.panel, len(world.panel.weeks) - 2))
        said = fitted.find(world.panel)
        surfaced = {(int(said.customer[i]), said.kind[i]) for i in np.flatnonzero(said.is_surfaced)}
        customers = {customer for customer, _ in surfaced}
        n_surfaced, n_any = n_surfaced + len(customers), n_any + bool(customers)
        n_false += sum(customer not in world.planted for customer in customers)
        for customer, kind in world.planted.items():
            if world.answerable(customer):
                answerable[kind] += 1
                found[kind] += (customer, kind) in surfaced
    share = f"{n_false}/{n_surfaced} = {n_false / n_surfaced:.3f}" if n_surfaced else "0/0"
    kinds = ", ".join(f"{kind} {found[kind]}/{n}" for kind, n in sorted(answerable.items()))
    return f"false {share:17} any {n_any:>2}/{len(seeds)}  {kinds}"


def main() -> None:
    """Prints the table."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    first, n = (int(words[i]) if len(words) > i else default for i, default in enumerate((5000, 15)))
    tails = (5, 10, 20, 40, 1000) if "--tails" in sys.argv else (calibration.FREEDOM,)
    with np.errstate(all="ignore"):
        for calibration.FREEDOM in tails:
            print(f"seeds {first} to {first + n - 1}, Student t with {calibration.FREEDOM} degrees of freedom")
            for name in WORLDS:
                for label, settings in SETTINGS.items():
                    print(f"  {name:8}{label:17}{row(name, range(first, first + n), **settings)}", flush=True)


if __name__ == "__main__":
    main()
