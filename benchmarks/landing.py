"""How long landing takes against DuckDB's bare reader: `python benchmarks/landing.py [rows] [repeats]`.

Both read the same survey file (a million rows, about 95 MB, comments, naive times of Europe/Amsterdam) into a fresh
work file on disk. The bare reader guesses the types and keeps no promise; landing copies and hashes the file, archives
it, accounts for every line, casts, judges and times each value, names rejects and writes the ledger. The ratio is the
price of that. The aim is below 3.
"""

import csv
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np

from voc.adapters.work_file import warehouse
from voc.domain.contract import Table
from voc.domain.source import Source
from voc.steps import land

PHRASE = (
    "the service was slow again and nobody called back although support had promised it twice this week very happy "
    "with technician who came on time fixed everything thanks please lower price"
)
COLUMNS = "response_id,customer_id,responded_at,survey,score,scale_min,scale_max,comment,touchpoint"
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def write(path: Path, n: int) -> None:
    """A survey file of ``n`` rows; two in seven without a comment."""
    rng = np.random.default_rng(7)
    words = PHRASE.split()
    texts = [" ".join(rng.choice(words, n_words)) for n_words in rng.integers(3, 16, 20_000)]
    text, has_none = rng.integers(0, len(texts), n), rng.random(n) < 2 / 7
    start = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    at = rng.integers(0, 700 * 86_400, n).tolist()
    customer, score = rng.integers(1, 5_000, n).tolist(), rng.integers(0, 11, n).tolist()
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        file.write(COLUMNS + "\n")
        out.writerows(
            (
                f"R{i:08d}",
                f"C{customer[i]:05d}",
                (start + timedelta(seconds=at[i])).isoformat(),
                "nps",
                score[i],
                0,
                10,
                "" if has_none[i] else texts[text[i]],
                "support",
            )
            for i in range(n)
        )


def bare(path: Path, folder: Path) -> float:
    """Seconds of DuckDB's own reading into a table of a database on disk."""
    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        start = time.perf_counter()
        connection.execute(f"create table surveys as select * from read_csv('{path}')")
        return time.perf_counter() - start


def landed(path: Path, folder: Path) -> tuple[float, float, str]:
    """Seconds of the first landing, seconds when nothing is new, and what the first one says."""
    source = Source("nps", Table.SURVEYS, str(path), timezone="Europe/Amsterdam")
    with warehouse.opened(warehouse.path_in(folder)) as connection:
        seconds = []
        said = []
        for _ in range(2):
            start = time.perf_counter()
            done = land.run(connection, [source], state=folder, currency="EUR", now=NOW, progress=lambda _: None)
            seconds.append(time.perf_counter() - start)
            said.append(done.sentence)
    return seconds[0], seconds[1], said[0]


def main(n: int = 1_000_000, repeats: int = 3) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "surveys.csv"
        write(path, n)
        print(f"{n:,} rows, {path.stat().st_size / 1e6:.0f} MB, DuckDB {duckdb.__version__}")
        ratios = []
        for i in range(repeats):
            folder = Path(scratch) / f"state{i}"
            folder.mkdir()
            alone = bare(path, folder)
            first, again, said = landed(path, folder)
            ratios.append(first / alone)
            times = f"bare {alone:5.2f} s   landed {first:5.2f} s   nothing new {again:5.2f} s"
            print(f"{times}   ratio {ratios[-1]:.2f}   ({said})")
        print(f"ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
