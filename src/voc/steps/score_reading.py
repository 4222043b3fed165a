"""Reading, the first half of the score step: what is left of a text to score and to show."""

import pandas as pd

from voc.adapters.work_file import texts, warehouse
from voc.adapters.work_file.warehouse import Connection
from voc.language.cleaning import boilerplate, boilerplate_counts, clean
from voc.language.language_detection import recognise
from voc.language.redaction import redact, redact_names

READER = "reader-1"
"""Changes with anything that decides what is left of a text."""
CHUNK = 200_000
"""Texts in hand at once: some 100 MB of Python strings and arrays, measured on 120-character comments."""


def read(connection: Connection) -> int:
    """Cleans and redacts what is new, or was read otherwise; how many texts that were.

    Reads   int.int_text.
    Writes  ml.boilerplate, ml.texts.
    """
    pieces = {source: _boilerplate(connection, source, data) for source, data in texts.of_sources(connection).items()}
    readers = {source: f"{READER}:{warehouse.fingerprint(sorted(of))}" for source, of in pieces.items()}
    new = texts.unread(connection, readers)
    for start in range(0, len(new), CHUNK):
        for source, part in new.iloc[start : start + CHUNK].groupby("source"):
            texts.save_read(connection, _read(part, pieces[str(source)]))
    return len(new)


def _boilerplate(connection: Connection, source: str, data: str) -> frozenset[str]:
    """What a source repeats, from what was known when the block began; counted anew when that changes."""
    known = texts.boilerplate(connection, source, data)
    if known is None:
        said = texts.said_in(connection, source)
        known = boilerplate(boilerplate_counts(said), len(said))
        texts.save_boilerplate(connection, source, data, known)
    return known


def _read(new: pd.DataFrame, pieces: frozenset[str]) -> pd.DataFrame:
    """The columns of ml.texts."""
    own = clean(new["text"].tolist(), pieces)
    return pd.DataFrame(
        {
            "text_id": new["text_id"].to_numpy(),
            "reader": new["reader"].to_numpy(),
            "language": recognise(own, new["language"].tolist()),
            "safe_text": redact_names(redact(own, new["country"].tolist()), new["names"].tolist()),
        }
    )
