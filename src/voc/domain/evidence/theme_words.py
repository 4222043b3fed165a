"""Themes that grew, in words."""

from datetime import date

from voc.domain.evidence.evidence_words import name_words, percent
from voc.domain.formatting import counted, day


def grew_words(
    name: str, counts: tuple[int, int, int, int], others: tuple[float, float] | None, since: date, as_of: date
) -> str:
    """A sentence on a theme that grew. counts: texts of the theme and all texts since, then both before; others:
    everybody else's shares before and since, None for a whole company.

    >>> grew_words("delivery", (9, 20, 3, 24), (0.04, 0.05), date(2025, 10, 6), date(2025, 12, 31)).replace("\xa0", " ")
    'Delivery: 9 of 20 texts since 6 October, 3 of 24 before; others from 4 % to 5 %.'
    """
    n, n_texts, n_before, n_texts_before = counts
    own = f"{name_words(name)}: {n:,} of {counted(n_texts, 'text')} since {day(since, as_of)}"
    own += f", {n_before:,} of {n_texts_before:,} before"
    return f"{own}; others from {percent(others[0])} to {percent(others[1])}." if others else f"{own}."


def no_growth_words(n: int, n_before: int, since: date, as_of: date, *, is_enough: bool) -> str:
    """A sentence that no theme grew, or that there are too few texts to say."""
    read = f"{counted(n, 'text')} since {day(since, as_of)}, {n_before:,} before"
    return f"No theme grew beyond chance ({read})." if is_enough else f"Too little evidence to say: {read}."
