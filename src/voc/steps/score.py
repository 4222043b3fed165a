"""Step: the tone of every text that has not been read yet."""

from datetime import date
from pathlib import Path

import pandas as pd

from voc.adapters import warehouse
from voc.language.tone import SCORER, score_texts

CHUNK = 200_000
"""Texts read at once: some 100 MB of Python strings and arrays, measured on 120-character comments."""


def run(path: Path, as_of: date) -> int:
    """How many new texts were read; a text is scored once, however often it was said.

    Reads   int.int_text of the work file at ``path``.
    Writes  ml.text_scores: tone in [−1, 1] with its standard error, or why there is none.
    Raises  InputError when the night in hand is another one.
    """
    with warehouse.opened(path) as connection:
        warehouse.require_night(connection, as_of)
        brands = warehouse.brand_words(connection)
        # the company's own words change what a text's tone is, so they are part of the scorer's name
        scorer = f"{SCORER}+{warehouse.fingerprint(sorted(brands))}"
        texts = warehouse.new_texts(connection, scorer)
        for start in range(0, len(texts), CHUNK):
            warehouse.save_tones(connection, _tones(texts.iloc[start : start + CHUNK], brands, scorer), scorer)
    return len(texts)


def _tones(texts: pd.DataFrame, brands: frozenset[str], scorer: str) -> pd.DataFrame:
    said = score_texts(texts["text"].tolist(), [language or None for language in texts["language"]], brands)
    return pd.DataFrame(
        {
            "text_id": texts["text_id"].to_numpy(),
            "language": texts["language"].to_numpy(),
            "scorer": scorer,
            "lexicon": said.lexicon,
            "n_words": said.n_words,
            "n_hits": said.n_hits,
            "tone": said.tone,
            "tone_se": said.tone_se,
            "unscored_reason": said.unscored_reason,
        }
    )
