"""Reading, the first half of the score step: texts are cleaned, their language recognised, and redacted."""

import pandas as pd

from voc.adapters.work_file import texts, warehouse
from voc.adapters.work_file.warehouse import Connection
from voc.language.cleaning import boilerplate, boilerplate_counts, clean
from voc.language.language_detection import recognise
from voc.language.redaction import redact, redact_names

READER = "reader-1"
"""Version of the method: changes with anything that changes a cleaned or redacted text."""
CHUNK = 200_000
"""Texts read at once: some 100 MB of Python strings and arrays, measured on 120-character comments."""


def read(connection: Connection) -> int:
    """Cleans and redacts texts that are new or were read by another method; how many texts that were.

    Reads   int.int_text.
    Writes  ml.boilerplate, ml.texts.
    """
    pieces = {
        source: _boilerplate(connection, source, data) for source, data in texts.source_fingerprints(connection).items()
    }
    readers = {source: f"{READER}:{warehouse.fingerprint(sorted(repeated))}" for source, repeated in pieces.items()}
    new = texts.unread(connection, readers)
    for start in range(0, len(new), CHUNK):
        for source, part in new.iloc[start : start + CHUNK].groupby("source"):
            texts.save_read(connection, _read(part, pieces[str(source)]))
    return len(new)


def _boilerplate(connection: Connection, source: str, data: str) -> frozenset[str]:
    """The pieces that a source repeats in its texts known when the block began; counted again when these change."""
    pieces = texts.boilerplate(connection, source, data)
    if pieces is None:
        source_texts = texts.source_texts(connection, source)
        pieces = boilerplate(boilerplate_counts(source_texts), len(source_texts))
        texts.save_boilerplate(connection, source, data, pieces)
    return pieces


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
