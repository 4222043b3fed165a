"""Seconds and peak memory of the detector by number of customers, and how they grow."""

import pickle
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from worlds import WORLDS, cut

from harness import tables
from harness.measuring import SINCE_LEARNED, peak
from voc.detection.detector import ContradictionDetector
from voc.detection.hypotheses.fitting import FIT_CUSTOMERS

KPIS = 4


def table(sizes: list[int]) -> str:
    """Fit and find on the linear world with four metrics over 104 weeks, each size in a process of its own."""
    sizes, spent, rows = sorted(sizes), [], []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "panel.pickle"
            _alone(_write, path, size)
            fit, find, cores, loaded, most = _alone(_measure, path)
        spent.append((fit + find, cores, find))
        rows.append([f"{size:,}", f"{fit:.1f}", f"{find:.1f}", f"{fit + find:.1f}", f"{cores:.1f}"])
        rows[-1] += [f"{most / 1e9:.2f}", f"{loaded / 1e9:.2f}"]
    head = ["customers", "fit, s", "find, s", "both, s", "both, s of all cores", "peak memory, GB"]
    told = tables.table([*head, "of it the panel and libraries, GB"], rows)
    if len(sizes) > 1:
        both, cores, find = np.polyfit(np.log(sizes), np.log(spent), 1)[0]
        told += (
            f"\n\nSeconds grow as customers to the power of {both:.2f}, those of all cores {cores:.2f}; to find alone "
        )
        told += f"{find:.2f}, as above {FIT_CUSTOMERS:,} customers fit learns from a sample."
    return told


def _write(path: Path, size: int) -> None:
    panel = WORLDS["linear"](1, n=size).panel
    panel = replace(panel, kpis=panel.kpis[:KPIS], kpi_values=panel.kpi_values[:, :KPIS].copy())
    with path.open("wb") as file:
        pickle.dump(panel, file, protocol=5)


def _measure(path: Path) -> tuple[float, float, float, int, int]:
    with path.open("rb") as file:
        panel = pickle.load(file)  # noqa: S301 - written a moment ago
    loaded, start, spent = peak(), time.perf_counter(), time.process_time()
    detector = ContradictionDetector().fit(cut(panel, len(panel.weeks) - SINCE_LEARNED))
    fitted = time.perf_counter()
    detector.find(panel)
    found = time.perf_counter()
    return fitted - start, found - fitted, time.process_time() - spent, loaded, peak()


def _alone(work, *args):
    """The result of ``work`` in a fresh process, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args).result()
