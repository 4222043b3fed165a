"""What the score step costs for a million short comments, and for the one per cent that the next night brings.

    python benchmarks/million.py [comments] [--data DIR]

Comments are real tweets, NHS answers and Olist reviews with one word of another comment put in, so that hardly two are
equal; nine in ten declare their language, one in three has an answer beside it. Prints seconds, CPU seconds and peak
memory of cleaning, redacting, scoring and theming, from int_text to ml.*.
"""

import argparse
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from harness.labelled import DATA, nhs, olist, tweets
from harness.measuring import forget_peak, peak

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import dbt_views

from voc.adapters.work_file import warehouse
from voc.domain.contract import Table
from voc.domain.kpi import Kpi
from voc.domain.source import Source
from voc.steps import score

AS_OF = date(2026, 3, 1)
NIGHT = warehouse.RunMeta(
    "r", AS_OF, *(datetime.fromisoformat(day) for day in ("2026-03-02", "2026-02-16", "2026-03-02"))
)
WEEKS = 104


def comments(data: Path, n: int) -> pd.DataFrame:
    """The columns of int_text."""
    rng = np.random.default_rng(0)
    sets = [tweets(data), nhs(data), olist(data)]
    texts = np.array([text for of in sets for text in of.texts], dtype=object)
    human = np.concatenate([of.human for of in sets])
    language = np.repeat(["en", "en", "pt"], [len(of.texts) for of in sets])
    survey = np.repeat(["tweets", "nhs", "olist"], [len(of.texts) for of in sets])
    row, other = rng.integers(0, len(texts), (2, n))
    words = np.array([text.split()[0] if text.split() else "so" for text in texts], dtype=object)
    customer = np.char.add("C", rng.integers(0, n // 10 + 1, n).astype(str))
    return pd.DataFrame(
        {
            "text_id": np.char.zfill(np.arange(n).astype(str), 8),
            "source": "nps",
            "question": survey[row],
            "customer_id": customer,
            "language": np.where(rng.random(n) < 0.9, language[row], ""),
            "text": texts[row] + " " + words[other],
            "said_at": np.datetime64("2026-02-15") - rng.integers(0, 7 * WEEKS, n) * np.timedelta64(1, "D"),
            "respondent": customer,
            "is_known_at_block": True,
            "label": np.where(rng.random(n) < 0.33, (np.sign(human[row]) + 1) / 2, np.nan),
            "country": "",
        }
    )


def night(folder: Path, said: pd.DataFrame, name: str) -> None:
    """Scores what is new and prints what that cost."""
    with warehouse.opened(warehouse.path_in(folder)) as work:
        work.register("said", said)
        work.execute("""
            create schema if not exists int;
            create or replace table int.int_text as
                select *, ['Customer ' || customer_id, customer_id] as names from said;
            create or replace table int.int_feedback as
                select null::varchar as touchpoint, is_known_at_block from said limit 0;
        """)
        dbt_views.create(work, *dbt_views.SCORED)
        work.unregister("said")
    forget_peak()
    began, cpu = time.perf_counter(), time.process_time()
    scored = score.run(warehouse.path_in(folder), AS_OF, state=folder)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{name:12} {scored.sentence}\n{'':12} {seconds:.0f} s, {cpu:.0f} CPU s, {peak() / 1e9:.1f} GB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("comments", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args()
    said = comments(asked.data, asked.comments)
    later = comments(asked.data, asked.comments // 100).assign(is_known_at_block=False)
    later["text_id"] = "n" + later["text_id"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with warehouse.opened(warehouse.path_in(folder)) as work:
            warehouse.begin(work, NIGHT)
            kpi, source = (
                Kpi("on_time", "On time", "share", "higher"),
                Source("nps", Table.SURVEYS, "nps", timezone="UTC"),
            )
            warehouse.configure(work, company="Made Up", timezone="UTC", currency="EUR", kpis=[kpi], sources=[source])
        night(folder, said, "first night")
        night(folder, pd.concat([said, later]), "next night")


if __name__ == "__main__":
    main()
