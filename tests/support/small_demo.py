"""The demo company cut down to a third, so that many nights in a row are affordable; still enough to calibrate."""

import json
import shutil
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from voc.cli.main import cli
from voc.demo.write import write

FIRST = 401
"""Customers from LB-0401 on stay: 200 of them, with the ordinary share of planted stories."""
AS_OF = "2026-03-01"


def small_demo(folder: Path, seed: int = 7) -> Path:
    """The voc.yml of a small demo company in ``folder``."""
    write(folder, seed)
    stay = {f"LB-{i:04d}" for i in range(FIRST, 601)}
    for name in ("customers", "surveys", "kpis"):
        file = folder / "inbox" / f"{name}.csv"
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        frame[frame["customer_id"].isin(stay)].to_csv(file, index=False)
    file = folder / "inbox" / "tickets.jsonl"
    lines = [line for line in file.read_text().splitlines() if json.loads(line)["customer_id"] in stay]
    file.write_text("\n".join(lines) + "\n")
    return folder / "voc.yml"


def copy_of(config: Path, folder: Path) -> Path:
    """The voc.yml of a copy of the company and its state in ``folder``, which must be new."""
    return Path(shutil.copytree(config.parent, folder, symlinks=True)) / config.name


def voc(config: Path, *arguments: str) -> str:
    """What a command prints; it must succeed."""
    ran = CliRunner().invoke(cli, [*arguments, "--config", str(config)])
    if ran.exit_code:
        raise AssertionError(f"voc {' '.join(arguments)} ended with {ran.exit_code}: {ran.output}") from ran.exception
    return ran.stdout
