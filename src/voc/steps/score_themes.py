"""Themes, the end of the score step: what each text is about, by themes learned once a four-week block."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from voc.adapters.work_file import scorers, theme_tables, warehouse
from voc.adapters.work_file.scorers import Kept
from voc.adapters.work_file.warehouse import Connection
from voc.language.themes.themes import Themes, assign, learn
from voc.language.themes.touchpoint_words import seeds

METHOD = "themes-1"
"""Changes with anything that decides what the themes are."""
_KIND = "themes"
_TERMS = 5  # that a theme is shown by
_ARRAYS, _WORDS = ("idf", "components"), ("terms", "keys", "names")  # of `Themes`, as they are kept


@dataclass(frozen=True)
class Learned:
    """Themes by the name of what they were learned from, and which of them the block before had not, shape (K,)."""

    name: str
    themes: Themes
    is_new: NDArray[np.bool_]


def lay(connection: Connection, folder: Path) -> int:
    """Lays texts to themes where they have not been; how many texts that were.

    The themes of a block take their names from those of the block before, these from theirs, and so on since the first
    text: so 58 of 74 names stay from block to block in the NHS answers, and 27 where only one block before is learned
    (`python benchmarks/theme_names.py`). Every link is kept as a file: a new block learns one, and a text that lands
    late those after it. Where the oldest words have gone (`privacy.keep_text_days`) all are learned again, each named
    after what the same block had learned before.

    Reads   text_channel, int.int_feedback, ml.texts.
    Writes  ml.themes, ml.text_themes; the files of ``folder``.
    """
    own, rows, laid, kept = theme_tables.touchpoints(connection), [], [], set()
    for language, known in theme_tables.known(connection).items():
        words = seeds(language, own)
        names = {
            block: f"{_KIND}-{warehouse.fingerprint([METHOD, language, words, block, data])}"
            for block, data in known.items()
        }
        kept |= set(names.values())
        learned = _learned(connection, folder, language, words, names)
        rows.append(_rows(learned))
        laid.append(_laid(learned, theme_tables.unlaid(connection, language, learned.name)))
    theme_tables.save(connection, pd.concat(rows) if rows else pd.DataFrame(), laid)
    scorers.keep_only(folder, _KIND, kept)
    return sum(len(part) for part in laid)


def _learned(
    connection: Connection, folder: Path, language: str, words: Mapping[str, Iterable[str]], names: Mapping[date, str]
) -> Learned:
    """The themes of the last of ``names``, learned on from the newest block whose themes are kept."""
    blocks = list(names)
    found = ((at, _loaded(folder, names[block])) for at, block in reversed(list(enumerate(blocks))))
    at, link = next(((at, link) for at, link in found if link), (-1, None))
    earlier = _with_more_words(folder, language, blocks[0]) if at + 1 < len(blocks) else {}
    for block in blocks[at + 1 :]:
        lesson = theme_tables.lesson(connection, language, block)
        link = _taught(lesson, language, words, names[block], link, earlier.get(str(block)))
        arrays = {name: getattr(link.themes, name) for name in _ARRAYS} | {"is_new": link.is_new}
        terms = {name: tuple(getattr(link.themes, name).tolist()) for name in _WORDS}
        scorers.save(folder, link.name, Kept(_about(link.themes, block, blocks[0]), terms, arrays))
    assert link is not None  # every language has a block
    return link


def _about(themes: Themes, block: date, since: date) -> dict[str, str | float | int | None]:
    return {"language": themes.language, "n_seeded": themes.n_seeded, "block": str(block), "since": str(since)}


def _with_more_words(folder: Path, language: str, since: date) -> dict[str, Themes]:
    """Block -> its themes as they were learned when older words than those since a first block were there."""
    found: dict[str, Themes] = {}
    for path in sorted(folder.glob(f"{_KIND}-*.npz")):
        kept = scorers.load(folder, path.stem)
        if kept and kept.about["language"] == language and str(kept.about["since"]) < str(since):
            found[str(kept.about["block"])] = _themes(kept)
    return found


def _taught(
    lesson: pd.DataFrame,
    language: str,
    words: Mapping[str, Iterable[str]],
    name: str,
    before: Learned | None,
    earlier: Themes | None,
) -> Learned:
    """The themes of a block, named after its ``earlier`` ones, else after those of the block before; new are those that
    the block before had not, where it had any."""
    previous = before.themes if before else None
    with warnings.catch_warnings():
        # NMF stops after 400 rounds; that it might have gone on changes no theme by anything that is read
        warnings.simplefilter("ignore", ConvergenceWarning)
        themes = learn(
            lesson["text"].tolist(),
            pd.factorize(lesson["customer_id"])[0].astype(np.int64),
            language,
            words,
            is_latest=lesson["is_latest"].to_numpy(dtype=np.bool_),
            previous=earlier or previous,
        )
    had = previous.keys if previous is not None and len(previous.keys) else themes.keys
    return Learned(name, themes, ~np.isin(themes.keys, had))


def _loaded(folder: Path, name: str) -> Learned | None:
    kept = scorers.load(folder, name)
    return Learned(name, _themes(kept), kept.arrays["is_new"]) if kept else None


def _themes(kept: Kept) -> Themes:
    parts = {part: kept.arrays[part] for part in _ARRAYS} | {
        part: np.array(kept.terms[part], dtype=np.str_) for part in _WORDS
    }
    return Themes(language=str(kept.about["language"]), n_seeded=int(kept.about["n_seeded"] or 0), **parts)


def _rows(learned: Learned) -> pd.DataFrame:
    """The columns of ml.themes."""
    themes = learned.themes
    heaviest = np.argsort(-themes.components, axis=1, kind="stable")[:, :_TERMS]
    return pd.DataFrame(
        {
            "theme": themes.keys,
            "language": themes.language,
            "learned": learned.name,
            "name": themes.names,
            "terms": themes.terms[heaviest].tolist(),
            "is_seeded": np.arange(len(themes.keys)) < themes.n_seeded,
            "is_new": learned.is_new,
        }
    )


def _laid(learned: Learned, texts: pd.DataFrame) -> pd.DataFrame:
    """The columns of ml.text_themes."""
    found = assign(learned.themes, texts["text"].tolist())
    keys = np.array([*learned.themes.keys.tolist(), None], dtype=object)  # the last in place of `NONE`
    theme = keys[found.theme]
    return pd.DataFrame(
        {
            "text_id": texts["text_id"],
            "learned": learned.name,
            "theme": theme[:, 0],
            "weight": found.weight[:, 0],
            "second_theme": theme[:, 1],
            "second_weight": found.weight[:, 1],
        }
    )
