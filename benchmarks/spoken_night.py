"""Whole nights of each made-up world in which people write, scored by the lexicon and by what their ratings teach.

    python benchmarks/spoken_night.py [customers] [seed ...] [--data DIR]        four minutes a seed and 1,000 customers

Each item's sentiment is said with a real NHS comment that readers gave the nearest of five marks; three in ten comments
have an answer from 0 to 10 beside them. What a scorer gets wrong is therefore what it gets wrong with real words.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import duckdb
import numpy as np
import pandas as pd
import whole_night
from harness.labelled import DATA, Labelled, nhs
from harness.tables import share, table
from sklearn.metrics import average_precision_score
from worlds import WORLDS, World

from voc import app
from voc.detection.panel import Panel
from voc.language.null_answers import null_answer
from voc.language.scoring import tiers
from voc.language.tokens import fold

RATED = 0.3


@contextmanager
def lexicon_only() -> Iterator[None]:
    """No tier above the first."""
    with patch.object(tiers, "can_learn", lambda label: False):
        yield


SCORED_BY: dict[str, Callable[[], AbstractContextManager[None]]] = {"lexicon": lexicon_only, "learned": nullcontext}


def spoken(panel: Panel, comments: Labelled, seed: int) -> pd.DataFrame:
    """The survey answers of a world, each with a comment, most without a score."""
    rng = np.random.default_rng([seed, 11])
    marks = np.round(np.clip(panel.sentiment, -1, 1) * 2) / 2
    texts = np.array(comments.texts, dtype=object)
    is_null = null_answer([fold(text) for text in comments.texts], np.zeros(len(texts), dtype=np.int64))
    said = np.empty(marks.size, dtype=object)
    for mark in np.unique(marks):
        rows = np.flatnonzero(marks == mark)
        said[rows] = rng.choice(texts[(comments.human == mark) & ~is_null], rows.size)
    surveys = whole_night.surveys(panel)
    score = surveys["score"].astype("Int64").where(rng.random(marks.size) < RATED)
    return surveys.assign(comment=said, score=score, language="en")


def found(folder: Path, world: World, comments: Labelled, seed: int) -> tuple[float, int, int]:
    """How well a night ranks (average precision), how many planted ones it surfaces and how many others."""
    as_of = whole_night.write(folder, world.panel, spoken(world.panel, comments, seed))
    outcome = app.run(app.open_project(folder / "voc.yml"), as_of.item())
    with duckdb.connect(str(outcome.path), read_only=True) as marts:
        told = marts.execute(
            "select customer_id, max(score), bool_or(is_surfaced) from marts.fct_contradictions "
            "where level = 'customer' group by customer_id"
        ).df()
    row = np.searchsorted(world.panel.customers, told["customer_id"].to_numpy(dtype=str))
    planted = np.isin(np.arange(len(world.panel.customers)), list(world.planted))
    score = np.full(planted.size, -np.inf)
    score[row] = told.iloc[:, 1]
    score = np.maximum(score, np.min(score[np.isfinite(score)], initial=0.0) - 1)
    surfaced = row[told.iloc[:, 2].to_numpy(dtype=bool)]
    false = int((~planted[surfaced]).sum())
    return float(average_precision_score(planted, score)), surfaced.size - false, false


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("customers", type=int, nargs="?", default=2000)
    parser.add_argument("seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--data", type=Path, default=DATA)
    said = parser.parse_args()
    comments, rows = nhs(said.data), []
    for name, make in WORLDS.items():
        worlds = {seed: make(seed, n=said.customers) for seed in said.seeds}
        for scorer, only in SCORED_BY.items():
            nights = []
            for seed, world in worlds.items():
                with tempfile.TemporaryDirectory() as folder, only():
                    nights.append(found(Path(folder), world, comments, seed))
            precisions, right, false = zip(*nights, strict=True)
            each = " ".join(f"{ap:.3f}" for ap in precisions)
            told = [f"{np.mean(precisions):.3f} ({each})", str(sum(right)), share(sum(false), sum(right) + sum(false))]
            rows.append([name, scorer, *told])
    print(table(["world", "scored by", "average precision, mean (each seed)", "found", "false"], rows))


if __name__ == "__main__":
    main()
