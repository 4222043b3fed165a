"""Presets by name; a preset maps the columns of one outside format onto the contract."""

from collections.abc import Mapping

from voc.errors import InputError
from voc.sources import canonical

PRESETS: Mapping[str, Mapping[str, str]] = {"canonical": canonical.COLUMNS}


def columns(preset: str) -> Mapping[str, str]:
    """The preset's mapping, their column name -> ours. Raises InputError for an unknown preset."""
    if preset not in PRESETS:
        raise InputError(f"no preset is called {preset!r}", f"use one of {', '.join(sorted(PRESETS))}")
    return PRESETS[preset]
