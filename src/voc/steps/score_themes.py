"""Themes, the end of the score step: each text is assigned to themes, which are learned once a four-week block."""

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
from voc.adapters.work_file.scorers import ModelFile
from voc.adapters.work_file.warehouse import Connection
from voc.language.themes.themes import MAX_LEARNED_TEXTS, Themes, assign, learn
from voc.language.themes.touchpoint_words import seeds

METHOD = "themes-1"
"""Version of the method: changes with anything that changes the themes."""
_FILE_KIND = "themes"
_SHOWN_TERMS = 5  # weightiest terms that describe a theme to readers; own choice
_ARRAY_FIELDS, _TERM_FIELDS = ("idf", "components"), ("terms", "keys", "names")  # of `Themes`, as a file holds them


@dataclass(frozen=True)
class BlockThemes:
    """The themes of one block.

    name:   of their file: a fingerprint of what they were learned from.
    is_new: which of them the block before did not have, shape (K,).
    """

    name: str
    themes: Themes
    is_new: NDArray[np.bool_]


def assign_themes(connection: Connection, folder: Path) -> int:
    """Assigns texts without themes to themes; returns how many texts that were.

    The themes of a block take their names from those of the block before, these from theirs, and so on since the first
    text: so 58 of 74 names stay from block to block in the NHS answers, and 27 where only one block before is learned
    (`python benchmarks/theme_names.py`). The themes of every block are kept as a file: a new block learns one, and a
    text that lands late those after it. Where the oldest words have gone (`privacy.keep_text_days`) all are learned
    again, each named after what the same block had learned before.

    Reads   int.int_theme_block, int.int_theme_text, int.int_channel_text, int.int_feedback, ml.texts.
    Writes  ml.themes, ml.text_themes; the files of ``folder``.
    """
    touchpoints, rows, assigned, files = theme_tables.touchpoints(connection), [], [], set()
    for language, fingerprints in theme_tables.block_fingerprints(connection).items():
        seed_words = seeds(language, touchpoints)
        names = {
            block: f"{_FILE_KIND}-{warehouse.fingerprint([METHOD, language, seed_words, block, data])}"
            for block, data in fingerprints.items()
        }
        files |= set(names.values())
        newest = _newest_block(connection, folder, language, seed_words, names)
        rows.append(_rows(newest))
        assigned.append(_assignments(newest, theme_tables.unassigned(connection, language, newest.name)))
    theme_tables.save(connection, pd.concat(rows) if rows else pd.DataFrame(), assigned)
    scorers.keep_only(folder, _FILE_KIND, files)
    return sum(len(part) for part in assigned)


def _newest_block(
    connection: Connection,
    folder: Path,
    language: str,
    seed_words: Mapping[str, Iterable[str]],
    names: Mapping[date, str],
) -> BlockThemes:
    """The themes of the last block of ``names``; blocks after the newest one with a file are learned and saved."""
    blocks = list(names)
    from_files = ((i, _from_file(folder, names[block])) for i, block in reversed(list(enumerate(blocks))))
    newest, current = next(((i, themes) for i, themes in from_files if themes), (-1, None))
    with_older_words = _with_older_words(folder, language, blocks[0]) if newest + 1 < len(blocks) else {}
    known_texts = theme_tables.known_texts(connection, language) if newest + 1 < len(blocks) else pd.DataFrame()
    for block in blocks[newest + 1 :]:
        rows = theme_tables.training_texts(connection, known_texts, block, most=MAX_LEARNED_TEXTS)
        current = _learn(rows, language, seed_words, names[block], current, with_older_words.get(str(block)))
        arrays = {name: getattr(current.themes, name) for name in _ARRAY_FIELDS} | {"is_new": current.is_new}
        terms = {name: tuple(getattr(current.themes, name).tolist()) for name in _TERM_FIELDS}
        scorers.save(folder, current.name, ModelFile(_metadata(current.themes, block, blocks[0]), terms, arrays))
    assert current is not None  # every language has a block
    return current


def _metadata(themes: Themes, block: date, since: date) -> dict[str, str | float | int | None]:
    return {"language": themes.language, "n_seeded": themes.n_seeded, "block": str(block), "since": str(since)}


def _with_older_words(folder: Path, language: str, since: date) -> dict[str, Themes]:
    """Block -> its themes as they were learned while words older than the block ``since`` were still there."""
    found: dict[str, Themes] = {}
    for path in sorted(folder.glob(f"{_FILE_KIND}-*.npz")):
        model = scorers.load(folder, path.stem)
        if model and model.about["language"] == language and str(model.about["since"]) < str(since):
            found[str(model.about["block"])] = _themes(model)
    return found


def _learn(
    rows: pd.DataFrame,
    language: str,
    seed_words: Mapping[str, Iterable[str]],
    name: str,
    before: BlockThemes | None,
    earlier: Themes | None,
) -> BlockThemes:
    """The themes of a block, named after its ``earlier`` ones, else after those of the block ``before``.

    New are themes that the block before did not have, where it had any.
    """
    previous = before.themes if before else None
    with warnings.catch_warnings():
        # NMF stops after 400 rounds; more of them would change no theme by anything that readers see
        warnings.simplefilter("ignore", ConvergenceWarning)
        themes = learn(
            rows["text"].tolist(),
            pd.factorize(rows["customer_id"])[0].astype(np.int64),
            language,
            seed_words,
            is_latest=rows["is_latest"].to_numpy(dtype=np.bool_),
            previous=earlier or previous,
        )
    previous_keys = previous.keys if previous is not None and len(previous.keys) else themes.keys
    return BlockThemes(name, themes, ~np.isin(themes.keys, previous_keys))


def _from_file(folder: Path, name: str) -> BlockThemes | None:
    model = scorers.load(folder, name)
    return BlockThemes(name, _themes(model), model.arrays["is_new"]) if model else None


def _themes(model: ModelFile) -> Themes:
    fields = {name: model.arrays[name] for name in _ARRAY_FIELDS} | {
        name: np.array(model.terms[name], dtype=np.str_) for name in _TERM_FIELDS
    }
    return Themes(language=str(model.about["language"]), n_seeded=int(model.about["n_seeded"] or 0), **fields)


def _rows(block: BlockThemes) -> pd.DataFrame:
    """The columns of ml.themes."""
    themes = block.themes
    heaviest = np.argsort(-themes.components, axis=1, kind="stable")[:, :_SHOWN_TERMS]
    return pd.DataFrame(
        {
            "theme": themes.keys,
            "language": themes.language,
            "learned": block.name,
            "name": themes.names,
            "terms": themes.terms[heaviest].tolist(),
            "is_seeded": np.arange(len(themes.keys)) < themes.n_seeded,
            "is_new": block.is_new,
        }
    )


def _assignments(block: BlockThemes, texts: pd.DataFrame) -> pd.DataFrame:
    """The columns of ml.text_themes."""
    assigned = assign(block.themes, texts["text"].tolist())
    keys = np.array([*block.themes.keys.tolist(), None], dtype=object)  # the last one stands for `NONE`
    theme = keys[assigned.theme]
    return pd.DataFrame(
        {
            "text_id": texts["text_id"],
            "learned": block.name,
            "theme": theme[:, 0],
            "weight": assigned.weight[:, 0],
            "second_theme": theme[:, 1],
            "second_weight": assigned.weight[:, 1],
        }
    )
