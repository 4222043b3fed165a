"""Reads of a published night what customers write about, and the surveys whose scores mislead."""

from pathlib import Path
from typing import Any

from voc.adapters.published import reading

Rows = list[dict[str, Any]]


def themes(marts_file: Path, most: int) -> tuple[Rows, int]:
    """The themes as in marts.dim_theme and mart_theme_growth, at most ``most`` of them, and how many there are.

    Those that grew and are new first, then those that grew, then the rest; the commoner first. Of new ones only those
    that few wrote of before: a theme takes a hundredth of the texts, and what had so many was only not told apart.
    Raises  OutsideError when another version of voc has published the file.
    """
    with reading.opened(marts_file) as connection:
        found = reading.rows(
            connection,
            "select theme.name, theme.terms, theme.is_seeded, theme.is_new and growth.share_before < 0.01 as is_new, "
            "growth.* exclude (theme), count(*) over () as n "
            "from marts.mart_theme_growth as growth inner join marts.dim_theme as theme on growth.theme = theme.theme "
            "where growth.n_items + growth.n_items_before > 0 "
            "order by growth.has_grown desc, growth.has_grown and is_new desc, growth.share desc, theme.theme "
            "limit ?",
            [most],
        )
    return found, found[0]["n"] if found else 0


def misleading(marts_file: Path) -> Rows:
    """The surveys whose scores and words are often at odds, the worst first, as in marts.mart_survey_agreement."""
    with reading.opened(marts_file) as connection:
        return reading.rows(
            connection,
            "select * from marts.mart_survey_agreement where is_misleading order by share_low desc, source, survey",
        )
