"""How many free themes keep their name from block to block, by how far back the names are handed on.

Run: python benchmarks/theme_names.py [--data DIR], a minute. The texts in order of time, in 20 blocks of as many each;
each block learns from all before. Alone: every block names anew. One back: it takes the names of the block before,
which named its own anew. Handed on: the block before took its own from the one before, and so on, as a night does.
"""

import argparse
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
from harness.labelled import DATA
from sklearn.exceptions import ConvergenceWarning
from themes import Read, nhs, olist

from voc.language.themes import themes
from voc.language.themes.themes import Themes
from voc.language.themes.touchpoint_words import seeds

BLOCKS = 20


def learn(read: Read, end: int, previous: Themes | None) -> Themes:
    rows, start = np.arange(end), end - len(read.texts) // BLOCKS
    return themes.learn(
        read.texts[:end],
        read.customers[:end],
        read.language,
        seeds(read.language),
        is_latest=rows >= start,
        previous=previous,
    )


def show(read: Read) -> None:
    ends = [len(read.texts) * n // BLOCKS for n in range(1, BLOCKS + 1)]
    alone = [learn(read, end, None) for end in ends]
    one_back = [learn(read, end, before) for end, before in zip(ends, [None, *alone], strict=False)]
    handed_on: list[Themes] = []
    for end in ends:
        handed_on.append(learn(read, end, handed_on[-1] if handed_on else None))
    for label, blocks in (("alone", alone), ("one back", one_back), ("handed on", handed_on)):
        free = [set(found.keys[found.n_seeded :].tolist()) for found in blocks]
        kept = sum(len(before & after) for before, after in pairwise(free))
        print(f"{read.name:6} {label:10} {kept} of {sum(map(len, free[:-1]))} names of free themes kept")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    warnings.simplefilter("ignore", ConvergenceWarning)
    for read in (olist(data), nhs(data)):
        show(read)


if __name__ == "__main__":
    main()
