"""Learned scorers and themes as files of numpy arrays and JSON; reading one runs no code."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import sklearn
from numpy.typing import NDArray

from voc.adapters.disk import sync
from voc.adapters.work_file.warehouse import Connection, transaction
from voc.errors import OutsideError

Array = NDArray[Any]
_SEPARATOR = "\0"
"""No term holds it."""


@dataclass(frozen=True)
class ModelFile:
    """The content of one file: metadata, lists of terms, and arrays."""

    about: dict[str, str | float | int | None]
    terms: dict[str, tuple[str, ...]]
    arrays: dict[str, Array]


def save(folder: Path, name: str, model: ModelFile) -> None:
    """Writes ``folder/name.npz``, whole or not at all.

    Raises  OutsideError when it cannot be written.
    """
    about = model.about | {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    packed = {f"terms_{key}": _packed(_SEPARATOR.join(terms)) for key, terms in model.terms.items()}
    part = folder / f"{name}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, about=_packed(json.dumps(about)), **packed, **model.arrays)
        sync(part)
        part.replace(folder / f"{name}.npz")
        sync(folder)
    except OSError as error:
        raise OutsideError(
            f"{folder} could not be written: {error.strerror}", "free disk space, then run again"
        ) from None


def load(folder: Path, name: str) -> ModelFile | None:
    """What ``folder/name.npz`` holds; None when it is not there, damaged, or made by another scikit-learn or numpy.

    A scorer is learned again from what is landed, so that nothing is lost with its file.
    """
    try:
        with (folder / f"{name}.npz").open("rb") as file, np.load(file, allow_pickle=False) as packed:
            arrays = dict(packed)
        about = json.loads(_unpacked(arrays.pop("about")))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    if (about.pop("scikit-learn", None), about.pop("numpy", None)) != (sklearn.__version__, np.__version__):
        return None
    joined = {key: _unpacked(arrays.pop(key)) for key in list(arrays) if key.startswith("terms_")}
    terms = {key[6:]: tuple(text.split(_SEPARATOR)) if text else () for key, text in joined.items()}
    return ModelFile(about, terms, arrays)


def keep_only(folder: Path, kind: str, names: set[str]) -> None:
    """Removes the files of a kind that are not in ``names``, which begin with it and a hyphen."""
    for path in folder.glob(f"{kind}-*.npz"):
        if path.stem not in names:
            path.unlink(missing_ok=True)


def known(connection: Connection) -> dict[str, dict[str, Any]]:
    """The rows of ml.scorers, by the scorer's name."""
    rows = connection.execute("select * from ml.scorers").df().to_dict("records")
    return {str(row["name"]): {str(key): value for key, value in row.items()} for row in rows}


def save_known(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Replaces ml.scorers."""
    with transaction(connection):
        connection.execute("delete from ml.scorers")
        if rows:
            connection.register("scorer_rows", pd.DataFrame(rows))
            connection.execute("insert into ml.scorers by name select * from scorer_rows")
            connection.unregister("scorer_rows")


def _packed(text: str) -> Array:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _unpacked(array: Array) -> str:
    return array.tobytes().decode()
