"""Writes the made-up company into a folder, ready for `voc run`, and says what is planted in it."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.demo.config import VOC_YML
from voc.demo.customers import AS_OF, MONDAYS
from voc.demo.feedback import Items, items, surveys, tickets
from voc.demo.fillers import EMPTY_ANSWERS
from voc.demo.metrics import kpis
from voc.demo.plants import MIN_ITEMS, Plant
from voc.demo.world import World, stream, world

UNKNOWN_CUSTOMERS = 6
"""Tickets of customers the CRM has never heard of."""


@dataclass(frozen=True)
class Truth:
    """One planted event, as in a line of truth.csv; ``customer_id`` is empty where it concerns the whole company.

    ``kpi``: what moved by design, joined by '|', the furthest first. Weeks are Mondays; ``ended_week`` is the first
    calm one again, empty while it lasts. ``n_items_…`` count feedback items with any reading (a score, or words that
    say something) before the start and from it on. ``said_sd``: shift of satisfaction in population sd; ``kpi_sd``:
    shift of the first KPI named, in the customer's own weekly sd, up is good.
    """

    customer_id: str
    kind: str
    kpi: str
    started_week: date
    ended_week: date | None
    n_items_before: int
    n_items_after: int
    answerable: bool
    said_sd: float
    kpi_sd: float


@dataclass(frozen=True)
class Planted:
    """The day to run as of, and the truth of everything planted."""

    as_of: date
    truth: tuple[Truth, ...]


def write(folder: Path, seed: int = 7) -> Planted:
    """What is planted in the project now in ``folder``.

    Writes  voc.yml, truth.csv and inbox/{customers,surveys,kpis}.csv, inbox/tickets.jsonl, replacing files of these
            names; the same seed gives the same bytes.
    """
    lumen = world(seed)
    spoken = items(lumen, stream(seed, "items"))
    answers, calls = spoken.pick(~spoken.is_ticket), spoken.pick(spoken.is_ticket)
    survey = surveys(lumen, answers, stream(seed, "surveys"))
    desk = tickets(lumen, calls, stream(seed, "tickets"))
    truth = _truth(lumen, answers, survey, calls)

    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (folder / "voc.yml").write_text(VOC_YML, encoding="utf-8")
    _csv(lumen.frame.drop(columns=["true_revenue", "respondents"]), inbox / "customers.csv")
    _csv(_faulty_surveys(survey), inbox / "surveys.csv")
    _jsonl(_unknown_customers(desk), inbox / "tickets.jsonl")
    _csv(kpis(lumen, stream(seed, "kpis")), inbox / "kpis.csv")
    _csv(pd.DataFrame([asdict(row) for row in truth]), folder / "truth.csv")
    return Planted(AS_OF, truth)


def _truth(lumen: World, answers: Items, survey: pd.DataFrame, calls: Items) -> tuple[Truth, ...]:
    """A line an event, in the order of kinds, with the items that can be read before and after its start."""
    is_readable = survey["score"].notna() | (survey["comment"].notna() & ~survey["comment"].isin(EMPTY_ANSWERS))
    readable = answers.pick(is_readable.to_numpy())
    who, when = np.concatenate([readable.customer, calls.customer]), np.concatenate([readable.week, calls.week])
    return tuple(_line(lumen, plant, when if plant.customer is None else when[who == plant.customer])
                 for plant in lumen.plants)  # fmt: skip


def _line(lumen: World, plant: Plant, weeks: NDArray[np.int64]) -> Truth:
    before, after = int((weeks < plant.start).sum()), int((weeks >= plant.start).sum())
    return Truth(
        customer_id="" if plant.customer is None else str(lumen.frame["customer_id"].iloc[plant.customer]),
        kind=str(plant.kind),
        kpi=plant.kpis,
        started_week=MONDAYS[plant.start].item(),
        ended_week=MONDAYS[plant.end].item() if plant.end < len(MONDAYS) else None,
        n_items_before=before,
        n_items_after=after,
        answerable=plant.customer is not None and min(before, after) >= MIN_ITEMS,
        said_sd=round(float(plant.sentiment_shift), 3),
        kpi_sd=round(float(plant.kpi_shifts[0][1]), 3) if plant.kpi_shifts else 0.0,
    )


def _faulty_surveys(survey: pd.DataFrame) -> pd.DataFrame:
    """With one line that came twice, and one whose score is a word."""
    twice = survey.iloc[[len(survey) // 2]]
    eleven = survey.iloc[[len(survey) // 3]].assign(response_id=f"R-{len(survey) + 1:06d}").astype({"score": object})
    eleven["score"] = "eleven"
    return pd.concat([survey.astype({"score": object}), twice.astype({"score": object}), eleven])


def _unknown_customers(desk: pd.DataFrame) -> pd.DataFrame:
    """With a handful of tickets whose customers are in no other file."""
    places = np.linspace(0, len(desk) - 1, UNKNOWN_CUSTOMERS + 2).astype(int)[1:-1]
    strangers = desk.iloc[places].assign(
        ticket_id=[f"T-{len(desk) + i:06d}" for i in range(1, len(places) + 1)],
        customer_id=[f"LB-9{i:03d}" for i in range(1, len(places) + 1)],
        requester=[f"LB-9{i:03d}-p1" for i in range(1, len(places) + 1)],
    )
    return pd.concat([desk, strangers])


def _csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n", encoding="utf-8")


def _jsonl(frame: pd.DataFrame, path: Path) -> None:
    """One object a line; what is missing is null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
