"""One whole night of each made-up world through raw files: what it surfaces beside the same night on arrays.

    python benchmarks/whole_night.py [customers] [seed]

Every item is a survey answer from 0 to 10, its channel the survey's name; texts are kept only to be told apart.
"""

import sys
import tempfile
import time
from collections.abc import Set
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from harness.measuring import OURS, Job, judge
from harness.tables import share, table
from worlds import WORLDS, World

from voc import app
from voc.detection.panel import Panel

NOON = np.timedelta64(12, "h")


def write(folder: Path, panel: Panel, answers: pd.DataFrame) -> np.datetime64:
    """Writes voc.yml and the inbox with these survey answers; the Sunday to run as of."""
    inbox = folder / "inbox"
    inbox.mkdir()
    for name, frame in {"customers": _customers(panel), "surveys": answers, "kpis": _kpis(panel)}.items():
        frame.to_csv(inbox / f"{name}.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    kpis = "".join(
        f"  {k.name}: {{label: {k.label}, unit: {k.unit}, better: {k.better}, cadence: {k.cadence}, combine: "
        f"{k.combine}{'' if k.target is None else f', target: {k.target}'}}}\n"
        for k in panel.kpis
    )
    sources = "".join(
        f'  {name}: [{{name: my_{name}, preset: canonical, path: "inbox/{name}.csv"}}]\n'
        for name in ("customers", "surveys", "kpis")
    )
    (folder / "voc.yml").write_text(
        "version: 1\ncompany: Made Up\ntimezone: UTC\ncurrency: EUR\nstate: state\n"
        f"sources:\n{sources}kpis:\n{kpis}owners: {{fallback: cx@example.com}}\n"
        "alerts: {from: voc@example.com, smtp: null, allowed_domains: [example.com], report_url: null}\n",
        encoding="utf-8",
    )
    return panel.weeks[-1] + 6


def _customers(panel: Panel) -> pd.DataFrame:
    gone = panel.last_week < len(panel.weeks) - 1
    groups = {level: np.array(panel.groups[i])[panel.group[i]] for i, level in enumerate(panel.levels)}
    columns = {"customer_id": panel.customers, "name": panel.customers, **groups}
    columns["signed_up_on"] = panel.weeks[panel.first_week].astype(str)
    columns["churned_on"] = np.where(gone, (panel.weeks[panel.last_week] + 7).astype(str), "")
    return pd.DataFrame({**columns, "monthly_revenue": 100.0})


def surveys(panel: Panel) -> pd.DataFrame:
    """Every item as a survey answer from 0 to 10."""
    touchpoints = np.array([*panel.touchpoints, ""])
    said = {"response_id": panel.item_id, "customer_id": panel.customers[panel.item_customer]}
    said["responded_at"] = panel.weeks[panel.item_week].astype("datetime64[s]") + NOON
    said |= {"survey": np.strings.add("channel ", panel.channel.astype("U2")), "scale_min": 0, "scale_max": 10}
    said["score"] = np.round(5 + 5 * panel.sentiment).astype(int)
    said["comment"] = np.where(panel.item_text < 0, "", np.strings.add("Note ", panel.item_text.astype("U9")))
    said["touchpoint"] = touchpoints[panel.touchpoint]
    said["respondent"] = np.where(panel.respondent < 0, "", np.strings.add("p", panel.respondent.astype("U9")))
    return pd.DataFrame(said)


def _kpis(panel: Panel) -> pd.DataFrame:
    customer, kpi, week = np.nonzero(np.isfinite(panel.kpi_values))
    names = np.array([k.name for k in panel.kpis])
    values = {"customer_id": panel.customers[customer], "kpi": names[kpi], "measured_on": panel.weeks[week].astype(str)}
    return pd.DataFrame({**values, "value": panel.kpi_values[customer, kpi, week]})


def main(customers: int = 2000, seed: int = 1) -> None:
    """Prints the table."""
    rows = []
    for name, make in WORLDS.items():
        world = make(seed, n=customers)
        with tempfile.TemporaryDirectory() as folder:
            as_of = write(Path(folder), world.panel, surveys(world.panel))
            began = time.perf_counter()
            outcome = app.run(app.open_project(Path(folder) / "voc.yml"), as_of.item())
            seconds = time.perf_counter() - began
            with duckdb.connect(str(outcome.path), read_only=True) as marts:
                told = marts.execute(
                    "select level, subject, customer_id from marts.fct_contradictions where is_surfaced"
                ).fetchall()
        ids = np.array([customer for level, _, customer in told if level == "customer"], dtype=str)
        files = set(np.searchsorted(world.panel.customers, ids).tolist())
        night = judge(Job("ours", name, seed, customers))
        arrays = set(np.flatnonzero(night.surfaced[OURS]).tolist())
        row = [name, _false(world, files), _false(world, arrays), str(len(files & arrays))]
        row.append(", ".join(f"{level} {subject}" for level, subject, _ in told if level != "customer") or "-")
        row.append(", ".join(f"{group.level} {group.subject}" for group in night.groups if group.is_surfaced) or "-")
        rows.append([*row, f"{seconds:.0f}"])
    head = ["world", "false, from files", "false, on arrays", "surfaced by both", "groups, from files"]
    print(table([*head, "groups, on arrays", "night, s"], rows))


def _false(world: World, surfaced: Set[int]) -> str:
    return share(len(surfaced - world.planted.keys()), len(surfaced))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
