"""Audit labels: how people read texts, in the control store, since no rebuild could bring them back."""

from datetime import datetime
from pathlib import Path

from voc.adapters.control_store import control
from voc.adapters.control_store.control import Control


def add(store: Control, text_id: str, label: float, *, by: str | None, at: datetime) -> int:
    """Keeps one label, given at an instant (naive UTC): 1 warm, 0 cold, 0.5 neither; the id under which it is kept.

    A later one of the same text counts in its place.
    """
    (row,) = store.execute(
        "insert into audits (text_id, label, by, at) values (?, ?, ?, ?) returning audit_id",
        [text_id, label, by, at.isoformat(timespec="seconds")],
    ).fetchall()
    return int(row["audit_id"])


def take_back(store: Control, audit_id: int) -> None:
    """Forgets a label that was given by mistake; an earlier one of the same text counts again."""
    store.execute("delete from audits where audit_id = ?", [audit_id])


def is_labelled(store: Control, text_id: str) -> bool:
    """Whether anybody has labelled a text."""
    return bool(store.execute("select exists (select 1 from audits where text_id = ?)", [text_id]).fetchone()[0])


def known(store: Control, before: datetime | None = None) -> dict[str, float]:
    """text_id -> label, of those given before an instant (naive UTC); the newest of a text counts."""
    rows = store.execute(
        "select text_id, label from audits where at < coalesce(?, '9999') order by audit_id",
        [before.isoformat(timespec="seconds") if before else None],
    )
    return {row["text_id"]: row["label"] for row in rows}


def known_in(state: Path, before: datetime | None = None) -> dict[str, float]:
    """As `known`, from the control store of a state folder."""
    with control.opened(state) as store:
        return known(store, before)
