"""The canonical preset: the export already speaks the contract's names."""

from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {}
"""Their column name -> ours."""
